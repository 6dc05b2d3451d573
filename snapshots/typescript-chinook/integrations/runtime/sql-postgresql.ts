// Connections to PostgreSQL, and how its values become JavaScript's.
// Written by integrate (runtime/sql-postgresql). Yours to edit.

import { type Dialect, PostgresDialect } from "kysely";
import pg from "pg";

import type { SqlOptions } from "./sql-options.js";

const { builtins, getTypeParser } = pg.types;

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
  600, // point
  718, // circle
]);

/** Arrays of those, and of exact numbers, read as arrays of text. */
const AS_TEXT_ARRAY = new Set<number>([1115, 1182, 1183, 1187, 1231, 1270]);
const TEXT_ARRAY = 1009;

export function postgresqlDialect(
  service: string,
  options: SqlOptions,
): Dialect {
  const pool = new pg.Pool({
    application_name: service,
    connectionString: options.url.reveal(),
    connectionTimeoutMillis: options.connectTimeoutSeconds * 1000,
    lock_timeout: options.lockTimeoutSeconds * 1000,
    max: options.poolSize,
    maxLifetimeSeconds: options.poolRecycleSeconds,
    options: options.readOnly ? "-c default_transaction_read_only=on" : "",
    statement_timeout: options.statementTimeoutSeconds * 1000,
    types: { getTypeParser: parser },
  });
  // A connection that breaks also emits `error`, which ends the process where
  // nobody listens. Whoever uses the connection is told by the statement that
  // fails.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new PostgresDialect({ pool });
}

function parser(
  type: number,
  format?: "text" | "binary",
): (text: string) => unknown {
  if (AS_TEXT.has(type)) return String;
  return getTypeParser(AS_TEXT_ARRAY.has(type) ? TEXT_ARRAY : type, format);
}
