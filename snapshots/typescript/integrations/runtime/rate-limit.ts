// Keeps calls under a rate, and pauses them when the service says so.
// Written by integrate (runtime/rate-limit). Yours to edit.

import { type Clock, SYSTEM } from "./clock.js";

/**
 * A reset at or above this is a moment in Unix time; below, seconds from now.
 */
const EPOCH_FROM = 1_000_000_000;

/** A reset at or above this is a moment in milliseconds. */
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * Longest pause: after it a call may find out whether the service means it.
 */
const MAX_PAUSE_SECONDS = 3_600;

export interface RateLimiterOptions {
  /** Calls a second on average; no limit of our own unless given. */
  readonly perSecond?: number | undefined;
  /** Calls that may start at once after a quiet spell. */
  readonly burst?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * A token bucket. Share one between the clients that share a quota.
 *
 * Kept as the moment the bucket will be full again (the generic cell rate
 * algorithm), so that each caller reserves its own moment and nobody wakes in
 * vain.
 */
export class RateLimiter {
  readonly #interval: number;
  readonly #tolerance: number;
  readonly #clock: Clock;
  #fullAt: number;
  /** By the quota that is used up; "" stands for all calls. */
  readonly #pausedUntil = new Map<string, number>();
  /** The quota that an operation was seen to use. */
  readonly #resources = new Map<string, string>();

  constructor({
    perSecond = Infinity,
    burst = 1,
    clock = SYSTEM,
  }: RateLimiterOptions = {}) {
    if (!(perSecond > 0) || !(burst >= 1))
      throw new RangeError("perSecond must be above 0 and burst at least 1");
    this.#interval = 1 / perSecond;
    this.#tolerance = this.#interval * (burst - 1);
    this.#clock = clock;
    this.#fullAt = clock.now();
  }

  /**
   * Takes a token and returns the seconds to wait before using it.
   *
   * Takes none and returns undefined when the wait would be longer than
   * `atMost`.
   */
  reserve(atMost = Infinity, operation = ""): number | undefined {
    const now = this.#clock.now();
    const fullAt = Math.max(this.#fullAt, now);
    const turn = Math.max(fullAt - this.#tolerance, this.#until(""), now);
    const wait = Math.max(turn, this.#until(operation)) - now;
    if (wait > atMost) return undefined;
    this.#fullAt = Math.max(fullAt, turn) + this.#interval;
    return wait;
  }

  /** Returns how long calls must still wait because the service said so. */
  pausedSeconds(operation = ""): number {
    return Math.max(0, this.#until(operation) - this.#clock.now());
  }

  /**
   * Holds every call for `seconds`, an hour at most, then resumes at the rate,
   * without a burst.
   *
   * With a `resource`, a quota that only some operations share, it holds those
   * that were seen to use it.
   */
  pauseFor(seconds: number, operation = "", resource = ""): void {
    const until = this.#clock.now() + Math.min(seconds, MAX_PAUSE_SECONDS);
    const before = this.#pausedUntil.get(resource) ?? until;
    this.#pausedUntil.set(resource, Math.max(before, until));
    if (resource) this.#resources.set(operation, resource);
    else this.#fullAt = Math.max(this.#fullAt, until + this.#tolerance);
  }

  #until(operation: string): number {
    const all = this.#pausedUntil.get("") ?? -Infinity;
    const resource = this.#resources.get(operation) ?? "";
    return Math.max(all, this.#pausedUntil.get(resource) ?? -Infinity);
  }
}

/**
 * Returns how long the service wants no call, or undefined while it allows
 * more.
 *
 * Reads `X-RateLimit-Remaining` and `-Reset`, their form without `X-`, and
 * `RateLimit` in both drafts: `limit=9, remaining=0, reset=5` and
 * `"name";r=0;t=5`.
 */
export function resetSeconds(
  headers: Headers,
  unixNow: number,
): number | undefined {
  const fromNow = (reset: number): number => {
    const seconds = reset >= MILLISECONDS_FROM ? reset / 1000 : reset;
    return Math.max(0, seconds >= EPOCH_FROM ? seconds - unixNow : seconds);
  };
  for (const prefix of ["x-ratelimit-", "ratelimit-", "x-rate-limit-"]) {
    const remaining = number(headers.get(`${prefix}remaining`));
    const reset = number(headers.get(`${prefix}reset`));
    if (remaining === undefined || reset === undefined) continue;
    return remaining <= 0 ? fromNow(reset) : undefined;
  }
  const waits = (headers.get("ratelimit") ?? "")
    .split(', "')
    .flatMap((policy) => {
      const remaining = number(
        /(?:^|[;,\s])(?:r|remaining)=(\d+)/.exec(policy)?.[1],
      );
      const reset = number(/(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(policy)?.[1]);
      return remaining === 0 && reset !== undefined ? fromNow(reset) : [];
    });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function number(text: string | null | undefined): number | undefined {
  const found = /^\s*-?\d{1,15}(\.\d{1,9})?\s*$/.test(text ?? "");
  return found ? Number(text) : undefined;
}
