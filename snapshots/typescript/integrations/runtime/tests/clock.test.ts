import { expect, it, vi } from "vitest";

import { FakeClock, SYSTEM } from "../clock.js";

it("the system's clock sleeps, and wakes when it is told to", async () => {
  vi.useFakeTimers();
  const caller = new AbortController();
  const slept = SYSTEM.sleep(60, caller.signal);
  const stopped = SYSTEM.sleep(120, caller.signal);
  await vi.advanceTimersByTimeAsync(60_000);
  await slept;
  caller.abort(new Error("enough"));
  await expect(stopped).rejects.toThrow("enough");
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it("the fake clock runs the timers that it passes", async () => {
  const clock = new FakeClock();
  const [early, late, cancelled] = [vi.fn(), vi.fn(), vi.fn()];
  clock.timer(5, early);
  clock.timer(15, late);
  clock.timer(5, cancelled)();
  await clock.sleep(10);
  expect(
    [early, late, cancelled].map((timer) => timer.mock.calls.length),
  ).toEqual([1, 0, 0]);
  expect(clock.sleeps).toEqual([10]);
});
