import { expect, it, vi } from "vitest";

import { cached, TtlCache } from "../cache.js";
import { FakeClock } from "../clock.js";

it("forgets what is too old", () => {
  const clock = new FakeClock();
  const cache = new TtlCache<string, number>({ ttlSeconds: 10, clock });
  cache.set("a", 1);
  clock.advance(9);
  expect(cache.get("a")).toBe(1);
  clock.advance(1);
  expect(cache.get("a")).toBeUndefined();
  expect(cache.size).toBe(0);
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
  cache.clear();
  expect(cache.size).toBe(0);
});

it("calls that overlap share one load", async () => {
  const load = vi.fn(async (id: number) => `planet ${id}`);
  const get = cached(load);
  expect(await Promise.all([get(1), get(1), get(2)])).toEqual([
    "planet 1",
    "planet 1",
    "planet 2",
  ]);
  expect(load).toHaveBeenCalledTimes(2);
});

it("a failure is not kept", async () => {
  const load = vi.fn(async () => "up").mockRejectedValueOnce(new Error("down"));
  const get = cached(load);
  await expect(get()).rejects.toThrow("down");
  expect(await get()).toBe("up");
});
