// Runs the operations of one adapter: events, metrics, rate limit, retry,
// deadline.
// Written by integrate (runtime/calls). Yours to edit.

import { Call, type RunOptions, type Work } from "./call.js";
import { type Clock, SYSTEM } from "./clock.js";
import { EVENTS, type Events, withCorrelationId } from "./events.js";
import { METRICS, type Metrics } from "./metrics.js";
import { RateLimiter } from "./rate-limit.js";
import { Retry } from "./retry.js";

export type { Attempt, RunOptions, Work } from "./call.js";

export interface CallsOptions {
  readonly retry?: Retry | undefined;
  /** Keeps the rate. There always is one, because services ask for pauses. */
  readonly limiter?: RateLimiter | undefined;
  readonly metrics?: Metrics | undefined;
  readonly events?: Events | undefined;
  readonly clock?: Clock | undefined;
  /** A call that takes longer is reported as `slow`. */
  readonly slowSeconds?: number | undefined;
}

/** What all operations of one adapter share. */
export class Calls {
  readonly service: string;
  readonly retry: Retry;
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly clock: Clock;
  readonly slowSeconds: number;

  constructor(service: string, options: CallsOptions = {}) {
    this.service = service;
    this.retry = options.retry ?? new Retry();
    this.clock = options.clock ?? SYSTEM;
    this.limiter = options.limiter ?? new RateLimiter({ clock: this.clock });
    this.metrics = options.metrics ?? METRICS;
    this.events = options.events ?? EVENTS;
    this.slowSeconds = options.slowSeconds ?? 5;
  }

  /**
   * Runs one operation until it succeeds or must not be tried again.
   *
   * @throws IntegrationError What the last attempt threw, or
   * `DeadlineExceeded`.
   * @throws The reason of `options.signal`, once that aborts.
   */
  run<T>(operation: string, work: Work<T>, options: RunOptions): Promise<T> {
    return withCorrelationId(async (correlationId) => {
      const call = new Call(this, operation, correlationId, options);
      try {
        const value = await call.outcome(work);
        call.finish("completed");
        return value;
      } catch (error) {
        call.fail(error);
        throw error;
      } finally {
        call.deadline.lift();
      }
    });
  }
}
