// One operation under way: its turn, its attempts, its deadline.
// Written by integrate (runtime/call). Yours to edit.

import type { Calls } from "./calls.js";
import { Deadline } from "./deadline.js";
import { countError, DeadlineExceeded, IntegrationError } from "./errors.js";
import type { EventKind, Outcome } from "./events.js";

export interface RunOptions {
  /** Whether a second attempt does no harm. */
  readonly repeatable: boolean;
  /** Time for the whole operation, in place of the adapter's own. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an attempt is told. */
export interface Attempt {
  /** Counted from 1. */
  readonly number: number;
  readonly secondsLeft: number;
  /** Aborts at the deadline, or when the caller cancels. */
  readonly signal: AbortSignal;
}

/**
 * One attempt: returns a value, or throws an `IntegrationError` that says
 * whether to retry.
 */
export type Work<T> = (attempt: Attempt) => Promise<T>;

/** Under which id a call last ended with an error. */
const endedWith = new WeakMap<IntegrationError, string>();

/** One operation under way. */
export class Call {
  readonly deadline: Deadline;
  readonly #calls: Calls;
  readonly #operation: string;
  readonly #correlationId: string;
  readonly #repeatable: boolean;
  readonly #given: AbortSignal | undefined;
  readonly #startedAt: number;
  #attempt = 1;

  constructor(
    calls: Calls,
    operation: string,
    correlationId: string,
    options: RunOptions,
  ) {
    this.#calls = calls;
    this.#operation = operation;
    this.#correlationId = correlationId;
    this.#repeatable = options.repeatable;
    this.#given = options.signal;
    this.#startedAt = calls.clock.now();
    const seconds = options.timeoutSeconds ?? calls.retry.deadlineSeconds;
    this.deadline = new Deadline(calls.clock, seconds, options.signal, () =>
      this.#late(`no answer within ${seconds} s`),
    );
    this.#emit("started", 0);
  }

  /** Tries until an attempt succeeds or must not be repeated. */
  async outcome<T>(work: Work<T>): Promise<T> {
    for (; ; this.#attempt += 1) {
      try {
        return await this.#try(work);
      } catch (error) {
        await this.#pause(error);
      }
    }
  }

  /** Waits for its turn and tries once. */
  async #try<T>(work: Work<T>): Promise<T> {
    const { limiter, clock } = this.#calls;
    const { signal } = this.deadline;
    signal.throwIfAborted();
    const operation = this.#operation;
    let wait = limiter.reserve(this.deadline.secondsLeft(), operation);
    while (wait !== 0) {
      if (wait === undefined || wait > this.deadline.secondsLeft())
        throw this.#late("the rate limit allows no call before the deadline");
      await clock.sleep(wait, signal);
      wait = limiter.pausedSeconds(operation);
    }
    const attempt = {
      number: this.#attempt,
      secondsLeft: this.deadline.secondsLeft(),
      signal,
    };
    return this.deadline.race(() => work(attempt));
  }

  /** Waits before the next attempt, or throws what ends the call. */
  async #pause(error: unknown): Promise<void> {
    const { retry, clock } = this.#calls;
    const { signal } = this.deadline;
    signal.throwIfAborted();
    const wait = retry.waitSeconds(
      error,
      this.#attempt,
      this.#repeatable,
      this.deadline.secondsLeft(),
    );
    if (wait === undefined) throw error;
    await clock.sleep(wait, signal);
  }

  /** Counts a call that did not complete, and tells how it went. */
  fail(error: unknown): void {
    const given = this.#given;
    if (given?.aborted && error === given.reason)
      return this.finish("cancelled", error);
    if (error instanceof IntegrationError && this.#isFirstToSee(error))
      countError(error, {
        service: this.#calls.service,
        operation: this.#operation,
      });
    this.finish("failed", error);
  }

  /** Returns whether no call inside this one has ended with the same error. */
  #isFirstToSee(error: IntegrationError): boolean {
    const before = endedWith.get(error);
    endedWith.set(error, this.#correlationId);
    return before !== this.#correlationId;
  }

  /** Counts the finished call and tells how it went. */
  finish(kind: Outcome, error?: unknown): void {
    const seconds = this.#calls.clock.now() - this.#startedAt;
    const finished = {
      seconds,
      failed: kind === "failed",
      cancelled: kind === "cancelled",
      retries: this.#attempt - 1,
    };
    this.#calls.metrics.record(this.#calls.service, this.#operation, finished);
    this.#emit(kind, seconds, error);
    if (kind !== "cancelled" && seconds >= this.#calls.slowSeconds)
      this.#emit("slow", seconds, error);
  }

  #late(reason: string): DeadlineExceeded {
    return new DeadlineExceeded(this.#calls.service, this.#operation, reason);
  }

  #emit(kind: EventKind, seconds: number, error?: unknown): void {
    const { service, events } = this.#calls;
    const call = {
      service,
      operation: this.#operation,
      correlationId: this.#correlationId,
    };
    events.emit({ kind, ...call, attempt: this.#attempt, seconds, error });
  }
}
