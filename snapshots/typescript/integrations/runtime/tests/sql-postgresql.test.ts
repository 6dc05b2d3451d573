// What of PostgreSQL can be checked without it.
// Written by integrate (runtime/sql-postgresql). Yours to edit.

import { expect, it } from "vitest";

import { milliseconds, textArray } from "../sql-postgresql.js";

it.each([
  ["{}", []],
  ["{(1,1),(0,0);(3,3),(2,2)}", ["(1,1),(0,0)", "(3,3),(2,2)"]],
  [
    '{{a;b};{NULL;"N;{}\\"\\\\"}}',
    [
      ["a", "b"],
      [null, 'N;{}"\\'],
    ],
  ],
  ['{"NULL";"[1]"}', ["NULL", "[1]"]],
])("reads the array %s", (text, items) => {
  expect(textArray(text, ";")).toEqual(items);
});

it("takes an infinite limit for none", () => {
  expect([0.5, Infinity].map(milliseconds)).toEqual([500, 0]);
});
