// What tests of a database need: tables, and a way to undo what was done.
// Written by integrate (runtime/sql-testing). Yours to edit.

import { type QueryExecutorProvider, SqliteAdapter, sql } from "kysely";

import { IntegrationError } from "./errors.js";

/**
 * Undoes what `work` does in an open transaction, and lets it fail as `allowed`
 * says.
 */
export async function rolledBack(
  db: QueryExecutorProvider,
  work: () => Promise<unknown>,
  ...allowed: readonly (typeof IntegrationError)[]
): Promise<void> {
  await sql`savepoint undo`.execute(db);
  try {
    await work();
  } catch (error) {
    if (!allowed.some((kind) => error instanceof kind)) throw error;
  } finally {
    await sql`rollback to savepoint undo`.execute(db);
    await sql`release savepoint undo`.execute(db);
  }
}

/**
 * Inserts the first row of a table; what it refers to need not be there.
 *
 * Calls `skip`, which throws, where the database takes no such row: foreign
 * keys that are not `DEFERRABLE`, checks, triggers.
 */
export async function inserted<T>(
  db: QueryExecutorProvider,
  insert: () => Promise<T>,
  skip: (why: string) => never,
): Promise<T> {
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  const defer = isSqlite
    ? sql`pragma defer_foreign_keys = on`
    : sql`set constraints all deferred`;
  await defer.execute(db);
  try {
    return await insert();
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const why = "the table is empty and does not take a made-up row";
    return skip(`${why}: ${error.message}`);
  }
}

/** A table as SQLite has it for a test: without what refers to others. */
export interface TestTable {
  /** Its name, behind that of its schema where it has another. */
  readonly name: readonly string[];
  /** What each column is declared with. */
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
}

/** Creates a table that is empty and can be tested alone. */
export async function createTable(
  db: QueryExecutorProvider,
  { name, columns, key }: TestTable,
): Promise<void> {
  const lines = Object.entries(columns).map(
    ([column, declared]) => sql`${sql.id(column)} ${sql.raw(declared)}`,
  );
  if (key.length > 0) {
    const parts = key.map((column) => sql.id(column));
    lines.push(sql`primary key (${sql.join(parts)})`);
  }
  await sql`create table ${sql.id(...name)} (${sql.join(lines)})`.execute(db);
}

/** Returns JSON as it is written, and SQL's NULL as it is. */
export function asJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
