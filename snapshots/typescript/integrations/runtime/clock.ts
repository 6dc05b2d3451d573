// Time as the adapters see it: the system's, and one that tests can turn.
// Written by integrate (runtime/clock). Yours to edit.

/** The only source of time and of waiting. */
export interface Clock {
  /** Returns seconds that only go forward, from any origin. */
  now(): number;

  /** Returns seconds since 1970-01-01 UTC. */
  unix(): number;

  /** Waits; rejects with the signal's reason as soon as it aborts. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;

  /**
   * Calls `expire` after `seconds`, unless the returned function is called
   * first.
   */
  timer(seconds: number, expire: () => void): () => void;
}

/** Longest delay that Node takes. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const SYSTEM: Clock = {
  now: () => performance.now() / 1000,

  unix: () => Date.now() / 1000,

  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const cancel = SYSTEM.timer(seconds, () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      const stop = (): void => {
        cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", stop, { once: true });
    }),

  timer: (seconds, expire) => {
    const delay = Math.min(seconds * 1000, MAX_DELAY_MS);
    const handle = setTimeout(expire, delay);
    return () => clearTimeout(handle);
  },
};

/** A clock for tests: waiting takes no time and is remembered in `sleeps`. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  readonly #timers = new Map<() => void, number>();
  #now = 1_000;

  now(): number {
    return this.#now;
  }

  unix(): number {
    return this.#now + 1_700_000_000;
  }

  async sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(seconds);
    this.advance(seconds);
    signal?.throwIfAborted();
  }

  timer(seconds: number, expire: () => void): () => void {
    this.#timers.set(expire, this.#now + seconds);
    return () => this.#timers.delete(expire);
  }

  /** Turns the clock forward, past the timers that end by then. */
  advance(seconds: number): void {
    this.#now += seconds;
    for (const [expire, moment] of [...this.#timers]) {
      if (moment <= this.#now && this.#timers.delete(expire)) expire();
    }
  }
}
