// What columns hold, as TypeScript sees it.
// Written by integrate (runtime/sql-types). Yours to edit.

import type { ColumnType } from "kysely";

/** A column of the primary key: given with a new row, never changed. */
export type Key<Value, Insert = Value> = ColumnType<Value, Insert, never>;

/** A column of the primary key that the database fills when it is not given. */
export type GeneratedKey<Value, Insert = Value> = ColumnType<
  Value,
  Insert | undefined,
  never
>;

/** A whole number of 64 bits, as text: a JavaScript number holds 53. */
export type BigInteger = string;

/** What may be written to a column of 64 bits. */
export type BigIntegerInput = string | number | bigint;

/** A decimal number, as text: exact. */
export type Decimal = string;

/** A column of SQLite without a type: what is put in comes out. */
export type Anything = string | number | bigint | Uint8Array;
