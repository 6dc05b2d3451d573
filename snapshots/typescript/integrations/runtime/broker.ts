// What adapters ask of a message broker, whichever broker it is.
// Written by integrate (runtime/broker). Yours to edit.

import { NotFound } from "./errors.js";

export type HeaderValue = string | number | boolean | null;
export type Headers = Readonly<Record<string, HeaderValue>>;
export type QueueType = "classic" | "quorum";
export type ExchangeType = "topic" | "direct" | "fanout" | "headers";

/** Deliveries a quorum queue makes of one message that crashes its consumer. */
export const DELIVERY_LIMIT = 20;

/** A message as it travels. */
export interface Message {
  readonly body: Buffer;
  /**
   * The same for every copy of one message; empty when the sender gave none.
   */
  readonly id: string;
  /** Name of the message, such as `OrderCreated`; may be empty. */
  readonly type: string;
  /** Ties the message to the work that caused it; may be empty. */
  readonly correlationId: string;
  readonly contentType: string;
  readonly headers: Headers;
}

/** A message the broker handed over, to be settled once. */
export interface Delivery {
  readonly message: Message;
  readonly exchange: string;
  readonly routingKey: string;
  /** The broker has handed it over before. */
  readonly redelivered: boolean;
  /** Says that it is done; the broker forgets it. */
  ack(): Promise<void>;
  /** Gives it back; the broker delivers it again at once. */
  requeue(): Promise<void>;
  /**
   * Puts it into another queue, with more headers, and says that it is done.
   */
  move(queue: string, headers: Headers): Promise<void>;
}

/** Where messages are sent to. */
export interface Exchange {
  readonly name: string;
  readonly type: ExchangeType;
  readonly durable?: boolean;
}

/** Which messages of an exchange a queue gets. */
export interface Binding {
  readonly exchange: string;
  readonly routingKey: string;
}

/** Where messages wait. All queues survive a restart of the broker. */
export interface Queue {
  readonly name: string;
  readonly type: QueueType;
  readonly bindings?: readonly Binding[];
  /** Gets what this queue gives up on. */
  readonly deadLetterQueue?: string;
  /** How long a message waits before it is given up on. */
  readonly ttlSeconds?: number;
}

/** What must exist at the broker. Declaring it twice changes nothing. */
export interface Topology {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
}

/** Nothing to declare. */
export const NOTHING: Topology = { exchanges: [], queues: [] };

/** Where a message is sent. */
export interface Route {
  readonly exchange: string;
  readonly routingKey: string;
}

/** No queue takes the message; the broker did not keep it. */
export class Unroutable extends NotFound {
  override readonly name = "Unroutable";
}

/** A connection to a broker. Failures are thrown as `IntegrationError`. */
export interface Transport {
  /** Connects, unless another user of this transport has. */
  open(): Promise<void>;

  /** Makes sure that exchanges, queues and bindings exist. */
  declare(topology: Topology): Promise<void>;

  /** Sends a message; resolves when the broker has it safe in a queue. */
  publish(operation: string, message: Message, route: Route): Promise<void>;

  /**
   * Hands over messages, at most `prefetch` unsettled; returns what ends it.
   */
  consume(
    queue: string,
    deliver: (delivery: Delivery) => void,
    prefetch: number,
  ): Promise<() => Promise<void>>;

  /** Disconnects, when no user is left; what is not settled comes again. */
  close(): Promise<void>;
}

/** Returns the name of the queue for what `queue` gave up on. */
export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}

/**
 * Returns the name of the queue where messages wait before `queue` sees them
 * again.
 *
 * The delay is part of the name because a queue's time cannot be changed.
 */
export function retryQueue(queue: string, delaySeconds: number): string {
  return `${queue}.retry.${Math.round(delaySeconds * 1000)}ms`;
}

export interface WorkQueueOptions {
  readonly type: QueueType;
  readonly retryDelaysSeconds: readonly number[];
}

/**
 * Returns a queue to consume from, its retry queues and its dead-letter queue.
 */
export function workQueues(
  name: string,
  bindings: readonly Binding[],
  { type, retryDelaysSeconds }: WorkQueueOptions,
): Queue[] {
  const dead = deadLetterQueue(name);
  const waiting = [...new Set(retryDelaysSeconds)].map((ttlSeconds) => ({
    name: retryQueue(name, ttlSeconds),
    type,
    deadLetterQueue: name,
    ttlSeconds,
  }));
  const main = { name, type, bindings, deadLetterQueue: dead };
  return [main, ...waiting, { name: dead, type }];
}

/**
 * Returns whether a topic pattern fits: `*` is one word, `#` any number of
 * words.
 */
export function matches(pattern: string, routingKey: string): boolean {
  return fits(pattern.split("."), routingKey ? routingKey.split(".") : []);
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === "#")
    return [...words, ""].some((_, skip) => fits(rest, words.slice(skip)));
  if (words.length === 0) return false;
  return (first === "*" || first === words[0]) && fits(rest, words.slice(1));
}
