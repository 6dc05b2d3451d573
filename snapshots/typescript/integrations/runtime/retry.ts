// When to repeat a failed attempt, and how long to wait before.
// Written by integrate (runtime/retry). Yours to edit.

import { IntegrationError } from "./errors.js";

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts?: number;
  /** Longest wait before the second attempt; it doubles with each one after. */
  readonly baseSeconds?: number;
  readonly capSeconds?: number;
  /** Time for the whole operation, waits included. */
  readonly deadlineSeconds?: number;
  /** Picks the share of the longest wait, from 0 to 1. */
  readonly jitter?: () => number;
}

/** Exponential backoff with full jitter. */
export class Retry {
  readonly attempts: number;
  readonly baseSeconds: number;
  readonly capSeconds: number;
  readonly deadlineSeconds: number;
  readonly #jitter: () => number;

  constructor(options: RetryOptions = {}) {
    this.attempts = options.attempts ?? 3;
    this.baseSeconds = options.baseSeconds ?? 0.5;
    this.capSeconds = options.capSeconds ?? 30;
    this.deadlineSeconds = options.deadlineSeconds ?? 60;
    this.#jitter = options.jitter ?? Math.random;
  }

  /**
   * Returns how long to wait before the next attempt, or undefined to give up.
   *
   * `attempt` is the number of the one that failed, counting from 1; `left` the
   * seconds left of the deadline. A wait that does not fit into them is not
   * begun.
   *
   * Source: AWS Architecture Blog, "Exponential Backoff and Jitter" (full
   * jitter).
   */
  waitSeconds(
    error: unknown,
    attempt: number,
    repeatable: boolean,
    left: number,
  ): number | undefined {
    if (!(error instanceof IntegrationError) || !error.retryable)
      return undefined;
    if (!repeatable && !error.notApplied) return undefined;
    if (attempt >= this.attempts) return undefined;
    const longest = Math.min(
      this.capSeconds,
      this.baseSeconds * 2 ** (attempt - 1),
    );
    const wait = Math.max(
      longest * this.#jitter(),
      error.retryAfterSeconds ?? 0,
    );
    return wait < left ? wait : undefined;
  }
}

/**
 * Reads a `Retry-After` header, in seconds or as a date; undefined when it says
 * nothing.
 *
 * Source: RFC 9110, section 10.2.3.
 */
export function retryAfterSeconds(
  header: string | null,
  unixNow: number,
): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}(\.\d{1,9})?\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date / 1000 - unixNow);
}
