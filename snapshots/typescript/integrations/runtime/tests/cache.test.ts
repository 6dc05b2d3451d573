import { expect, it } from "vitest";

import { TtlCache } from "../cache.js";
import { FakeClock } from "../clock.js";

it("forgets what is too old", () => {
  const clock = new FakeClock();
  const cache = new TtlCache<string, number>({ ttlSeconds: 10, clock });
  cache.set("a", 1);
  clock.advance(9);
  expect(cache.get("a")).toBe(1);
  clock.advance(1);
  expect(cache.get("a")).toBeUndefined();
});

it("forgets what was unused for longest when it is full", () => {
  const cache = new TtlCache<string, number>({
    maxEntries: 2,
    clock: new FakeClock(),
  });
  cache.set("a", 1);
  cache.set("b", 2);
  cache.get("a");
  cache.set("c", 3);
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual([
    1,
    undefined,
    3,
  ]);
  cache.delete("a");
  expect(cache.get("a")).toBeUndefined();
  cache.clear();
  expect(cache.get("c")).toBeUndefined();
});
