// The moment at which an operation must have ended, by time or by its caller's
// wish.
// Written by integrate (runtime/deadline). Yours to edit.

import type { Clock } from "./clock.js";

export class Deadline {
  /** Aborts when the time is up, or when the caller's own signal does. */
  readonly signal: AbortSignal;
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #cancel: () => void;

  /** `expired` makes the error that the signal carries when the time is up. */
  constructor(
    clock: Clock,
    seconds: number,
    caller: AbortSignal | undefined,
    expired: () => Error,
  ) {
    const timer = new AbortController();
    this.signal = AbortSignal.any(
      caller ? [caller, timer.signal] : [timer.signal],
    );
    this.#clock = clock;
    this.#endsAt = clock.now() + seconds;
    this.#cancel = clock.timer(seconds, () => timer.abort(expired()));
  }

  secondsLeft(): number {
    return this.#endsAt - this.#clock.now();
  }

  /**
   * Waits for `work`, but no longer than the signal allows, even if `work`
   * ignores it.
   */
  race<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), {
        once: true,
      });
    });
    return Promise.race([aborted, work()]);
  }

  /**
   * Stops the time; the caller's own signal stays in force, for what is still
   * streaming.
   */
  lift(): void {
    this.#cancel();
  }
}
