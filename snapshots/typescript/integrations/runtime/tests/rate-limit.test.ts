import { describe, expect, it } from "vitest";

import { FakeClock } from "../clock.js";
import { RateLimiter, resetSeconds } from "../rate-limit.js";

describe("RateLimiter", () => {
  it("lets a burst through, then keeps the rate", () => {
    const limiter = new RateLimiter({
      perSecond: 2,
      burst: 3,
      clock: new FakeClock(),
    });
    expect([1, 2, 3, 4, 5].map(() => limiter.reserve())).toEqual([
      0, 0, 0, 0.5, 1,
    ]);
  });

  it("fills up again while nobody calls", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ perSecond: 2, burst: 2, clock });
    for (const _ of [1, 2]) limiter.reserve();
    clock.advance(1);
    expect([1, 2, 3].map(() => limiter.reserve())).toEqual([0, 0, 0.5]);
  });

  it("takes no token when the wait is too long", () => {
    const limiter = new RateLimiter({ perSecond: 1, clock: new FakeClock() });
    expect([
      limiter.reserve(),
      limiter.reserve(0.5),
      limiter.reserve(),
    ]).toEqual([0, undefined, 1]);
  });

  it("holds every call while the service wants none", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ clock });
    limiter.pauseFor(9);
    limiter.pauseFor(3);
    expect([limiter.reserve(), limiter.pausedSeconds()]).toEqual([9, 9]);
    clock.advance(9);
    expect([limiter.reserve(), limiter.pausedSeconds()]).toEqual([0, 0]);
  });

  it("pauses for an hour at most, whatever a service says", () => {
    const limiter = new RateLimiter({ clock: new FakeClock() });
    limiter.pauseFor(1e300);
    expect(limiter.pausedSeconds()).toBe(3600);
  });

  it("holds back only what was seen to use a quota", () => {
    const limiter = new RateLimiter({ clock: new FakeClock() });
    limiter.pauseFor(9, "search", "search");
    expect([
      limiter.reserve(Infinity, "search"),
      limiter.reserve(Infinity, "get"),
    ]).toEqual([9, 0]);
    limiter.pauseFor(4, "get");
    expect([
      limiter.pausedSeconds("search"),
      limiter.pausedSeconds("list"),
    ]).toEqual([9, 4]);
  });

  it("refuses a rate that lets nothing through", () => {
    expect(() => new RateLimiter({ perSecond: 0 })).toThrow(RangeError);
  });
});

describe("resetSeconds", () => {
  it.each([
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000030" }, 30],
    [
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000030000" },
      30,
    ],
    [
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "Infinity" },
      undefined,
    ],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e300" }, undefined],
    [{ "ratelimit-remaining": "0", "ratelimit-reset": "12" }, 12],
    [{ ratelimit: "limit=9, remaining=0, reset=5" }, 5],
    [{ ratelimit: '"minute";r=4;t=9, "day";r=0;t=77' }, 77],
    [
      { "x-ratelimit-remaining": "1", "x-ratelimit-reset": "1700000030" },
      undefined,
    ],
    [{}, undefined],
  ])("reads %j as %s", (headers, seconds) => {
    expect(resetSeconds(new Headers(headers), 1_700_000_000)).toBe(seconds);
  });
});
