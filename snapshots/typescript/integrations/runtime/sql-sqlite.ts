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

const LONGEST_MS = 2 ** 31 - 1;

type Statement = ReturnType<DatabaseSync["prepare"]>;
type Decode = (value: unknown) => unknown;

/**
 * Opens `sqlite:///file` or `sqlite::memory:`, and each of `schemas` beside it.
 */
export function sqliteDialect(
  _service: string,
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
      timeout: Math.min(lockTimeoutSeconds * 1000, LONGEST_MS),
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
  if (Array.isArray(value)) return JSON.stringify(value, item);
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "number" || typeof value === "bigint") return value;
  return String(value);
}

/** Returns what JSON can hold of an item of an array. */
function item(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array
    ? Buffer.from(value).toString("hex")
    : value;
}

const text: Decode = String;
const number: Decode = (value) =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value))
    ? Number(value)
    : value;
const moment: Decode = (value) => new Date(String(value));
const json: Decode = (value) => JSON.parse(String(value));

/** How to read a column, by the first word of its type that is found here. */
const DECODERS: readonly (readonly [RegExp, Decode])[] = [
  [/^(bigint|int8|unsigned big int)/, text],
  [/^bool/, Boolean],
  [/^(timestamptz|timestamp with time zone)/, moment],
  [/^json/, json],
  [/^(numeric|decimal|dec|money)\b/, text],
];

/** Returns how to read a column, by the type it was declared with. */
function decoder(declared: string): Decode {
  const type = declared.trim().toLowerCase().replace(/\s+/g, " ");
  if (type.endsWith("[]")) {
    const each = itemDecoder(type.replace(/(\[\])+$/, ""));
    return (value) => eachOf(JSON.parse(String(value)), each);
  }
  const scale = /^(?:numeric|decimal|dec) ?\(\d+ ?, ?(\d+)\)/.exec(type)?.[1];
  if (scale !== undefined) return (value) => fixed(value, Number(scale));
  return DECODERS.find(([word]) => word.test(type))?.[1] ?? number;
}

/** Returns how to read what `item` made JSON of. */
function itemDecoder(type: string): Decode {
  if (/^(blob|bytea)/.test(type))
    return (value) => new Uint8Array(Buffer.from(String(value), "hex"));
  return decoder(type);
}

function eachOf(value: unknown, decode: Decode): unknown {
  if (Array.isArray(value)) return value.map((one) => eachOf(one, decode));
  return value === null ? null : decode(value);
}

/** Returns a decimal with all digits behind the point; text is kept as it is. */
function fixed(value: unknown, scale: number): string {
  if (typeof value === "bigint")
    return scale > 0 ? `${value}.${"0".repeat(scale)}` : String(value);
  return typeof value === "number"
    ? value.toFixed(Math.min(scale, 100))
    : String(value);
}
