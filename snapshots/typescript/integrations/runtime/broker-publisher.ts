// Sends messages: once for whoever receives them, however often we have to try.
// Written by integrate (runtime/broker-publisher). Yours to edit.

import { randomUUID } from "node:crypto";

import type { Route, Topology, Transport } from "./broker.js";
import { encode, type OutgoingType } from "./broker-messages.js";
import type { Calls } from "./calls.js";
import { withCorrelationId } from "./events.js";

export interface PublishOptions {
  /** Given again when a message is sent again; a new one unless given. */
  readonly messageId?: string | undefined;
  /** Time for the whole call, in place of the settings' own. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Publishes messages under `Calls`. */
export class Publisher {
  readonly #transport: Transport;
  readonly #calls: Calls;

  constructor(transport: Transport, calls: Calls) {
    this.#transport = transport;
    this.#calls = calls;
  }

  /** Connects, and makes sure that what we send to exists. */
  async open(topology: Topology): Promise<void> {
    await this.#transport.open();
    try {
      await this.#transport.declare(topology);
    } catch (error) {
      await this.#transport.close();
      throw error;
    }
  }

  /** Disconnects. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /**
   * Publishes a message and returns its id.
   *
   * All attempts carry one id, so that a message sent twice is handled once.
   */
  async send<P, H extends object>(
    type: OutgoingType<P, H>,
    payload: P,
    headers: H,
    route: Route,
    options: PublishOptions = {},
  ): Promise<string> {
    const id = options.messageId ?? randomUUID();
    const operation = `publish.${type.name}`;
    await withCorrelationId((correlationId) => {
      const message = encode(type, payload, headers, { id, correlationId });
      return this.#calls.run(
        operation,
        () => this.#transport.publish(operation, message, route),
        { ...options, repeatable: true },
      );
    });
    return id;
  }
}
