import { expect, it, vi } from "vitest";

import { cached } from "../cached.js";

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
