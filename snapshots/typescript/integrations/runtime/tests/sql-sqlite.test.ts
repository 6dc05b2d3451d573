// Types that SQLite does not have: what is put in comes out.
// Written by integrate (runtime/tests/sql-sqlite). Yours to edit.

import { Kysely, sql } from "kysely";
import { describe, expect, it } from "vitest";

import { InvalidRequest, UnexpectedResponse } from "../errors.js";
import { Secret } from "../secrets.js";
import { ValueFault } from "../sql-errors.js";
import { SQL_DEFAULTS } from "../sql-options.js";
import { sqliteDialect } from "../sql-sqlite.js";
import { createTable } from "../sql-testing.js";

const MOMENT = new Date("2026-01-01T12:00:00.123Z");
const WIDE = "9007199254740993";

function open(schemas: readonly string[] = []) {
  const options = { ...SQL_DEFAULTS, url: new Secret("sqlite::memory:") };
  return new Kysely<Record<string, Record<string, unknown>>>({
    dialect: sqliteDialect("tests", options, schemas),
  });
}

/** Puts a value into a column of a type and returns what is read. */
async function kept(type: string, value: unknown): Promise<unknown> {
  const db = open();
  const columns = { value: type };
  await createTable(db, { name: ["one"], columns, key: [] });
  const row = await db
    .insertInto("one")
    .values({ value })
    .returningAll()
    .executeTakeFirstOrThrow();
  expect(await db.selectFrom("one").selectAll().execute()).toEqual([row]);
  return row["value"];
}

describe("a column", () => {
  it.each([
    ["boolean", true],
    ["integer", 1],
    ["bigint", WIDE],
    ["numeric(10, 2)", "1.50"],
    ["decimal(10, 5)", "12.123456"],
    ["decimal(10, 5)", "0.00000012"],
    ["decimal(4)", "12"],
    ["real", 1.5],
    ["text", "1"],
    ["blob", new Uint8Array([0, 255])],
    ["timestamptz", MOMENT],
    ["timestamp  with time zone", MOMENT],
    ["", "a"],
    ["integer[]", [1, 2]],
    ["bigint[]", [WIDE, "1"]],
    ["numeric[]", ["1.50"]],
    ["text[]", ["a", null, 'b"']],
    ["timestamptz[]", [MOMENT]],
    ["boolean[]", [[true], [false, true]]],
  ])("of the type `%s` keeps its values", async (type, value) => {
    expect(await kept(type, value)).toEqual(value);
  });

  it("may be null", async () => {
    expect(await kept("json", null)).toBeNull();
    expect(await kept("text[]", null)).toBeNull();
  });

  it("gives JSON as a value", async () => {
    const value = { a: [1, "b", null] };
    expect(await kept("json", JSON.stringify(value))).toEqual(value);
    expect(await kept("jsonb[]", [JSON.stringify(value)])).toEqual([value]);
  });

  it("gives bytes of an array", async () => {
    const bytes = [new Uint8Array([0, 255])];
    expect(await kept("blob[]", bytes)).toEqual(bytes);
  });

  it("gives whole numbers that are too wide for a number as they are", async () => {
    expect(await kept("integer", BigInt(WIDE))).toBe(BigInt(WIDE));
  });
});

describe("a value that does not fit", () => {
  it.each([
    ["bigint", 2n ** 63n, "a whole number of more than 64 bits"],
    ["bigint", "9223372036854775808", "value takes a bigint"],
    ["json", "{", "value takes a json"],
    ["boolean", "f", "value takes a boolean"],
  ])("is refused by the type `%s`", async (type, value, reason) => {
    const fault = new ValueFault(InvalidRequest, reason);
    await expect(kept(type, value)).rejects.toMatchObject(fault);
  });

  it.each([
    ["boolean", "f"],
    ["json", "{"],
    ["timestamptz", "never"],
    ["text[]", "{"],
  ])("is not read from the type `%s`", async (type, value) => {
    const db = open();
    const columns = { value: type };
    await createTable(db, { name: ["one"], columns, key: [] });
    await sql`insert into one values (${value})`.execute(db);
    const fault = new ValueFault(UnexpectedResponse, `value holds no ${type}`);
    const reading = db.selectFrom("one").selectAll().execute();
    await expect(reading).rejects.toMatchObject(fault);
  });
});

it("has a file beside it for each schema", async () => {
  const db = open(['say "hi"']);
  const name = ['say "hi"', "a"];
  await createTable(db, { name, columns: { id: "integer" }, key: ["id"] });
  await sql`insert into ${sql.id(...name)} values (1)`.execute(db);
  const { rows } = await sql`select * from ${sql.id(...name)}`.execute(db);
  expect(rows).toEqual([{ id: 1 }]);
});
