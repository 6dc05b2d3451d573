import { expect, it, vi } from "vitest";

import {
  type CallEvent,
  correlationId,
  Events,
  withCorrelationId,
} from "../events.js";

const EVENT: CallEvent = {
  kind: "started",
  service: "test",
  operation: "get",
  correlationId: "1",
  attempt: 1,
  seconds: 0,
};

it("tells a listener until it stops", () => {
  const events = new Events();
  const listener = vi.fn();
  const stop = events.listen(listener);
  events.emit(EVENT);
  stop();
  events.emit(EVENT);
  expect(listener.mock.calls).toEqual([[EVENT]]);
});

it("a listener that throws harms nobody", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const events = new Events();
  const listener = vi.fn();
  events.listen(() => {
    throw new Error("bug");
  });
  events.listen(listener);
  events.emit(EVENT);
  expect(listener).toHaveBeenCalledOnce();
  expect(warn).toHaveBeenCalledWith("a listener failed on started: Error: bug");
});

it("the correlation id follows what is awaited, and ends with it", async () => {
  const inner = await withCorrelationId(async (id) => {
    await Promise.resolve();
    return [id, correlationId(), withCorrelationId((same) => same)];
  }, "outer");
  expect(inner).toEqual(["outer", "outer", "outer"]);
  expect(correlationId()).toBeUndefined();
});
