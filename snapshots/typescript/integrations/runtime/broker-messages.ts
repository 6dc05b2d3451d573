// The messages of an adapter: what they hold, and how bytes become them.
// Written by integrate (runtime/broker-messages). Yours to edit.

import type { Delivery, Headers, Message } from "./broker.js";

export const ATTEMPT = "x-attempt";
export const ORIGINAL_EXCHANGE = "x-original-exchange";
export const ORIGINAL_ROUTING_KEY = "x-original-routing-key";

/** One kind of message we send: payload `P`, headers `H`. */
export interface OutgoingType<P, H> {
  /** Its name in the description; travels as the message's `type`. */
  readonly name: string;
  /** Also holds the correlation id, besides the property. */
  readonly correlationHeader?: string;
  /** Whether null is sent as an empty body, and not as `null`. */
  readonly mayBeEmpty?: boolean;
  /** Only for the compiler. */
  readonly of?: readonly [P, H];
}

/** One kind of message we receive: payload `P`, headers `H`. */
export interface IncomingType<P, H> {
  /** Its name in the description. */
  readonly name: string;
  /**
   * The fields it must have, when it is an object; their values are not looked
   * at.
   */
  readonly payload?: readonly (keyof P & string)[];
  /** The headers it must have. */
  readonly headers?: readonly (keyof H & string)[];
  /** Whether an empty body is a payload, null. */
  readonly mayBeEmpty?: boolean;
}

/** What came with a payload. */
export interface Received<H> {
  /** The same each time this message is delivered; may be empty. */
  readonly messageId: string;
  /** The one that came with it, else the one events carry. */
  readonly correlationId: string;
  readonly headers: H;
  readonly exchange: string;
  readonly routingKey: string;
  /** What the routing key says, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** How often a handler has been given it, this time included. */
  readonly attempt: number;
  /** Aborts when the handler has taken too long, or must stop. */
  readonly signal: AbortSignal;
}

/** Returns the message to send. */
export function encode<P, H extends object>(
  type: OutgoingType<P, H>,
  payload: P,
  headers: H,
  ids: { readonly id: string; readonly correlationId: string },
): Message {
  const known: Record<string, Headers[string]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) known[name] = value;
  if (type.correlationHeader) known[type.correlationHeader] = ids.correlationId;
  const isEmpty = type.mayBeEmpty === true && payload === null;
  return {
    ...ids,
    body: Buffer.from(isEmpty ? "" : JSON.stringify(payload)),
    type: type.name,
    contentType: "application/json",
    headers: known,
  };
}

/** Returns payload and headers; throws an `Error` when they do not fit. */
export function decode<P, H>(
  type: IncomingType<P, H>,
  message: Message,
): { payload: P; headers: H } {
  const { headers } = message;
  if (!has<H>(headers, type.headers))
    throw misfit(type.name, "header", headers, type.headers);
  const isEmpty = type.mayBeEmpty === true && message.body.length === 0;
  const payload = isEmpty ? null : json(type.name, message);
  if (!has<P>(payload, type.payload))
    throw misfit(type.name, "field", payload, type.payload);
  return { payload, headers };
}

function json(name: string, { body }: Message): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new Error(`not ${name}: not JSON`, { cause });
  }
}

type Names = readonly string[] | undefined;

/** The one place where what came from outside gets its type. */
function has<T>(value: unknown, wanted: Names): value is T {
  return wanted === undefined || missing(value, wanted) === undefined;
}

function missing(
  value: unknown,
  wanted: readonly string[],
): string | undefined {
  if (typeof value !== "object" || value === null) return wanted[0] ?? "all";
  return wanted.find((name) => !(name in value));
}

function misfit(
  type: string,
  what: string,
  value: unknown,
  wanted: Names,
): Error {
  const name = missing(value, wanted ?? []);
  return new Error(`not ${type}: ${what} \`${name}\` is missing`);
}

/** Describes a delivery; one that was retried keeps its first routing key. */
export function received<H>(
  delivery: Delivery,
  headers: H,
  address: string,
  signal: AbortSignal,
  correlationId: string,
): Received<H> {
  const { message } = delivery;
  const first = origin(delivery);
  return {
    messageId: message.id,
    correlationId,
    headers,
    ...first,
    parameters: parameters(address, first.routingKey),
    attempt: attempt(message),
    signal,
  };
}

/** Returns where a delivery was first published to. */
export function origin({ message, exchange, routingKey }: Delivery): {
  exchange: string;
  routingKey: string;
} {
  const { headers } = message;
  return {
    exchange: String(headers[ORIGINAL_EXCHANGE] ?? exchange),
    routingKey: String(headers[ORIGINAL_ROUTING_KEY] ?? routingKey),
  };
}

/** Returns how often handlers have been given a message, this time included. */
export function attempt(message: Message): number {
  const value = message.headers[ATTEMPT];
  return typeof value === "number" && value > 0 ? value : 1;
}

/**
 * Fills the `{names}` of an address; a value must be one word of a routing key.
 */
export function routingKey(
  address: string,
  values: Readonly<Record<string, string>>,
): string {
  const word = new RegExp(`^[^${parting(address)}*#\\s]+$`);
  return address.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    if (word.test(value)) return value;
    throw new RangeError(
      `${name} cannot be part of a routing key: ${JSON.stringify(value)}`,
    );
  });
}

/**
 * Returns the values of an address's `{names}`; none when the key does not fit.
 */
export function parameters(
  address: string,
  key: string,
): Record<string, string> {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(
    ([, name]) => name ?? "",
  );
  const parts = address.split(/\{\w+\}/).map(escaped);
  const word = `([^${parting(address)}]+)`;
  const found = new RegExp(`^${parts.join(word)}$`).exec(key);
  if (!found) return {};
  return Object.fromEntries(
    names.map((name, at) => [name, found[at + 1] ?? ""]),
  );
}

/** Returns what parts words: dots, and slashes where the address has any. */
function parting(address: string): string {
  return address.includes("/") ? "./" : ".";
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
