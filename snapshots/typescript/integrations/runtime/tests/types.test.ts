import { expectTypeOf, test } from "vitest";

import type {
  Json,
  Nullable,
  OneOf,
  Open,
  OpenMixed,
  OpenNumber,
} from "../types.js";

test("an open enum takes what the service adds later", () => {
  expectTypeOf("later" as const).toExtend<Open<"now" | "then">>();
  expectTypeOf(3 as const).toExtend<OpenNumber<1 | 2>>();
  expectTypeOf(3 as const).toExtend<OpenMixed<1 | "one">>();
  expectTypeOf(3 as const).not.toExtend<Open<"now" | "then">>();
});

test("a union is narrowed by its tag", () => {
  const read = (pet: OneOf<{ kind: "cat"; lives: 9 } | { kind: "dog" }>) =>
    pet.kind === "cat" ? pet.lives : undefined;
  expectTypeOf(read).returns.toEqualTypeOf<9 | undefined>();
});

test("null is not absent", () => {
  expectTypeOf<undefined>().not.toExtend<Nullable<string>>();
  expectTypeOf<{ a: [null, { b: 1 }] }>().toExtend<Json>();
});
