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

import { InvalidRequest, UnexpectedResponse } from "./errors.js";
import { ValueFault } from "./sql-errors.js";
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
    const isWrite = !/^\s*select\b/i.test(sql);
    return new Prepared(this.#database.prepare(sql), isWrite);
  }

  close(): void {
    this.#database.close();
  }
}

interface Column {
  readonly type: string;
  readonly decode: Decode;
}

class Prepared implements SqliteStatement {
  readonly reader: boolean;
  readonly #statement: Statement;
  readonly #isWrite: boolean;
  readonly #columns: ReadonlyMap<string, Column>;

  constructor(statement: Statement, isWrite: boolean) {
    const columns = statement.columns();
    this.#statement = statement;
    this.#statement.setReadBigInts(true);
    this.#isWrite = isWrite;
    this.#columns = new Map(
      columns.map(({ name, type }) => [
        name,
        { type: type ?? "", decode: decoder(type ?? "") },
      ]),
    );
    this.reader = columns.length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    const sent = parameters.map(encode);
    return this.#statement.all(...sent).map((row) => this.#row(row, sent));
  }

  run(parameters: readonly unknown[]): ReturnType<SqliteStatement["run"]> {
    return this.#statement.run(...parameters.map(encode));
  }

  *iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    const sent = parameters.map(encode);
    for (const row of this.#statement.iterate(...sent))
      yield this.#row(row, sent);
  }

  #row(row: Record<string, unknown>, sent: readonly SQLInputValue[]): unknown {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const column = this.#columns.get(name);
        if (value === null || !column) return [name, value];
        try {
          return [name, column.decode(value)];
        } catch (cause) {
          throw this.#fault(name, column.type, value, sent, cause);
        }
      }),
    );
  }

  /** Says whether a value that cannot be read was there, or has just been sent. */
  #fault(
    name: string,
    type: string,
    value: unknown,
    sent: readonly SQLInputValue[],
    cause: unknown,
  ): ValueFault {
    const isSent =
      this.#isWrite &&
      sent.some((one) => one === value || Number(one) === value);
    return isSent
      ? new ValueFault(InvalidRequest, `${name} takes a ${type}`, cause)
      : new ValueFault(UnexpectedResponse, `${name} holds no ${type}`, cause);
  }
}

/** Returns what SQLite can keep: it has no booleans, moments, arrays. */
function encode(value: unknown): SQLInputValue {
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return JSON.stringify(value, item);
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value)
    throw new ValueFault(InvalidRequest, "a whole number of more than 64 bits");
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
/** A number beyond 64 bits is no whole number any more. */
const wide: Decode = (value) => {
  if (typeof value === "number" && Math.abs(value) >= 2 ** 63)
    throw new RangeError("a number of more than 64 bits");
  return String(value);
};
const truth: Decode = (value) => {
  const number = typeof value === "string" ? NaN : Number(value);
  if (number !== 0 && number !== 1) throw new TypeError("neither 0 nor 1");
  return number === 1;
};
const moment: Decode = (value) => {
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new TypeError("no point in time");
  return date;
};
const json: Decode = (value) => JSON.parse(String(value));

/** How to read a column, by the first word of its type that is found here. */
const DECODERS: readonly (readonly [RegExp, Decode])[] = [
  [/^(bigint|int8|unsigned big int)/, wide],
  [/^bool/, truth],
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

/**
 * Returns a decimal with `scale` digits behind the point, or as many more as it
 * has; text is kept as it is.
 */
function fixed(value: unknown, scale: number): string {
  if (typeof value === "bigint")
    return scale > 0 ? `${value}.${"0".repeat(scale)}` : String(value);
  if (typeof value !== "number") return String(value);
  return value.toFixed(Math.min(Math.max(scale, fraction(value)), 100));
}

/** Returns how many digits behind the point a number has. */
function fraction(value: number): number {
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  return digits.replace(/^-?\d\.?/, "").length - Number(exponent);
}
