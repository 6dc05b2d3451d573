// Counts what the adapters do: calls, failures, retries, time and cost.
// Written by integrate (runtime/metrics). Yours to edit.

/** Upper bounds of the buckets; what took longer is counted in one more. */
export const BUCKETS_SECONDS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** What one operation of one service has done since the start. */
export interface OperationMetrics {
  readonly service: string;
  readonly operation: string;
  /** Finished calls, failed and cancelled ones included. */
  calls: number;
  /** Calls that ended in an error. */
  failures: number;
  /** Calls that their caller gave up. */
  cancellations: number;
  /** Attempts beyond the first of each call. */
  retries: number;
  /** Time of all calls, waits included. */
  secondsTotal: number;
  /** Time of the slowest call. */
  secondsMax: number;
  /** Calls by time; the bounds are `BUCKETS_SECONDS`, the last has none. */
  readonly buckets: number[];
  /** Sum of what the service said its calls cost, in the service's unit. */
  cost: number;
}

export interface FinishedCall {
  readonly seconds: number;
  readonly failed: boolean;
  readonly cancelled?: boolean;
  readonly retries: number;
}

/** Metrics by service and operation. */
export class Metrics {
  readonly #operations = new Map<string, OperationMetrics>();

  /** Counts one finished call. */
  record(
    service: string,
    operation: string,
    { seconds, failed, cancelled = false, retries }: FinishedCall,
  ): void {
    const metrics = this.#of(service, operation);
    const bound = BUCKETS_SECONDS.findIndex((bound) => seconds <= bound);
    const slot = bound < 0 ? BUCKETS_SECONDS.length : bound;
    metrics.calls += 1;
    metrics.failures += failed ? 1 : 0;
    metrics.cancellations += cancelled ? 1 : 0;
    metrics.retries += retries;
    metrics.secondsTotal += seconds;
    metrics.secondsMax = Math.max(metrics.secondsMax, seconds);
    metrics.buckets[slot] = (metrics.buckets[slot] ?? 0) + 1;
  }

  /** Adds what the service said a call cost. */
  addCost(service: string, operation: string, cost: number): void {
    this.#of(service, operation).cost += cost;
  }

  /** Returns a copy, in the order in which the operations first finished. */
  snapshot(): OperationMetrics[] {
    return structuredClone([...this.#operations.values()]);
  }

  #of(service: string, operation: string): OperationMetrics {
    const key = JSON.stringify([service, operation]);
    const known = this.#operations.get(key);
    if (known) return known;
    const buckets = [...BUCKETS_SECONDS, Infinity].map(() => 0);
    const fresh = {
      service,
      operation,
      calls: 0,
      failures: 0,
      cancellations: 0,
      retries: 0,
      cost: 0,
      secondsTotal: 0,
      secondsMax: 0,
      buckets,
    };
    this.#operations.set(key, fresh);
    return fresh;
  }
}

/** What adapters count in, unless they are given another. */
export const METRICS = new Metrics();
