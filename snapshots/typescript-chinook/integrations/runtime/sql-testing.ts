// What tests of a database need: tables, and a way to undo what was done.
// Written by integrate (runtime/sql-testing). Yours to edit.

import { type Kysely, sql } from "kysely";

import type { IntegrationError } from "./errors.js";

/**
 * Undoes what `work` does in an open transaction, and lets it fail as `allowed`
 * says.
 */
export async function rolledBack<DB>(
  db: Kysely<DB>,
  work: () => Promise<unknown>,
  allowed?: typeof IntegrationError,
): Promise<void> {
  await sql`savepoint undo`.execute(db);
  try {
    await work();
  } catch (error) {
    if (!allowed || !(error instanceof allowed)) throw error;
  } finally {
    await sql`rollback to savepoint undo`.execute(db);
  }
}
