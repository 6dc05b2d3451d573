// RabbitMQ. The only file that talks to it.
// Written by integrate (runtime/broker-rabbitmq). Yours to edit.

import {
  type Channel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
  type Options,
  type RecoveringChannelModel,
} from "amqplib";

import {
  DELIVERY_LIMIT,
  type Delivery,
  type Headers,
  type HeaderValue,
  type Message,
  type Queue,
  type Route,
  type Topology,
  type Transport,
  Unroutable,
} from "./broker.js";
import { type Clock, SYSTEM } from "./clock.js";
import * as errors from "./errors.js";
import { redact, type Secret } from "./secrets.js";

const CONNECT_SECONDS = 10;
const CONFIRM_SECONDS = 5;
const RECONNECT_SECONDS = 1;

type Deliver = (delivery: Delivery) => void;

/** One connection to RabbitMQ, which comes back by itself when it is lost. */
export class RabbitTransport implements Transport {
  readonly #service: string;
  readonly #url: Secret;
  readonly #clock: Clock;
  readonly #declared: Topology[] = [];
  readonly #returned = new Set<string>();
  #users = 0;
  #opening: Promise<RecoveringChannelModel> | undefined;
  #link: RecoveringChannelModel | undefined;
  #publishing: Promise<ConfirmChannel> | undefined;

  /**
   * Prepares a connection to `url`, such as `amqps://user:password@host/vhost`.
   */
  constructor(service: string, url: Secret, clock: Clock = SYSTEM) {
    this.#service = service;
    this.#url = url;
    this.#clock = clock;
  }

  async open(): Promise<void> {
    const opening = (this.#opening ??= this.#connect());
    try {
      this.#link = await opening;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
    this.#users += 1;
  }

  async close(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0 || !this.#link) return;
    const link = this.#link;
    this.#opening = this.#link = this.#publishing = undefined;
    await this.#guard("close", () => link.close());
  }

  async declare(topology: Topology): Promise<void> {
    await this.#declare(topology);
    this.#declared.push(topology);
  }

  #declare(topology: Topology): Promise<void> {
    return this.#guard("declare", async () => {
      const channel = silent(await this.#opened("declare").createChannel());
      await declareAll(channel, topology);
      await channel.close();
    });
  }

  publish(operation: string, message: Message, route: Route): Promise<void> {
    return this.#send(operation, route, message.body, {
      messageId: message.id,
      type: message.type,
      correlationId: message.correlationId,
      contentType: message.contentType,
      headers: message.headers,
      appId: this.#service,
    });
  }

  async consume(
    queue: string,
    deliver: Deliver,
    prefetch: number,
  ): Promise<() => Promise<void>> {
    const consumer = new RabbitConsumer(queue, deliver, prefetch);
    const subscribe = async (): Promise<void> => {
      const channel = silent(await this.#opened("consume").createChannel());
      channel.on("close", () => void this.#resubscribe(consumer, subscribe));
      await consumer.subscribe(channel, (message) =>
        this.#delivery(channel, message),
      );
    };
    await this.#guard("consume", subscribe);
    return () => this.#guard("stop", () => consumer.stop());
  }

  async #connect(): Promise<RecoveringChannelModel> {
    const recovery = {
      initialMaxRetries: 0,
      initialDelay: RECONNECT_SECONDS * 1000,
    };
    const clientProperties = { connection_name: this.#service };
    const timeout = CONNECT_SECONDS * 1000;
    const options = { recovery, clientProperties, timeout };
    const link = await this.#guard("open", () =>
      connect(this.#url.reveal(), options),
    );
    return link.on("error", () => undefined);
  }

  /**
   * Declares and subscribes again, until it works or nobody wants it any more.
   */
  async #resubscribe(
    consumer: RabbitConsumer,
    subscribe: () => Promise<void>,
  ): Promise<void> {
    while (!consumer.stopped && this.#link) {
      try {
        for (const topology of this.#declared) await this.#declare(topology);
        return await subscribe();
      } catch {
        await this.#clock.sleep(RECONNECT_SECONDS);
      }
    }
  }

  #delivery(channel: Channel, message: ConsumeMessage): Delivery {
    const settle = (operation: string, how: () => void): Promise<void> =>
      this.#guard(operation, async () => how());
    const ack = (): Promise<void> => settle("ack", () => channel.ack(message));
    return {
      message: read(message),
      exchange: message.fields.exchange,
      routingKey: message.fields.routingKey,
      redelivered: message.fields.redelivered,
      ack,
      requeue: () => settle("requeue", () => channel.nack(message)),
      move: async (queue, headers) => {
        await this.#move(message, queue, headers);
        await ack();
      },
    };
  }

  #move(
    { content, properties }: ConsumeMessage,
    queue: string,
    headers: Headers,
  ): Promise<void> {
    const { expiration: _expiration, userId: _userId, ...kept } = properties;
    const route = { exchange: "", routingKey: queue };
    const merged = { ...properties.headers, ...headers };
    return this.#send("move", route, content, { ...kept, headers: merged });
  }

  async #send(
    operation: string,
    { exchange, routingKey }: Route,
    body: Buffer,
    properties: Options.Publish,
  ): Promise<void> {
    const options = { ...properties, mandatory: true, persistent: true };
    const id = options.messageId ?? "";
    await this.#guard(operation, () =>
      within(CONFIRM_SECONDS, this.#clock, async () => {
        const channel = await this.#confirming();
        await new Promise<void>((resolve, reject) => {
          channel.publish(exchange, routingKey, body, options, (error) =>
            error ? reject(error) : resolve(),
          );
        });
      }),
    );
    if (!this.#returned.delete(id)) return;
    const reason = "no queue takes this routing key from this exchange";
    throw new Unroutable(this.#service, operation, reason);
  }

  #confirming(): Promise<ConfirmChannel> {
    this.#publishing ??= this.#confirmChannel();
    return this.#publishing;
  }

  async #confirmChannel(): Promise<ConfirmChannel> {
    const forget = (): void => {
      this.#publishing = undefined;
    };
    try {
      const channel = await this.#opened("publish").createConfirmChannel();
      channel.on("return", ({ properties }) =>
        this.#returned.add(properties.messageId ?? ""),
      );
      return silent(channel).on("close", forget);
    } catch (error) {
      forget();
      throw error;
    }
  }

  #opened(operation: string): RecoveringChannelModel {
    if (this.#link) return this.#link;
    throw new errors.Unavailable(this.#service, operation, "not open");
  }

  async #guard<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof errors.IntegrationError) throw cause;
      const reason = redact(
        cause instanceof Error ? cause.message : String(cause),
      );
      throw new (kindOf(operation, reason))(this.#service, operation, reason, {
        cause,
      });
    }
  }
}

