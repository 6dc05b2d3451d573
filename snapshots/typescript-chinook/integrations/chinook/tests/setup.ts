// `chinook` on SQLite, and on the server that `CHINOOK_TEST_DATABASE_URL`
// names.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { sql } from "kysely";

import { Secret } from "../../runtime/secrets.js";
import { SQL_DEFAULTS } from "../../runtime/sql-options.js";
import { sqliteDialect } from "../../runtime/sql-sqlite.js";
import { Chinook } from "../index.js";
import { SCHEMA } from "./schema.js";

/** Returns the adapter on an empty database in memory. */
export async function setUp(): Promise<Chinook> {
  const chinook = new Chinook({
    ...SQL_DEFAULTS,
    url: new Secret("sqlite::memory:"),
    dialects: { sqlite: (_, options) => sqliteDialect(options) },
  });
  await chinook.transaction(async ({ db }) => {
    for (const statement of SCHEMA) await sql.raw(statement).execute(db);
  });
  return chinook;
}

const { CHINOOK_TEST_DATABASE_URL: url } = process.env;

/** Whether there is no server to test on. */
export const offline = url === undefined;

export const live = new Chinook({
  ...SQL_DEFAULTS,
  url: new Secret(url ?? "postgresql://127.0.0.1:9/none"),
});
