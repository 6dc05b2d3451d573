// The messages of an adapter: what they hold, and how bytes become them.
// Written by integrate (runtime/broker-messages). Yours to edit.

import type { ZodType } from "zod";

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
  /** Only for the compiler. */
  readonly of?: readonly [P, H];
}

/** One kind of message we receive: payload `P`, headers `H`. */
export interface IncomingType<P, H> {
  /** Its name in the description. */
  readonly name: string;
  readonly payload: ZodType<P>;
  readonly headers: ZodType<H>;
}

/** What came with a payload. */
export interface Received<H> {
  /** The same each time this message is delivered; may be empty. */
  readonly messageId: string;
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
  return {
    ...ids,
    body: Buffer.from(JSON.stringify(payload)),
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
  const headers = type.headers.safeParse(message.headers);
  if (!headers.success) throw misfit(type.name, headers.error.issues);
  let json: unknown;
  try {
    json = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(message.body),
    );
  } catch (cause) {
    throw new Error(`not ${type.name}: not JSON`, { cause });
  }
  const payload = type.payload.safeParse(json);
  if (!payload.success) throw misfit(type.name, payload.error.issues);
  return { payload: payload.data, headers: headers.data };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function misfit(name: string, [issue]: readonly Issue[]): Error {
  const place = issue?.path.map(String).join(".") || "the message";
  return new Error(`not ${name}: ${place}: ${issue?.message ?? "unfit"}`);
}

/** Describes a delivery; one that was retried keeps its first routing key. */
export function received<H>(
  delivery: Delivery,
  headers: H,
  address: string,
  signal: AbortSignal,
): Received<H> {
  const { message } = delivery;
  const first = origin(delivery);
  return {
    messageId: message.id,
    correlationId: message.correlationId,
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

/** Fills the `{names}` of an address; a value must be one word of a routing key. */
export function routingKey(
  address: string,
  values: Readonly<Record<string, string>>,
): string {
  return address.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    if (/^[^.*#\s]+$/.test(value)) return value;
    throw new RangeError(
      `${name} cannot be part of a routing key: ${JSON.stringify(value)}`,
    );
  });
}

/** Returns the values of an address's `{names}`; none when the key does not fit. */
export function parameters(
  address: string,
  key: string,
): Record<string, string> {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(
    ([, name]) => name ?? "",
  );
  const parts = address.split(/\{\w+\}/).map(escaped);
  const found = new RegExp(`^${parts.join("([^.]+)")}$`).exec(key);
  if (!found) return {};
  return Object.fromEntries(
    names.map((name, at) => [name, found[at + 1] ?? ""]),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
