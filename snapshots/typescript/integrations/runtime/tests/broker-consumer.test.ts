// What becomes of received messages: done, tried again, dead-lettered, given
// back.
// Written by integrate (runtime/broker-consumer). Yours to edit.

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import {
  type Headers,
  type Message,
  Unroutable,
  workQueues,
} from "../broker.js";
import {
  Consumer,
  DEFAULTS,
  Reject,
  Subscription,
} from "../broker-consumer.js";
import { MemoryTransport } from "../broker-memory.js";
import type { Received } from "../broker-messages.js";
import { Calls } from "../calls.js";
import { FakeClock } from "../clock.js";
import { ConfigurationError, NotFound } from "../errors.js";
import { type CallEvent, correlationId, Events } from "../events.js";
import { Retry } from "../retry.js";
import { Secret } from "../secrets.js";

interface Captured {
  readonly payment: string;
}

interface Failed {
  readonly code: string;
}

const QUEUE = "shop.payments";
const DEAD = "shop.payments.dead";
const CAPTURED = { name: "Captured", payload: ["payment"] } as const;
const FAILED = { name: "Failed", payload: ["code"] } as const;
const TOPOLOGY = {
  exchanges: [{ name: "payments", type: "topic" }],
  queues: workQueues(
    QUEUE,
    [{ exchange: "payments", routingKey: "payments.*.events" }],
    { type: "quorum", retryDelaysSeconds: [1, 5] },
  ),
} as const;

const warnings = vi.fn<(text: string | Error) => void>();

beforeEach(() => {
  warnings.mockReset();
  vi.spyOn(process, "emitWarning").mockImplementation(warnings);
});

afterEach(() => vi.restoreAllMocks());

/** A consumer at a broker in memory, and what its handlers were given. */
class Scene {
  readonly clock = new FakeClock();
  readonly broker = new MemoryTransport("memory", this.clock);
  readonly events: CallEvent[] = [];
  readonly infos: Received<Headers>[] = [];
  readonly types: string[] = [];
  readonly errors: Error[] = [];
  readonly subscription = new Subscription(QUEUE, {
    address: "payments.{provider}.events",
    expected: ["Captured", "Failed"],
    correlationHeaders: ["x-request-id"],
    isBoundWider: true,
  });
  readonly consumer: Consumer;
  work: (info: Received<Headers>) => Promise<void> = async () => undefined;

  constructor() {
    const events = new Events();
    events.listen((event) => this.events.push(event));
    this.consumer = this.consuming(this.subscription, events);
    this.subscription.add<Captured, Headers>(CAPTURED, async (_, info) =>
      this.take("Captured", info),
    );
    this.subscription.add<Failed, Headers>(FAILED, async (_, info) =>
      this.take("Failed", info),
    );
  }

  consuming(subscription: Subscription, events = new Events()): Consumer {
    const retry = new Retry({ attempts: 1 });
    const calls = new Calls("shop", { clock: this.clock, events, retry });
    const options = {
      ...DEFAULTS,
      prefetch: 2,
      retryDelaysSeconds: [1, 5],
      shutdownSeconds: 5,
    };
    return new Consumer(this.broker, calls, [subscription], options);
  }

  async take(type: string, info: Received<Headers>): Promise<void> {
    this.types.push(type);
    this.infos.push(info);
    await this.work(info);
    const error = this.errors.shift();
    if (error) throw error;
  }

  send(changes: Partial<Message> = {}): Promise<void> {
    const message = {
      body: Buffer.from('{"payment":"p-1","code":"e-1"}'),
      id: "m-1",
      type: "Captured",
      correlationId: "",
      contentType: "application/json",
      headers: {},
      ...changes,
    };
    const route = { exchange: "payments", routingKey: "payments.a.events" };
    return this.broker.publish("test", message, route);
  }

