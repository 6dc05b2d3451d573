// SQLite through Node's own `node:sqlite`, with the values that PostgreSQL
// would give.
// Written by integrate (runtime/sql-sqlite). Yours to edit.

import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import {
  type Dialect,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from "kysely";

import type { SqlOptions } from "./sql-options.js";

type Statement = ReturnType<DatabaseSync["prepare"]>;
type Decode = (value: unknown) => unknown;

/**
 * Opens `sqlite:///file` or `sqlite::memory:`, and each of `schemas` beside it.
 */
export function sqliteDialect(
  options: SqlOptions,
  schemas: readonly string[] = [],
): Dialect {
  const file = options.url.reveal().replace(/^sqlite:(\/\/\/)?/, "");
  return new SqliteDialect({
    database: async () =>
      new Database(file, options.lockTimeoutSeconds, schemas),
  });
}

class Database implements SqliteDatabase {
  readonly #database: DatabaseSync;

  constructor(
    file: string,
    lockTimeoutSeconds: number,
    schemas: readonly string[],
  ) {
    this.#database = new DatabaseSync(file, {
      timeout: lockTimeoutSeconds * 1000,
    });
    for (const schema of schemas) {
      const name = `"${schema.replaceAll('"', '""')}"`;
      const beside = file === ":memory:" ? file : `${file}.${schema}`;
      this.#database.prepare(`ATTACH DATABASE ? AS ${name}`).run(beside);
    }
  }

  prepare(sql: string): SqliteStatement {
    return new Prepared(this.#database.prepare(sql));
  }

  close(): void {
    this.#database.close();
  }
}

class Prepared implements SqliteStatement {
  readonly reader: boolean;
  readonly #statement: Statement;
  readonly #decoders: ReadonlyMap<string, Decode>;

  constructor(statement: Statement) {
    const columns = statement.columns();
    this.#statement = statement;
    this.#statement.setReadBigInts(true);
    this.#decoders = new Map(
      columns.map(({ name, type }) => [name, decoder(type ?? "")]),
    );
    this.reader = columns.length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...parameters.map(encode)).map(this.#row);
  }

  run(parameters: readonly unknown[]): ReturnType<SqliteStatement["run"]> {
    return this.#statement.run(...parameters.map(encode));
  }

  *iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    for (const row of this.#statement.iterate(...parameters.map(encode)))
      yield this.#row(row);
  }

  readonly #row = (row: Record<string, unknown>): unknown =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const decode = this.#decoders.get(name);
        return [name, value === null || !decode ? value : decode(value)];
      }),
    );
}

/** Returns what SQLite can keep: it has no booleans, moments, arrays. */
function encode(value: unknown): SQLInputValue {
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return JSON.stringify(value);
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "number" || typeof value === "bigint") return value;
  return String(value);
}

/** Returns how to read a column, by the type it was declared with. */
function decoder(declared: string): Decode {
  const type = declared.toLowerCase();
  if (/^bigint|^int8/.test(type)) return String;
  if (/^bool/.test(type)) return Boolean;
  if (/^timestamptz|with time zone/.test(type))
    return (value) => new Date(String(value));
  if (/^json|array|\[\]$/.test(type))
    return (value) => JSON.parse(String(value));
  const exact = /^(?:numeric|decimal)(?:\(\d+,\s*(\d+)\))?/.exec(type);
  if (exact) {
    const scale = exact[1];
    return (value) =>
      scale === undefined
        ? String(value)
        : Number(value).toFixed(Number(scale));
  }
  return (value) => (typeof value === "bigint" ? Number(value) : value);
}
