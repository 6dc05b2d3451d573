// The connection to RabbitMQ: one, whoever opens it, and what comes back.
// Written by integrate (runtime/broker-rabbitmq). Yours to edit.

import { EventEmitter } from "node:events";
import { connect } from "amqplib";
import { beforeEach, expect, it, vi } from "vitest";

import { RabbitTransport } from "../broker-rabbitmq.js";
import { FakeClock } from "../clock.js";
import { Unavailable } from "../errors.js";
import { Secret } from "../secrets.js";

vi.mock("amqplib", () => ({ connect: vi.fn() }));

const TOPOLOGY = {
  exchanges: [],
  queues: [{ name: "orders", type: "classic" }],
} as const;

/** In place of a connection: it remembers what was asked of its channels. */
class Link extends EventEmitter {
  readonly channels: Channel[] = [];
  failures = 0;

  async createChannel(): Promise<Channel> {
    const channel = new Channel(this);
    this.channels.push(channel);
    return channel;
  }

  async close(): Promise<void> {
    this.emit("closed");
  }

  count(what: "declared" | "consumed"): number {
    return this.channels.filter((channel) => channel[what]).length;
  }
}

class Channel extends EventEmitter {
  declared = false;
  consumed = false;
  readonly #link: Link;

  constructor(link: Link) {
    super();
    this.#link = link;
  }

  async assertQueue(): Promise<void> {
    this.#link.failures -= 1;
    if (this.#link.failures >= 0) throw new Error("not yet");
    this.declared = true;
  }

  async consume(): Promise<{ consumerTag: string }> {
    this.consumed = true;
    return { consumerTag: "tag" };
  }

  async prefetch(): Promise<void> {}
  async cancel(): Promise<void> {}
  async close(): Promise<void> {}
}

let links: Link[] = [];

beforeEach(() => {
  links = [];
  vi.mocked(connect).mockImplementation(async () => {
    const link = new Link();
    links.push(link);
    return link as never;
  });
});

function transport(): RabbitTransport {
  return new RabbitTransport("shop", new Secret("amqp://b"), new FakeClock());
}

it("opens one connection when opened at once", async () => {
  const opened = transport();
  await Promise.all([opened.open(), opened.open()]);
  expect(links).toHaveLength(1);
  const closed = vi.fn();
  links[0]?.on("closed", closed);
  await opened.close();
  expect(closed).not.toHaveBeenCalled();
  await opened.close();
  expect(closed).toHaveBeenCalledOnce();
});

it("opens anew after it could not", async () => {
  const opened = transport();
  vi.mocked(connect).mockRejectedValueOnce(new Error("refused"));
  await expect(opened.open()).rejects.toThrow(Unavailable);
  await opened.open();
  expect(links).toHaveLength(1);
});

it("declares and consumes again, also when that fails at first", async () => {
  const opened = transport();
  await opened.open();
  await opened.declare(TOPOLOGY);
  const stop = await opened.consume("orders", () => undefined, 1);
  const [link] = links;
  if (!link) throw new Error("not open");
  link.failures = 2;
  link.channels.at(-1)?.emit("close");
  await vi.waitFor(() => expect(link.count("consumed")).toBe(2));
  expect(link.count("declared")).toBe(2);
  await stop();
});
