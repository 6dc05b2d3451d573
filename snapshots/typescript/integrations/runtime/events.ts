/// <reference types="node" />
// Tells listeners what the adapters do, under one correlation id a call.
// Written by integrate (runtime/events). Yours to edit.

import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

/** How a call ends. */
export type Outcome = "completed" | "failed" | "cancelled";
export type EventKind = "started" | Outcome | "slow";

/** Something that happened to one call. */
export interface CallEvent {
  /**
   * `cancelled` when its caller gave it up; `slow` comes after the `completed`
   * or `failed` of the same call.
   */
  readonly kind: EventKind;
  readonly service: string;
  readonly operation: string;
  /** The same for all events of a call, and in its error. */
  readonly correlationId: string;
  /** Number of the last attempt, counting from 1. */
  readonly attempt: number;
  /** Time since the call started, waits included. */
  readonly seconds: number;
  /** What ended the call; undefined unless it failed or was cancelled. */
  readonly error?: unknown;
}

export type Listener = (event: CallEvent) => void;

/** Passes events on to listeners. */
export class Events {
  readonly #listeners = new Set<Listener>();

  /** Calls `listener` with every event; returns a function that stops it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Tells every listener; one that throws is reported and does not stop the
   * call.
   */
  emit(event: CallEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        process.emitWarning(
          `a listener failed on ${event.kind}: ${String(error)}`,
        );
      }
    }
  }
}

/** Where adapters report, unless they are given another. */
export const EVENTS = new Events();

const current = new AsyncLocalStorage<string>();

/** Returns the id of the call in hand, or undefined outside of any. */
export function correlationId(): string | undefined {
  return current.getStore();
}

/**
 * Gives all calls inside `work` one id: `id`, else the outer one, else a new
 * one.
 *
 * The id follows everything that `work` starts.
 */
export function withCorrelationId<T>(
  work: (id: string) => T,
  id = correlationId() ?? randomUUID(),
): T {
  return current.run(id, () => work(id));
}
