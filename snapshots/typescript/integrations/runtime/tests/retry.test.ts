import { describe, expect, it } from "vitest";

import { NotFound, RateLimited, Unavailable } from "../errors.js";
import { Retry, retryAfterSeconds } from "../retry.js";

const retry = new Retry({ attempts: 8, jitter: () => 1 });
const down = new Unavailable("test", "get", "down");

describe("Retry", () => {
  it("doubles the longest wait up to the cap", () => {
    const waits = [1, 2, 3, 7].map((attempt) =>
      retry.waitSeconds(down, attempt, true, 100),
    );
    expect(waits).toEqual([0.5, 1, 2, 30]);
  });

  it("picks any wait below the longest", () => {
    const half = new Retry({ jitter: () => 0.5 });
    expect(half.waitSeconds(down, 2, true, 100)).toBe(0.5);
  });

  it("waits as long as the service asks", () => {
    const limited = new RateLimited("test", "get", "slow down", {
      retryAfterSeconds: 42,
    });
    expect(retry.waitSeconds(limited, 1, true, 100)).toBe(42);
  });

  it("gives up when the wait ends after the deadline", () => {
    const limited = new RateLimited("test", "get", "slow down", {
      retryAfterSeconds: 42,
    });
    expect(retry.waitSeconds(limited, 1, true, 42)).toBeUndefined();
  });

  it("gives up after the last attempt", () => {
    expect(retry.waitSeconds(down, 8, true, 100)).toBeUndefined();
  });

  it("gives up on what another attempt does not mend", () => {
    expect(
      retry.waitSeconds(new NotFound("test", "get", "gone"), 1, true, 100),
    ).toBeUndefined();
    expect(
      retry.waitSeconds(new TypeError("bug"), 1, true, 100),
    ).toBeUndefined();
  });

  it("repeats a write only when the service did nothing", () => {
    const refused = new Unavailable("test", "post", "refused", {
      notApplied: true,
    });
    expect(retry.waitSeconds(down, 1, false, 100)).toBeUndefined();
    expect(retry.waitSeconds(refused, 1, false, 100)).toBe(0.5);
  });
});

describe("retryAfterSeconds", () => {
  it.each([
    ["7", 7],
    ["Wed, 21 Oct 2015 07:28:05 GMT", 5],
    ["Wed, 21 Oct 2015 07:27:00 GMT", 0],
    ["soon", undefined],
    [null, undefined],
  ])("reads %s as %s", (header, seconds) => {
    expect(retryAfterSeconds(header, Date.UTC(2015, 9, 21, 7, 28) / 1000)).toBe(
      seconds,
    );
  });
});
