// Gives messages to handlers: done once, tried again later, or dead-lettered.
// Written by integrate (runtime/broker-consumer). Yours to edit.

import { randomUUID } from "node:crypto";

import {
  type Delivery,
  deadLetterQueue,
  type Headers,
  retryQueue,
  type Topology,
  type Transport,
} from "./broker.js";
import {
  ATTEMPT,
  attempt,
  decode,
  type IncomingType,
  ORIGINAL_EXCHANGE,
  ORIGINAL_ROUTING_KEY,
  origin,
  parameters,
  type Received,
  received,
} from "./broker-messages.js";
import { TtlCache } from "./cache.js";
import type { Calls } from "./calls.js";
import { ConfigurationError, UnexpectedResponse } from "./errors.js";
import { correlationId, withCorrelationId } from "./events.js";
import { redact } from "./secrets.js";

export const DEAD_REASON = "x-dead-reason";
export const DEAD_ERROR = "x-dead-error";
export const DEAD_ATTEMPTS = "x-dead-attempts";
const ERROR_LENGTH = 500;
const GIVE_BACK_SECONDS = 1;

export type Handler<P, H> = (payload: P, info: Received<H>) => Promise<void>;
export type DeadReason = "undecodable" | "rejected" | "attempts_exhausted";

/** Thrown by a handler that will never accept this message. */
export class Reject extends Error {
  override readonly name = "Reject";
}

/**
 * The bytes are not the message they should be; trying again changes nothing.
 */
export class Undecodable extends UnexpectedResponse {
  override readonly name = "Undecodable";
}

/** How messages are worked on. */
export interface ConsumerOptions {
  /** Messages under way at once, for each queue. */
  readonly prefetch: number;
  /**
   * Waits before the second, third, … attempt; then the message is
   * dead-lettered.
   */
  readonly retryDelaysSeconds: readonly number[];
  /** A handler that takes longer has failed. */
  readonly handlerTimeoutSeconds: number;
  /** How long a handled message is remembered. */
  readonly dedupeSeconds: number;
  /** How many handled messages are remembered at most. */
  readonly dedupeEntries: number;
  /** How long `stop` waits for handlers before it gives their messages back. */
  readonly shutdownSeconds: number;
}

export const DEFAULTS: ConsumerOptions = {
  prefetch: 20,
  retryDelaysSeconds: [1, 5, 30, 120],
  handlerTimeoutSeconds: 60,
  dedupeSeconds: 3600,
  dedupeEntries: 100_000,
  shutdownSeconds: 30,
};

type Work = (signal: AbortSignal) => Promise<void>;

export interface SubscriptionOptions {
  /** The routing key, with `{names}` for its parameters. */
  readonly address: string;
  /** Names of the messages its description promises. */
  readonly expected: readonly string[];
  /** Where to look when the correlation id property is empty. */
  readonly correlationHeaders?: readonly string[];
  /** The queue also gets what does not fit the address. */
  readonly isBoundWider?: boolean;
}

/** A queue, the messages that may come in it, and who handles them. */
export class Subscription {
  readonly queue: string;
  readonly #options: SubscriptionOptions;
  readonly #readers = new Map<string, (delivery: Delivery) => Work>();

  constructor(queue: string, options: SubscriptionOptions) {
    this.queue = queue;
    this.#options = options;
  }

