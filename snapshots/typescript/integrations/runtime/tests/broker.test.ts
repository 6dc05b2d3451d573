// Names, routing and topology, the same for every broker.
// Written by integrate (runtime/broker). Yours to edit.

import { expect, test } from "vitest";

import { matches, workQueues } from "../broker.js";
import { decode, encode, parameters, routingKey } from "../broker-messages.js";

test.each([
  ["a.b", "a.b", true],
  ["a.b", "a", false],
  ["a.*", "a.b", true],
  ["a.*", "a", false],
  ["a.*", "a.b.c", false],
  ["#", "", true],
  ["#", "a.b", true],
  ["a.#", "a", true],
  ["a.#.c", "a.b.b.c", true],
  ["a.#.c", "a.b", false],
  ["*", "", false],
])("topic pattern %s and key %s: %s", (pattern, key, fits) => {
  expect(matches(pattern, key)).toBe(fits);
});

test("a work queue has a queue for each delay and one for dead letters", () => {
  const bindings = [{ exchange: "e", routingKey: "a.*" }];
  const type = "quorum" as const;
  const retryDelaysSeconds = [0.5, 2, 2];
  expect(workQueues("q", bindings, { type, retryDelaysSeconds })).toEqual([
    { name: "q", type, bindings, deadLetterQueue: "q.dead" },
    { name: "q.retry.500ms", type, deadLetterQueue: "q", ttlSeconds: 0.5 },
    { name: "q.retry.2000ms", type, deadLetterQueue: "q", ttlSeconds: 2 },
    { name: "q.dead", type },
  ]);
});

test("parameters are filled in and read back", () => {
  const address = "stock.{region}.reserve.{sku}";
  const key = routingKey(address, { region: "eu", sku: "A-1" });
  expect(key).toBe("stock.eu.reserve.A-1");
  expect(parameters(address, key)).toEqual({ region: "eu", sku: "A-1" });
  expect(parameters(address, "stock.eu.reserve")).toEqual({});
  expect(parameters("stock.reserve", "stock.reserve")).toEqual({});
});

test("where an address has slashes, they part its words", () => {
  expect(parameters("light/{id}", "light/a1")).toEqual({ id: "a1" });
  expect(parameters("light/{id}", "light/a/1")).toEqual({});
  expect(() => routingKey("light/{id}", { id: "a/1" })).toThrow(RangeError);
  expect(routingKey("light.{id}", { id: "a/1" })).toBe("light.a/1");
});

test("a message that may be empty is, where its payload is null", () => {
  const ids = { id: "m-1", correlationId: "" };
  const empty = encode({ name: "Ping", mayBeEmpty: true }, null, {}, ids);
  expect(empty.body).toHaveLength(0);
  expect(decode({ name: "Ping", mayBeEmpty: true }, empty).payload).toBeNull();
  expect(() => decode({ name: "Ping" }, empty)).toThrow("not JSON");
  const written = encode({ name: "Ping" }, null, {}, ids);
  expect(written.body.toString()).toBe("null");
});
