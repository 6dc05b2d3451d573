import { expect, it } from "vitest";

import { Metrics } from "../metrics.js";

it("adds up by operation", () => {
  const metrics = new Metrics();
  metrics.record("test", "get", { seconds: 0.02, failed: false, retries: 0 });
  metrics.record("test", "get", { seconds: 40, failed: true, retries: 2 });
  metrics.addCost("test", "get", 3);
  metrics.addCost("test", "list", 1);
  expect(metrics.snapshot()).toMatchObject([
    {
      operation: "get",
      calls: 2,
      failures: 1,
      retries: 2,
      secondsTotal: 40.02,
      secondsMax: 40,
      cost: 3,
    },
    { operation: "list", calls: 0, cost: 1 },
  ]);
  expect(metrics.snapshot()[0]?.buckets).toEqual([
    0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
  ]);
});

it("a snapshot does not change", () => {
  const metrics = new Metrics();
  metrics.addCost("test", "get", 3);
  const before = metrics.snapshot();
  metrics.addCost("test", "get", 3);
  expect(before).toMatchObject([{ cost: 3 }]);
});
