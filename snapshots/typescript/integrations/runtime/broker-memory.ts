// A broker inside the process, for tests and development. Nothing survives it.
//
// Keeps to what RabbitMQ does: routing, unroutable messages, unsettled messages
// coming back as redelivered, messages that wait, dead-letter queues.
// Written by integrate (runtime/broker-memory). Yours to edit.

import {
  type Binding,
  type Delivery,
  type Exchange,
  type Headers,
  type Message,
  matches,
  type Queue,
  type Route,
  type Topology,
  type Transport,
  Unroutable,
} from "./broker.js";
import { type Clock, SYSTEM } from "./clock.js";
import { NotFound, Unavailable } from "./errors.js";

interface Copy extends Route {
  readonly message: Message;
  readonly redelivered: boolean;
}

interface Consumer {
  readonly deliver: (delivery: Delivery) => void;
  readonly prefetch: number;
  unsettled: Copy[];
}

interface Store {
  readonly queue: Queue;
  ready: Copy[];
  consumers: Consumer[];
}

/** An in-memory broker; connections are all the same one. */
export class MemoryTransport implements Transport {
  readonly #service: string;
  readonly #clock: Clock;
  readonly #unrouted: string | undefined;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #stores = new Map<string, Store>();
  readonly #bindings: { readonly binding: Binding; readonly store: Store }[] =
    [];
  readonly #waiting = new Set<Promise<void>>();

  /**
   * `unrouted` is a queue for what no queue takes; without it, that is an
   * error.
   */
  constructor(service = "memory", clock: Clock = SYSTEM, unrouted?: string) {
    this.#service = service;
    this.#clock = clock;
    this.#unrouted = unrouted;
    if (unrouted === undefined) return;
    const queue: Queue = { name: unrouted, type: "classic" };
    this.#stores.set(unrouted, { queue, ready: [], consumers: [] });
  }

  /** Does nothing: it is always open. */
  async open(): Promise<void> {}

  /** Does nothing: messages stay, for whoever comes next. */
  async close(): Promise<void> {}

  async declare(topology: Topology): Promise<void> {
    for (const exchange of topology.exchanges)
      if (!this.#exchanges.has(exchange.name))
        this.#exchanges.set(exchange.name, exchange);
    for (const queue of topology.queues) {
      if (this.#stores.has(queue.name)) continue;
      const store = { queue, ready: [], consumers: [] };
      this.#stores.set(queue.name, store);
      for (const binding of queue.bindings ?? [])
        this.#bindings.push({ binding, store });
    }
  }

  async publish(
    operation: string,
    message: Message,
    route: Route,
  ): Promise<void> {
    const { exchange, routingKey } = route;
    if (exchange && !this.#exchanges.has(exchange))
      throw new NotFound(
        this.#service,
        operation,
        `no exchange \`${exchange}\``,
      );
    const stores = this.#routes(route);
    if (stores.size === 0 && this.#unrouted !== undefined)
      stores.add(this.#store(this.#unrouted));
    if (stores.size === 0) {
      const reason = `no queue takes \`${routingKey}\` from \`${exchange}\``;
      throw new Unroutable(this.#service, operation, reason);
    }
    const copy = { exchange, routingKey, message, redelivered: false };
    for (const store of stores) this.#put(store, { ...copy });
  }

  async consume(
    queue: string,
    deliver: (delivery: Delivery) => void,
    prefetch: number,
  ): Promise<() => Promise<void>> {
    const store = this.#store(queue);
    const consumer = { deliver, prefetch, unsettled: [] };
    store.consumers.push(consumer);
    this.#pump(store);
    return async () => {
      store.consumers = store.consumers.filter((other) => other !== consumer);
    };
  }

  /** Loses every connection, and lets all consumers come back at once. */
  disconnect(): void {
    for (const store of this.#stores.values()) {
      for (const consumer of store.consumers)
        this.#giveBack(store, consumer.unsettled.splice(0));
      this.#pump(store);
    }
  }

  /** Returns the messages that wait in a queue, oldest first. */
  messages(queue: string): Message[] {
    return this.#store(queue).ready.map((copy) => copy.message);
  }

  /** Returns how many messages the consumers of a queue hold. */
  unsettled(queue: string): number {
    const { consumers } = this.#store(queue);
    return consumers.reduce((sum, each) => sum + each.unsettled.length, 0);
  }

  /** Waits until no message waits for a time. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting);
  }

  #store(queue: string): Store {
    const store = this.#stores.get(queue);
    if (store) return store;
    throw new NotFound(this.#service, "consume", `no queue \`${queue}\``);
  }

  #routes({ exchange, routingKey }: Route): Set<Store> {
    const direct = exchange ? undefined : this.#stores.get(routingKey);
    const found = new Set<Store>(direct ? [direct] : []);
    const type = this.#exchanges.get(exchange)?.type ?? "direct";
    for (const { binding, store } of this.#bindings)
      if (
        binding.exchange === exchange &&
        accepts(type, binding.routingKey, routingKey)
      )
        found.add(store);
    return found;
  }

  #put(store: Store, copy: Copy): void {
    store.ready.push(copy);
    const seconds = store.queue.ttlSeconds;
    if (seconds !== undefined) {
      const waiting = this.#expire(store, copy, seconds);
      this.#waiting.add(waiting);
      void waiting.then(() => this.#waiting.delete(waiting));
    }
    this.#pump(store);
  }

  async #expire(store: Store, copy: Copy, seconds: number): Promise<void> {
    await this.#clock.sleep(seconds);
    const target = store.queue.deadLetterQueue;
    if (!store.ready.includes(copy) || target === undefined) return;
    store.ready = store.ready.filter((other) => other !== copy);
    const route = { exchange: "", routingKey: target };
    this.#put(this.#store(target), { ...copy, ...route });
  }

  #giveBack(store: Store, copies: readonly Copy[]): void {
    const back = copies.map((copy) => ({ ...copy, redelivered: true }));
    store.ready.unshift(...back);
  }

  #pump(store: Store): void {
    for (const consumer of [...store.consumers])
      while (consumer.unsettled.length < consumer.prefetch) {
        const copy = store.ready.shift();
        if (!copy) return;
        this.#handOver(store, consumer, copy);
      }
  }

  #handOver(store: Store, consumer: Consumer, copy: Copy): void {
    consumer.unsettled.push(copy);
    const settle = (): void => {
      if (!consumer.unsettled.includes(copy))
        throw new Unavailable(
          this.#service,
          "settle",
          "the connection is lost",
        );
      consumer.unsettled = consumer.unsettled.filter((other) => other !== copy);
    };
    const ack = async (): Promise<void> => {
      settle();
      this.#pump(store);
    };
    const requeue = async (): Promise<void> => {
      settle();
      this.#giveBack(store, [copy]);
      this.#pump(store);
    };
    const move = async (queue: string, headers: Headers): Promise<void> => {
      const merged = { ...copy.message.headers, ...headers };
      const message = { ...copy.message, headers: merged };
      await this.publish("move", message, { exchange: "", routingKey: queue });
      await ack();
    };
    consumer.deliver({ ...copy, ack, requeue, move });
  }
}

function accepts(type: string, pattern: string, routingKey: string): boolean {
  if (type === "topic") return matches(pattern, routingKey);
  return type === "fanout" || pattern === routingKey;
}