/** One queue that is consumed, over all the channels it takes. */
class RabbitConsumer {
  stopped = false;
  readonly #queue: string;
  readonly #deliver: Deliver;
  readonly #prefetch: number;
  #cancel: () => Promise<unknown> = async () => undefined;

  constructor(queue: string, deliver: Deliver, prefetch: number) {
    this.#queue = queue;
    this.#deliver = deliver;
    this.#prefetch = prefetch;
  }

  async subscribe(
    channel: Channel,
    delivery: (message: ConsumeMessage) => Delivery,
  ): Promise<void> {
    await channel.prefetch(this.#prefetch);
    const { consumerTag } = await channel.consume(this.#queue, (message) => {
      if (message) this.#deliver(delivery(message));
      else void channel.close().catch(() => undefined);
    });
    this.#cancel = () => channel.cancel(consumerTag);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.#cancel();
  }
}

/**
 * Keeps an error of a channel, which also comes as a rejection, from ending the
 * process.
 */
function silent<T extends Channel>(channel: T): T {
  return channel.on("error", () => undefined);
}

async function declareAll(channel: Channel, topology: Topology): Promise<void> {
  for (const { name, type, durable = true } of topology.exchanges)
    await channel.assertExchange(name, type, { durable });
  for (const queue of topology.queues) {
    await channel.assertQueue(queue.name, { arguments: queueArguments(queue) });
    for (const { exchange, routingKey } of queue.bindings ?? [])
      await channel.bindQueue(queue.name, exchange, routingKey);
  }
}

function queueArguments(queue: Queue): Record<string, string | number> {
  const { type, ttlSeconds, deadLetterQueue } = queue;
  return {
    "x-queue-type": type,
    ...(ttlSeconds !== undefined && {
      "x-message-ttl": Math.round(ttlSeconds * 1000),
    }),
    ...(deadLetterQueue !== undefined && {
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": deadLetterQueue,
    }),
    ...(deadLetterQueue !== undefined &&
      type === "quorum" && {
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-delivery-limit": DELIVERY_LIMIT,
      }),
  };
}

function read({ content, properties }: ConsumeMessage): Message {
  return {
    body: content,
    id: properties.messageId ?? "",
    type: properties.type ?? "",
    correlationId: properties.correlationId ?? "",
    contentType: properties.contentType ?? "application/json",
    headers: scalars(properties.headers ?? {}),
  };
}

function scalars(headers: Readonly<Record<string, unknown>>): Headers {
  const found = Object.entries(headers).filter(
    (entry): entry is [string, HeaderValue] =>
      entry[1] === null ||
      ["string", "number", "boolean"].includes(typeof entry[1]),
  );
  return Object.fromEntries(found);
}

function within<T>(
  seconds: number,
  clock: Clock,
  work: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.timer(seconds, () =>
      reject(new Error(`no confirmation within ${seconds} s`)),
    );
    void work().then(resolve, reject).finally(cancel);
  });
}

/** AMQP says what failed by a number: 403, 404 and 406 as in HTTP. */
function kindOf(
  operation: string,
  reason: string,
): typeof errors.IntegrationError {
  const code = /\b(403|404|406)\b/.exec(reason)?.[1];
  if (code === "403" && operation === "open") return errors.AuthenticationError;
  if (code === "403") return errors.PermissionDenied;
  if (code === "404") return errors.NotFound;
  return code === "406" ? errors.Conflict : errors.Unavailable;
}