  /** Lets `handler` have the messages of one type. */
  add<P, H>(type: IncomingType<P, H>, handler: Handler<P, H>): void {
    const { address } = this.#options;
    this.#readers.set(type.name, (delivery) => {
      const { payload, headers } = decode(type, delivery.message);
      return (signal) => {
        const id = correlationId() ?? this.correlationId(delivery) ?? "";
        const info = received(delivery, headers, address, signal, id);
        return handler(payload, info);
      };
    });
  }

  /** Whether anybody handles messages of this queue. */
  get used(): boolean {
    return this.#readers.size > 0;
  }

  /** Returns which messages nobody handles, unless nobody handles any. */
  missing(): string[] {
    if (!this.used) return [];
    return this.#options.expected.filter((name) => !this.#readers.has(name));
  }

  /** Returns the name that events and metrics give to handling a delivery. */
  operation({ message: { type } }: Delivery): string {
    return `receive.${this.#readers.has(type) ? type : "unknown"}`;
  }

  /** Returns the correlation id that came with a delivery, if one did. */
  correlationId({ message }: Delivery): string | undefined {
    const names = this.#options.correlationHeaders ?? [];
    const found = names.map((name) => String(message.headers[name] ?? ""));
    return [message.correlationId, ...found].find((id) => id !== "");
  }

  /** Whether the address fits; what was put into the queue itself does. */
  concerns(delivery: Delivery): boolean {
    const { address, isBoundWider } = this.#options;
    const { exchange, routingKey } = origin(delivery);
    if (isBoundWider !== true || exchange === "") return true;
    return Object.keys(parameters(address, routingKey)).length > 0;
  }

  /** Decodes by the message's type; without one, as the only type that fits. */
  read(delivery: Delivery): Work {
    const { type } = delivery.message;
    if (type) {
      const reader = this.#readers.get(type);
      if (reader) return reader(delivery);
      throw new Error(`unknown message type ${JSON.stringify(type)}`);
    }
    const fitting: Work[] = [];
    for (const reader of this.#readers.values()) {
      try {
        fitting.push(reader(delivery));
      } catch {
        // Another one may fit.
      }
    }
    const [only] = fitting;
    if (only && fitting.length === 1) return only;
    throw new Error(`it has no type, and ${fitting.length} messages fit`);
  }
}

/** Runs handlers on the messages of subscriptions. `calls` must not retry. */
export class Consumer {
  readonly #transport: Transport;
  readonly #calls: Calls;
  readonly #subscriptions: readonly Subscription[];
  readonly #options: ConsumerOptions;
  readonly #handled: TtlCache<string, true>;
  readonly #turns = new Map<string, Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();
  #stops: (() => Promise<void>)[] = [];
  #stopping = new AbortController();

