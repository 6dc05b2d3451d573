// Functions whose answers are remembered for a while.
// Written by integrate (runtime/cached). Yours to edit.

import { TtlCache } from "./cache.js";

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
