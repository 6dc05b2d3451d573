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
  select oid::int8 as oid from pg_type
  where typinput = 'array_in'::regproc and typdelim = ','`;

export function postgresqlDialect(
  service: string,
  options: SqlOptions,
): Dialect {
  const arrays = new Set<number>();
  const pool = new pg.Pool({
    application_name: service,
    connectionString: options.url.reveal(),
    connectionTimeoutMillis: options.connectTimeoutSeconds * 1000,
    lock_timeout: options.lockTimeoutSeconds * 1000,
    max: options.poolSize,
    maxLifetimeSeconds: options.poolRecycleSeconds,
    options: options.readOnly ? "-c default_transaction_read_only=on" : "",
    statement_timeout: options.statementTimeoutSeconds * 1000,
    types: {
      getTypeParser: (type: number, format?: "text" | "binary") =>
        parser(arrays.has(type) ? TEXT_ARRAY : type, format),
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
        for (const type of await unknownArrays(connection)) arrays.add(type);
    },
  });
}

/** Returns the arrays that `pg` would leave as one text: those of enums, say. */
async function unknownArrays(
  connection: DatabaseConnection,
): Promise<number[]> {
  const query = CompiledQuery.raw(ARRAYS);
  const { rows } = await connection.executeQuery<{ oid: string }>(query);
  return rows
    .map(({ oid }) => Number(oid))
    .filter((oid) => !AS_TEXT_ARRAY.has(oid) && getTypeParser(oid) === AS_IS);
}

function parser(
  type: number,
  format?: "text" | "binary",
): (text: string) => unknown {
  if (AS_TEXT.has(type)) return String;
  return getTypeParser(AS_TEXT_ARRAY.has(type) ? TEXT_ARRAY : type, format);
}
