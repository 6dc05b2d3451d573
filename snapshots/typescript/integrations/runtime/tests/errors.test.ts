import { expect, it } from "vitest";

import { IntegrationError, NotFound, RateLimited } from "../errors.js";
import { withCorrelationId } from "../events.js";

it("says where, what and how bad", () => {
  const error = new NotFound("test", "get", "HTTP 404", {
    status: 404,
    context: { body: "gone" },
  });
  expect(String(error)).toBe("NotFound: test get: HTTP 404");
  expect(error).toBeInstanceOf(IntegrationError);
  expect(error).toMatchObject({
    status: 404,
    severity: "error",
    retryable: false,
    notApplied: false,
  });
});

it("details go before what the kind says", () => {
  expect(new RateLimited("test", "get", "wait")).toMatchObject({
    retryable: true,
    severity: "warning",
  });
  expect(
    new RateLimited("test", "get", "wait", { retryable: false }).retryable,
  ).toBe(false);
});

it("carries the correlation id it was made under", () => {
  const error = withCorrelationId(
    () => new NotFound("test", "get", "gone"),
    "request-1",
  );
  expect(error.correlationId).toBe("request-1");
});
