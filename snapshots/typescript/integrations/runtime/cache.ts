// Keeps answers for a while, so that they need not be asked for again.
// Written by integrate (runtime/cache). Yours to edit.

import { type Clock, SYSTEM } from "./clock.js";

export interface TtlCacheOptions {
  readonly maxEntries?: number;
  readonly ttlSeconds?: number;
  readonly clock?: Clock;
}

/**
 * Forgets an entry when it is too old, and the least recently used when it is
 * full.
 */
export class TtlCache<K, V> {
  readonly #maxEntries: number;
  readonly #ttlSeconds: number;
  readonly #clock: Clock;
  readonly #entries = new Map<
    K,
    { readonly value: V; readonly expiresAt: number }
  >();

  constructor(options: TtlCacheOptions = {}) {
    this.#maxEntries = options.maxEntries ?? 1000;
    this.#ttlSeconds = options.ttlSeconds ?? 60;
    this.#clock = options.clock ?? SYSTEM;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.expiresAt <= this.#clock.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, {
      value,
      expiresAt: this.#clock.now() + this.#ttlSeconds,
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) break;
      this.#entries.delete(oldest);
    }
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
