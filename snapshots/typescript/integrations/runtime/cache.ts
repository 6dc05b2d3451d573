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

  get size(): number {
    return this.#entries.size;
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

/**
 * Returns `load` with a memory: calls with the same arguments share one answer.
 *
 * Calls that overlap share one load. A load that fails is not kept. Arguments
 * are told apart by their JSON.
 */
export function cached<A extends readonly unknown[], V>(
  load: (...args: A) => Promise<V>,
  cache = new TtlCache<string, Promise<V>>(),
): (...args: A) => Promise<V> {
  return (...args) => {
    const key = JSON.stringify(args);
    const known = cache.get(key);
    if (known) return known;
    const loading = load(...args);
    cache.set(key, loading);
    loading.catch(() => {
      if (cache.get(key) === loading) cache.delete(key);
    });
    return loading;
  };
}
