import { describe, expect, it } from "vitest";

import { type Attempt, Calls, type CallsOptions } from "../calls.js";
import { FakeClock } from "../clock.js";
import {
  DeadlineExceeded,
  errorCounts,
  NotFound,
  RateLimited,
  Unavailable,
} from "../errors.js";
import {
  type CallEvent,
  correlationId,
  Events,
  withCorrelationId,
} from "../events.js";
import { Metrics } from "../metrics.js";
import { RateLimiter } from "../rate-limit.js";
import { Retry } from "../retry.js";

const READ = { repeatable: true };
const WRITE = { repeatable: false };

function setUp(options: CallsOptions = {}) {
  const clock = new FakeClock();
  const metrics = new Metrics();
  const events = new Events();
  const heard: CallEvent[] = [];
  events.listen((event) => heard.push(event));
  const retry = new Retry({ jitter: () => 1 });
  const calls = new Calls("test", {
    clock,
    metrics,
    events,
    retry,
    ...options,
  });
  return { calls, clock, metrics, events, heard };
}

/** Fails with each error in turn, then returns the number of the attempt. */
function failing(...errors: Error[]) {
  return async ({ number }: Attempt): Promise<number> => {
    const error = errors[number - 1];
    if (error) throw error;
    return number;
  };
}

const down = () => new Unavailable("test", "get", "down");

describe("Calls", () => {
  it("repeats a read until it succeeds", async () => {
    const { calls, clock, metrics } = setUp();
    expect(await calls.run("get", failing(down(), down()), READ)).toBe(3);
    expect(clock.sleeps).toEqual([0.5, 1]);
    expect(metrics.snapshot()).toMatchObject([
      { calls: 1, failures: 0, retries: 2, secondsTotal: 1.5 },
    ]);
  });

  it("does not repeat a write", async () => {
    const { calls, metrics } = setUp();
    await expect(calls.run("post", failing(down()), WRITE)).rejects.toThrow(
      Unavailable,
    );
    expect(metrics.snapshot()).toMatchObject([
      { calls: 1, failures: 1, retries: 0 },
    ]);
  });

  it("repeats a write that was not applied", async () => {
    const { calls, clock } = setUp();
    const limited = new RateLimited("test", "post", "slow down", {
      retryAfterSeconds: 7,
    });
    expect(await calls.run("post", failing(limited), WRITE)).toBe(2);
    expect(clock.sleeps).toEqual([7]);
  });

  it("throws the last error when the attempts are used up", async () => {
    const { calls } = setUp();
    const last = down();
    await expect(
      calls.run("get", failing(down(), down(), last), READ),
    ).rejects.toBe(last);
  });

  it("ends work that takes longer than the deadline, even if it does not listen", async () => {
    const { calls, clock } = setUp();
    const hanging = (): Promise<never> => {
      clock.advance(5);
      return new Promise(() => {});
    };
    const call = calls.run("get", hanging, { ...READ, timeoutSeconds: 5 });
    await expect(call).rejects.toThrow(DeadlineExceeded);
    await expect(call).rejects.toThrow("no answer within 5 s");
  });

  it("tells the attempt how much time is left", async () => {
    const { calls } = setUp();
    const left: number[] = [];
    const work = async ({ number, secondsLeft }: Attempt): Promise<void> => {
      left.push(secondsLeft);
      if (number === 1) throw down();
    };
    await calls.run("get", work, { ...READ, timeoutSeconds: 10 });
    expect(left).toEqual([10, 9.5]);
  });

  it("stops at once when the caller cancels", async () => {
    const { calls } = setUp();
    const caller = new AbortController();
    const work = async (): Promise<never> => {
      caller.abort(new Error("never mind"));
      throw down();
    };
    const call = calls.run("get", work, { ...READ, signal: caller.signal });
    await expect(call).rejects.toThrow("never mind");
  });

  it("does not wait for a turn that comes after the deadline", async () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ clock });
    const { calls } = setUp({ clock, limiter });
    limiter.pauseFor(61);
    await expect(calls.run("get", failing(), READ)).rejects.toThrow(
      DeadlineExceeded,
    );
    expect(clock.sleeps).toEqual([]);
  });

  it("waits for its turn", async () => {
    const clock = new FakeClock();
    const { calls } = setUp({
      clock,
      limiter: new RateLimiter({ perSecond: 1, clock }),
    });
    await calls.run("get", failing(), READ);
    await calls.run("get", failing(), READ);
    expect(clock.sleeps).toEqual([1]);
  });

  it("reports what happens under one correlation id", async () => {
    const { calls, heard } = setUp({ slowSeconds: 1 });
    let inside: string | undefined;
    const work = async ({ number }: Attempt): Promise<void> => {
      inside = correlationId();
      if (number < 3) throw down();
    };
    await withCorrelationId(() => calls.run("get", work, READ), "request-1");
    expect(heard.map(({ kind, attempt }) => [kind, attempt])).toEqual([
      ["started", 1],
      ["completed", 3],
      ["slow", 3],
    ]);
    expect(
      new Set([inside, ...heard.map((event) => event.correlationId)]),
    ).toEqual(new Set(["request-1"]));
  });

  it("counts an error once that ends calls around calls", async () => {
    const { calls, events } = setUp();
    const outer = new Calls("outer", { clock: calls.clock, events });
    const inner = () =>
      calls.run("nested", failing(new NotFound("other", "find", "no")), READ);
    await expect(outer.run("whole", inner, READ)).rejects.toThrow(NotFound);
    const counted = errorCounts().filter(
      ({ service, operation }) =>
        ["outer", "other"].includes(service) || operation === "nested",
    );
    expect(counted).toEqual([
      { service: "test", operation: "nested", kind: "NotFound", count: 1 },
    ]);
  });

  it("does not count as failed what its caller gave up", async () => {
    const { calls, heard, metrics } = setUp();
    const caller = new AbortController();
    const work = async (): Promise<never> => {
      caller.abort(new Error("no longer wanted"));
      return new Promise(() => undefined);
    };
    const { signal } = caller;
    const run = calls.run("get", work, { ...READ, signal });
    await expect(run).rejects.toThrow("no longer wanted");
    expect(heard.map(({ kind }) => kind)).toEqual(["started", "cancelled"]);
    expect(metrics.snapshot()).toMatchObject([
      { calls: 1, failures: 0, cancellations: 1 },
    ]);
  });

  it("counts what failed, and gives the error the id of its events", async () => {
    const { calls, heard } = setUp();
    const work = async (): Promise<never> => {
      throw new NotFound("test", "lookup", "gone");
    };
    const error: unknown = await calls
      .run("lookup", work, READ)
      .catch((error: unknown) => error);
    expect(heard.at(-1)).toMatchObject({ kind: "failed", error });
    expect(error).toMatchObject({ correlationId: heard[0]?.correlationId });
    expect(errorCounts()).toContainEqual({
      service: "test",
      operation: "lookup",
      kind: "NotFound",
      count: 1,
    });
  });
});
