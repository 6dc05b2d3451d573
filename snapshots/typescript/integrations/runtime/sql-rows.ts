// Pages of rows, and what is said of rows that are not there.
// Written by integrate (runtime/sql-rows). Yours to edit.

import type { Expression, ExpressionBuilder, SqlBool } from "kysely";

import { InvalidRequest, NotFound, UnexpectedResponse } from "./errors.js";

export const PAGE_SIZE = 500;

/**
 * A condition such as `(eb) => eb("title", "=", "x")`; its values are always
 * bound.
 */
export type Where<DB, Table extends keyof DB> = (
  eb: ExpressionBuilder<DB, Table>,
) => Expression<SqlBool>;

export interface ListOptions<DB, Table extends keyof DB> {
  readonly where?: Where<DB, Table> | undefined;
  /** Rows read at a time; 500 unless given. */
  readonly pageSize?: number | undefined;
}

export interface ReadOptions<DB, Table extends keyof DB> {
  readonly where?: Where<DB, Table> | undefined;
  /** Most rows to return; all unless given. */
  readonly limit?: number | undefined;
}

interface Service {
  readonly service: string;
}

/**
 * Yields the rows of page after page: `page` reads those after a row, or the
 * first.
 */
export async function* pages<Row>(
  pageSize: number,
  page: (after: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  if (!(pageSize >= 1)) throw new RangeError("pageSize must be at least 1");
  let rows = await page(undefined);
  yield* rows;
  while (rows.length === pageSize) {
    rows = await page(rows.at(-1));
    yield* rows;
  }
}

/**
 * Refuses rows with NULL in their key, which SQLite takes: no page comes after
 * them.
 */
export async function keyed<Row extends object>(
  { service }: Service,
  operation: string,
  key: readonly (keyof Row)[],
  rows: Promise<Row[]>,
): Promise<Row[]> {
  const found = await rows;
  const name = key.find((part) => found.some((row) => row[part] === null));
  if (name === undefined) return found;
  const reason = `a row has NULL in its primary key (${String(name)})`;
  throw new UnexpectedResponse(service, operation, reason);
}

/** Returns what makes the error for a primary key that no row has. */
export function missing(
  { service }: Service,
  operation: string,
  key: Readonly<Record<string, unknown>>,
): () => NotFound {
  const reason = `no row has the primary key ${JSON.stringify(key)}`;
  return () => new NotFound(service, operation, reason);
}

/** Whether any column is given a value: `undefined` is none. */
export function hasValues(columns: object): boolean {
  return Object.values(columns).some((value) => value !== undefined);
}

/** Refuses a key that lacks a part. */
export function required<Value>(
  { service }: Service,
  operation: string,
  name: string,
  value: Value | undefined,
): asserts value is Value {
  if (value !== undefined) return;
  throw new InvalidRequest(service, operation, `the key lacks ${name}`);
}