  /** Waits until nothing is under way and nothing waits to be tried again. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      await this.consumer.idle();
      await this.broker.settled();
      await turnOfEvents();
    }
  }

  dead(): unknown[] {
    const letters = this.broker.messages(DEAD);
    return letters.map(({ headers }) => headers["x-dead-reason"]);
  }
}

function turnOfEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function started(): Promise<Scene> {
  const scene = new Scene();
  await scene.consumer.start(TOPOLOGY);
  return scene;
}

test("a handled message is acknowledged", async () => {
  const scene = await started();
  await scene.send();
  await scene.quiet();
  expect(scene.infos).toMatchObject([
    { messageId: "m-1", attempt: 1, parameters: { provider: "a" } },
  ]);
  expect(scene.broker.unsettled(QUEUE)).toBe(0);
  expect(scene.broker.messages(QUEUE)).toEqual([]);
});

test("a failed handler gets the message again after each delay", async () => {
  const scene = await started();
  scene.errors.push(new Error("first"), new Error("second"));
  await scene.send();
  await scene.quiet();
  expect(scene.infos.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(scene.infos[2]?.routingKey).toBe("payments.a.events");
  expect(scene.clock.sleeps).toEqual([1, 5]);
});

test("why an attempt failed is reported without secrets", async () => {
  const scene = await started();
  const secret = new Secret("hunter2-hunter2");
  scene.errors.push(new TypeError(secret.reveal()));
  await scene.send();
  await scene.quiet();
  const [[warning] = []] = warnings.mock.calls;
  expect(warning).toContain("attempt 1 of message m-1 failed");
  expect(warning).toContain("TypeError: ***");
  expect(warning).toContain("broker-consumer.test");
});

test("after the last attempt, or at once when rejected, it is a dead letter", async () => {
  const scene = await started();
  scene.errors.push(new Error("1"), new Error("2"), new Error("3"));
  await scene.send();
  await scene.quiet();
  scene.errors.push(new Reject("we do not know it"));
  await scene.send({ id: "m-2" });
  await scene.quiet();
  await scene.send({ id: "m-3", body: Buffer.from("not JSON") });
  await scene.quiet();
  expect(scene.dead()).toEqual([
    "attempts_exhausted",
    "rejected",
    "undecodable",
  ]);
});

test("a dead letter that is moved back gets all attempts again", async () => {
  const scene = await started();
  for (let number = 0; number < 6; number += 1)
    scene.errors.push(new Error(String(number)));
  await scene.send();
  await scene.quiet();
  const [letter] = scene.broker.messages(DEAD);
  if (!letter) throw new Error("no dead letter");
  const route = { exchange: "", routingKey: QUEUE };
  await scene.broker.publish("test", letter, route);
  await scene.quiet();
  expect(letter.headers["x-dead-attempts"]).toBe(3);
  const attempts = scene.infos.map(({ attempt }) => attempt);
  expect(attempts).toEqual([1, 2, 3, 1, 2, 3]);
});

test("a copy is handled once, and can be seen to be passed over", async () => {
  const scene = await started();
  await scene.send();
  await scene.send();
  await scene.quiet();
  expect(scene.types).toEqual(["Captured"]);
  const done = scene.events.filter(({ kind }) => kind === "completed");
  expect(done.map(({ operation }) => operation)).toEqual([
    "receive.Captured",
    "receive.duplicate",
  ]);
});

test("messages of two types may have one id", async () => {
  const scene = await started();
  await scene.send();
  await scene.send({ type: "Failed" });
  await scene.quiet();
  expect(scene.types).toEqual(["Captured", "Failed"]);
});

test("a message whose acknowledgement was lost comes again, and is done", async () => {
  const scene = await started();
  let disconnect = () => scene.broker.disconnect();
  scene.work = async () => {
    disconnect();
    disconnect = () => undefined;
  };
  await scene.send();
  await scene.quiet();
  expect(scene.types).toEqual(["Captured"]);
  expect(scene.broker.unsettled(QUEUE)).toBe(0);
  expect(scene.broker.messages(QUEUE)).toEqual([]);
});

test.each([
  ["property", { correlationId: "request-1" }],
  ["header", { headers: { "x-request-id": "request-1" } }],
])("the correlation id comes in the %s", async (_, changes) => {
  const scene = await started();
  const ids: (string | undefined)[] = [];
  scene.work = async (info) => {
    ids.push(correlationId(), info.correlationId);
  };
  await scene.send(changes);
  await scene.quiet();
  expect(ids).toEqual(["request-1", "request-1"]);
  expect(scene.events[0]?.correlationId).toBe("request-1");
});

test("no more messages are under way than prefetch allows", async () => {
  const scene = await started();
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  scene.work = () => gate;
  for (const id of ["m-1", "m-2", "m-3"]) await scene.send({ id });
  await turnOfEvents();
  expect(scene.types).toHaveLength(2);
  open();
  await scene.quiet();
  expect(scene.types).toHaveLength(3);
});

test("stopping gives back what does not finish in time", async () => {
  const scene = await started();
  scene.work = () => new Promise(() => undefined);
  await scene.send();
  await turnOfEvents();
  const stopping = scene.consumer.stop();
  await turnOfEvents();
  scene.clock.advance(5);
  await stopping;
  expect(scene.broker.messages(QUEUE).map(({ id }) => id)).toEqual(["m-1"]);
  expect(scene.events.at(-1)?.kind).toBe("cancelled");
  await scene.send({ id: "m-2" });
  await scene.quiet();
  expect(scene.types).toHaveLength(1);
});

test("a message without handler is refused at the start", async () => {
  const scene = new Scene();
  const subscription = new Subscription(QUEUE, {
    address: "a",
    expected: ["Captured", "Failed"],
  });
  subscription.add(CAPTURED, async () => undefined);
  const starting = scene.consuming(subscription).start(TOPOLOGY);
  await expect(starting).rejects.toThrow(ConfigurationError);
});

test("a start that fails leaves no connection", async () => {
  const scene = new Scene();
  const close = vi.spyOn(scene.broker, "close");
  const subscription = new Subscription("nowhere", {
    address: "a",
    expected: [],
  });
  subscription.add(CAPTURED, async () => undefined);
  const starting = scene.consuming(subscription).start(TOPOLOGY);
  await expect(starting).rejects.toThrow(NotFound);
  expect(close).toHaveBeenCalledOnce();
});

test("a dead-letter queue that fails leaves the message where it is", async () => {
  const scene = await started();
  scene.errors.push(new Reject("no such order"));
  await scene.send();
  vi.spyOn(scene.broker, "publish").mockRejectedValueOnce(
    new Unroutable("shop", "move", "the broker is full"),
  );
  await scene.quiet();
  expect(scene.types).toHaveLength(2);
  expect(scene.dead()).toEqual([]);
});
