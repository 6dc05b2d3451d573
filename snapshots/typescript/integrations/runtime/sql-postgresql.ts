// Connections to PostgreSQL, and how its values become JavaScript's.
// Written by integrate (runtime/sql-postgresql). Yours to edit.

import pg from "pg";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresDialect,
} from "kysely";

import type { SqlOptions } from "./sql-options.js";

const { builtins, getTypeParser } = pg.types;

/** What `pg` does with a type that it does not know. */
const AS_IS = getTypeParser(builtins.INET);

/**
 * Read as the text that PostgreSQL shows: times without a zone, which
 * JavaScript would move into the machine's own, and what it has no type for.
 */
const AS_TEXT = new Set<number>([
  builtins.DATE,
  builtins.TIME,
  builtins.TIMETZ,
  builtins.TIMESTAMP,
  builtins.INTERVAL,
  26, // oid
  600, // point
  718, // circle
]);

/** Arrays of those, and of exact numbers, read as arrays of text. */
const AS_TEXT_ARRAY = new Set<number>([
  1017, 1028, 1115, 1182, 1183, 1187, 1231, 1270,
]);
const TEXT_ARRAY = 1009;

/** Arrays of types that the database itself defines, or that `pg` does not know. */
const ARRAYS = `
  select oid::int8 as oid, typdelim::text as delimiter from pg_type
  where typinput = 'array_in'::regproc`;

export function postgresqlDialect(
  service: string,
  options: SqlOptions,
): Dialect {
  const arrays = new Map<number, string>();
  const pool = new pg.Pool({
    application_name: service,
    connectionString: options.url.reveal(),
    connectionTimeoutMillis: milliseconds(options.connectTimeoutSeconds),
    lock_timeout: milliseconds(options.lockTimeoutSeconds),
    max: options.poolSize,
    maxLifetimeSeconds: milliseconds(options.poolRecycleSeconds) / 1000,
    options: options.readOnly ? "-c default_transaction_read_only=on" : "",
    statement_timeout: milliseconds(options.statementTimeoutSeconds),
    types: {
      getTypeParser: (type: number, format?: "text" | "binary") =>
        parser(type, arrays.get(type), format),
    },
  });
  // A connection that breaks also emits `error`, which ends the process where
  // nobody listens. Whoever uses the connection is told by the statement that
  // fails.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      if (arrays.size === 0)
        for (const { oid, delimiter } of await unknownArrays(connection))
          arrays.set(Number(oid), delimiter);
    },
  });
}

/** Returns a limit as `pg` and PostgreSQL take it: 0 is none. */
export function milliseconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.max(1, Math.round(seconds * 1000)) : 0;
}

/** Returns the arrays that `pg` would leave as one text: those of enums, say. */
async function unknownArrays(
  connection: DatabaseConnection,
): Promise<Arrays[]> {
  const query = CompiledQuery.raw(ARRAYS);
  const { rows } = await connection.executeQuery<Arrays>(query);
  return rows.filter(({ oid }) => {
    const type = Number(oid);
    return !AS_TEXT_ARRAY.has(type) && getTypeParser(type) === AS_IS;
  });
}

interface Arrays {
  readonly oid: string;
  /** What stands between items: a comma, but for a few types. */
  readonly delimiter: string;
}

function parser(
  type: number,
  delimiter: string | undefined,
  format?: "text" | "binary",
): (text: string) => unknown {
  if (AS_TEXT.has(type)) return String;
  if (delimiter !== undefined && delimiter !== ",")
    return (text) => textArray(text, delimiter);
  const isText = delimiter !== undefined || AS_TEXT_ARRAY.has(type);
  return getTypeParser(isText ? TEXT_ARRAY : type, format);
}

/** Reads an array as PostgreSQL writes it, whatever stands between items. */
export function textArray(text: string, delimiter: string): unknown {
  const signs = new Map([
    ["{", "["],
    ["}", "]"],
    [delimiter, ","],
    ["NULL", "null"],
  ]);
  const between = `{}${delimiter}`;
  const token = new RegExp(
    `"(?:[^"\\\\]|\\\\.)*"|[^${between}]+|[${between}]`,
    "gs",
  );
  const json = text.replace(token, (found) => {
    const item = found.replace(/^"(.*)"$/s, (_, inner: string) =>
      inner.replace(/\\(.)/gs, "$1"),
    );
    return signs.get(found) ?? JSON.stringify(item);
  });
  return JSON.parse(json);
}