  constructor(
    transport: Transport,
    calls: Calls,
    subscriptions: readonly Subscription[],
    options: ConsumerOptions,
  ) {
    this.#transport = transport;
    this.#calls = calls;
    this.#subscriptions = subscriptions;
    this.#options = options;
    this.#handled = new TtlCache({
      maxEntries: options.dedupeEntries,
      ttlSeconds: options.dedupeSeconds,
      clock: calls.clock,
    });
  }

  /** Connects and consumes; throws when a queue's message has no handler. */
  async start(topology: Topology): Promise<void> {
    const missing = this.#subscriptions.flatMap((each) => each.missing());
    if (missing.length > 0) {
      const reason = `no handler for ${missing.join(", ")}`;
      throw new ConfigurationError(this.#calls.service, "start", reason);
    }
    this.#stopping = new AbortController();
    await this.#transport.open();
    try {
      await this.#transport.declare(topology);
      for (const subscription of this.#subscriptions)
        if (subscription.used) await this.#consume(subscription);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #consume(subscription: Subscription): Promise<void> {
    const stop = await this.#transport.consume(
      subscription.queue,
      (delivery) => this.#accept(subscription, delivery),
      this.#options.prefetch,
    );
    this.#stops.push(stop);
  }

  /**
   * Takes no more messages and finishes those under way, or gives them back.
   */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#stops.splice(0).map((stop) => stop()));
    const { clock } = this.#calls;
    const late = new Promise<void>((resolve) => {
      const cancel = clock.timer(this.#options.shutdownSeconds, resolve);
      void this.idle().then(cancel);
    });
    await Promise.race([this.idle(), late]);
    this.#stopping.abort(new Error("the consumer stops"));
    await this.idle();
    await this.#transport.close();
  }

  /** Waits until no handler is at work. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #accept(subscription: Subscription, delivery: Delivery): void {
    const task = this.#take(subscription, delivery);
    this.#underWay.add(task);
    void task.then(() => this.#underWay.delete(task));
  }

  /** Sees to it that a delivery is settled, whatever happens. */
  async #take(subscription: Subscription, delivery: Delivery): Promise<void> {
    const { type, id } = delivery.message;
    const { queue } = subscription;
    const key = JSON.stringify([queue, type, id || randomUUID()]);
    try {
      await this.#inTurn(key, () => this.#settle(subscription, delivery, key));
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        const reason = redact(String(error));
        process.emitWarning(`${queue}: cannot settle a message: ${reason}`);
        await this.#calls.clock.sleep(GIVE_BACK_SECONDS);
      }
      await delivery.requeue().catch(() => undefined);
    }
  }

  /** Lets copies of one message wait for one another. */
  async #inTurn(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(key, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  async #settle(
    subscription: Subscription,
    delivery: Delivery,
    key: string,
  ): Promise<void> {
    if (!subscription.concerns(delivery))
      return this.#passOver(subscription, delivery, "receive.foreign");
    if (this.#handled.get(key))
      return this.#passOver(subscription, delivery, "receive.duplicate");
    const { queue } = subscription;
    try {
      await this.#handle(subscription, delivery);
    } catch (error) {
      if (error === this.#stopping.signal.reason) throw error;
      if (error instanceof Undecodable)
        return this.#deadLetter(queue, delivery, "undecodable", error);
      if (error instanceof Reject)
        return this.#deadLetter(queue, delivery, "rejected", error);
      return this.#tryLater(queue, delivery, error);
    }
    this.#handled.set(key, true);
    return delivery.ack();
  }

  /**
   * Acknowledges what no handler is to have, as an operation that can be seen.
   */
  #passOver(
    subscription: Subscription,
    delivery: Delivery,
    operation: string,
  ): Promise<void> {
    return withCorrelationId(
      () =>
        this.#calls.run(operation, () => delivery.ack(), {
          repeatable: false,
        }),
      subscription.correlationId(delivery) ?? randomUUID(),
    );
  }

  #handle(subscription: Subscription, delivery: Delivery): Promise<void> {
    const operation = subscription.operation(delivery);
    const once = (signal: AbortSignal): Promise<void> =>
      this.#read(subscription, delivery, operation)(signal);
    const id = subscription.correlationId(delivery);
    return withCorrelationId(
      () =>
        this.#calls.run(operation, async ({ signal }) => once(signal), {
          repeatable: false,
          timeoutSeconds: this.#options.handlerTimeoutSeconds,
          signal: this.#stopping.signal,
        }),
      id ?? randomUUID(),
    );
  }

  #read(
    subscription: Subscription,
    delivery: Delivery,
    operation: string,
  ): Work {
    try {
      return subscription.read(delivery);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const { service } = this.#calls;
      throw new Undecodable(service, operation, reason, { cause });
    }
  }

  #tryLater(queue: string, delivery: Delivery, error: unknown): Promise<void> {
    const number = attempt(delivery.message);
    const delay = this.#options.retryDelaysSeconds[number - 1];
    if (delay === undefined)
      return this.#deadLetter(queue, delivery, "attempts_exhausted", error);
    const id = delivery.message.id || "without id";
    process.emitWarning(
      `${queue}: attempt ${number} of message ${id} failed, the next is in ${delay} s: ${traced(
        error,
      )}`,
    );
    return delivery.move(retryQueue(queue, delay), {
      ...originHeaders(delivery),
      [ATTEMPT]: number + 1,
    });
  }

  #deadLetter(
    queue: string,
    delivery: Delivery,
    reason: DeadReason,
    error: unknown,
  ): Promise<void> {
    const text = redact(String(error)).slice(0, ERROR_LENGTH);
    const id = delivery.message.id || "without id";
    process.emitWarning(
      `${queue}: message ${id} is dead-lettered, ${reason}: ${
        reason === "attempts_exhausted" ? traced(error) : text
      }`,
    );
    return delivery.move(deadLetterQueue(queue), {
      ...originHeaders(delivery),
      [DEAD_REASON]: reason,
      [DEAD_ERROR]: text,
      [DEAD_ATTEMPTS]: attempt(delivery.message),
      [ATTEMPT]: 1, // moved back, it gets all of them again
    });
  }
}

/** Returns where an error comes from, without secrets. */
function traced(error: unknown): string {
  const trace = error instanceof Error ? error.stack : undefined;
  return redact(trace ?? String(error));
}

function originHeaders(delivery: Delivery): Headers {
  const { exchange, routingKey } = origin(delivery);
  return { [ORIGINAL_EXCHANGE]: exchange, [ORIGINAL_ROUTING_KEY]: routingKey };
}
