// `crm` on SQLite, and on the server that `CRM_TEST_DATABASE_URL` names.
// Written by integrate from answers. Yours to edit.

import { Secret } from "../../runtime/secrets.js";
import { SQL_DEFAULTS } from "../../runtime/sql-options.js";
import { sqliteDialect } from "../../runtime/sql-sqlite.js";
import { createTable, type TestTable } from "../../runtime/sql-testing.js";
import { Crm } from "../index.js";

/** Returns the adapter on a database in memory that holds nothing but `table`. */
export async function setUp(table: TestTable): Promise<Crm> {
  const crm = new Crm({
    ...SQL_DEFAULTS,
    url: new Secret("sqlite::memory:"),
    dialects: { sqlite: sqliteDialect },
  });
  await crm.transaction(({ db }) => createTable(db, table));
  return crm;
}

const { CRM_TEST_DATABASE_URL: url } = process.env;

/** Whether there is no server to test on. */
export const offline = url === undefined;

export const live = new Crm({
  ...SQL_DEFAULTS,
  url: new Secret(url ?? "postgresql://127.0.0.1:9/none"),
});
