// Transactions: what is repeated, what is undone, what a failure is called.
// Written by integrate (runtime/tests/sql). Yours to edit.

import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";

import { Calls, type CallsOptions } from "../calls.js";
import { FakeClock } from "../clock.js";
import {
  ConfigurationError,
  Conflict,
  InvalidRequest,
  PermissionDenied,
  Unavailable,
} from "../errors.js";
import { type CallEvent, Events } from "../events.js";
import { Secret } from "../secrets.js";
import { SqlDatabase, type SqlTransaction } from "../sql.js";
import { sqlError, ValueFault } from "../sql-errors.js";
import { SQL_DEFAULTS } from "../sql-options.js";
import { keyed, pages } from "../sql-rows.js";
import { sqliteDialect } from "../sql-sqlite.js";

interface Notes {
  note: { id: number; text: string };
}

type Tx = SqlTransaction<Notes>;

const file = join(tmpdir(), `notes-${process.pid}.sqlite`);
const url = new Secret(`sqlite:///${file}`);

afterEach(() => rmSync(file, { force: true }));

function setUp(options: CallsOptions & { readOnly?: boolean } = {}) {
  const other = new DatabaseSync(file);
  other.exec(
    "CREATE TABLE IF NOT EXISTS note (id integer PRIMARY KEY, text text NOT NULL)",
  );
  const clock = new FakeClock();
  const { readOnly = false } = options;
  const database = new SqlDatabase<Notes>(
    { ...SQL_DEFAULTS, url, readOnly, lockTimeoutSeconds: 0 },
    new Calls("notes", { clock, ...options }),
    { sqlite: sqliteDialect },
  );
  return { database, clock, other };
}

const add = (tx: Tx, id: number, text = "ours") =>
  tx.write("note.add", (db) =>
    db.insertInto("note").values({ id, text }).execute(),
  );

const all = (tx: Tx) =>
  tx.read("note.all", (db) => db.selectFrom("note").selectAll().execute());

/** An error as the driver makes it when the server goes away. */
const lost = () => new Error("Connection terminated unexpectedly");

/**
 * Lets the next statement that starts with `start` fail as if the server had
 * gone.
 */
function loseAt(tx: Tx, start: string): void {
  const executor = tx.db.getExecutor();
  const provide = executor.provideConnection.bind(executor);
  let isDue = true;
  executor.provideConnection = (consumer, options) =>
    provide((connection) => {
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = async (query, ...rest) => {
        if (!isDue || !query.sql.startsWith(start))
          return execute(query, ...rest);
        isDue = false;
        throw lost();
      };
      return consumer(connection);
    }, options);
}

describe("a transaction", () => {
  it("is repeated as a whole when a lock stood in its way", async () => {
    const { database, other, clock } = setUp();
    other.exec("BEGIN IMMEDIATE; INSERT INTO note VALUES (9, 'theirs')");
    const seen: number[] = [];
    await database.transaction(async (tx) => {
      seen.push((await all(tx)).length);
      if (seen.length === 2) other.exec("ROLLBACK");
      await add(tx, 1);
    });
    expect(seen).toEqual([0, 0]);
    expect(clock.sleeps).toHaveLength(1);
    expect(await database.transaction(all)).toEqual([{ id: 1, text: "ours" }]);
  });

  it("gives up when the lock stays", async () => {
    const { database, other, clock } = setUp();
    other.exec("BEGIN IMMEDIATE");
    const adding = database.transaction((tx) => add(tx, 1));
    await expect(adding).rejects.toThrow(Unavailable);
    expect(clock.sleeps).toHaveLength(2);
    other.exec("ROLLBACK");
  });

  it("is repeated when the connection broke before the commit", async () => {
    const { database } = setUp();
    let runs = 0;
    await database.transaction(async (tx) => {
      runs += 1;
      await add(tx, 1);
      if (runs === 1) throw sqlError("notes", "note.add", lost());
    });
    expect(runs).toBe(2);
    expect(await database.transaction(all)).toHaveLength(1);
  });

  it("is not repeated when it broke during the commit", async () => {
    const { database, clock } = setUp();
    const adding = database.transaction(async (tx) => {
      loseAt(tx, "commit");
      await add(tx, 1);
    });
    await expect(adding).rejects.toMatchObject({
      name: "Unavailable",
      notApplied: false,
    });
    expect(clock.sleeps).toEqual([]);
  });

  it("is repeated even then when it only reads", async () => {
    const { database, clock } = setUp();
    const reading = database.transaction(
      (tx) => {
        if (clock.sleeps.length === 0) loseAt(tx, "commit");
        return all(tx);
      },
      { readOnly: true },
    );
    expect(await reading).toEqual([]);
    expect(clock.sleeps).toHaveLength(1);
  });

  it("is undone when the work throws", async () => {
    const { database } = setUp();
    const failing = database.transaction(async (tx) => {
      await add(tx, 1);
      throw new RangeError("not today");
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await database.transaction(all)).toEqual([]);
  });

  it("is not committed once its deadline has passed", async () => {
    const { database, clock } = setUp();
    const late = database.transaction(async (tx) => {
      await add(tx, 1);
      clock.advance(61);
    });
    await expect(late).rejects.toThrow("no answer within 60 s");
    expect(await database.transaction(all)).toEqual([]);
  });

  it("refuses writes when it is read-only", async () => {
    const { database } = setUp();
    const options = { readOnly: true };
    const adding = database.transaction((tx) => add(tx, 1), options);
    await expect(adding).rejects.toThrow(PermissionDenied);
    const reader = setUp({ readOnly: true }).database;
    const again = reader.transaction((tx) => add(tx, 1));
    await expect(again).rejects.toThrow(PermissionDenied);
    await database.transaction((tx) => add(tx, 1));
  });

  it("is reported", async () => {
    const events = new Events();
    const heard: CallEvent[] = [];
    events.listen((event) => heard.push(event));
    const { database } = setUp({ events });
    await database.read("note.all", async () => []);
    expect(heard.map(({ kind, operation }) => [kind, operation])).toEqual([
      ["started", "note.all"],
      ["completed", "note.all"],
    ]);
  });
});

it("names each failure", async () => {
  const { database } = setUp();
  await database.transaction((tx) => add(tx, 1));
  const twice = database.transaction((tx) => add(tx, 1));
  await expect(twice).rejects.toThrow(Conflict);
  const empty = database.transaction((tx) =>
    sql`insert into note (id) values (2)`.execute(tx.db),
  );
  await expect(empty).rejects.toThrow(InvalidRequest);
});

it("says of a value that does not fit whether it was sent", () => {
  const fault = new ValueFault(InvalidRequest, "flag takes a boolean");
  const error = sqlError("notes", "note.add", fault);
  expect(error).toBeInstanceOf(InvalidRequest);
  expect(error).toMatchObject({ reason: "flag takes a boolean", cause: fault });
});

it("quotes no values in an error about one", () => {
  const message = 'invalid input syntax for type integer: "my-ssn-123"';
  const wrong = Object.assign(new Error(message), { code: "22P02" });
  expect(sqlError("notes", "note.add", wrong)).toMatchObject({
    reason: 'invalid input syntax for type integer: "…"',
  });
});

it("does not work on a connection that came too late", async () => {
  const { database, clock, other } = setUp();
  let runs = 0;
  const late = database.transaction(async () => (runs += 1), {
    timeoutSeconds: 0,
  });
  clock.advance(1);
  await expect(late).rejects.toThrow("no answer within 0 s");
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(0);
  other.close();
});

it("binds values", async () => {
  const { database } = setUp();
  const text = "'); DROP TABLE note; --";
  await database.transaction((tx) => add(tx, 1, text));
  expect(await database.transaction(all)).toEqual([{ id: 1, text }]);
});

it("reads pages until one is not full", async () => {
  const asked: (number | undefined)[] = [];
  const rows = [1, 2, 3, 4];
  const page = async (after: number | undefined) => {
    asked.push(after);
    return rows.filter((row) => row > (after ?? 0)).slice(0, 2);
  };
  const seen = [];
  for await (const row of pages(2, page)) seen.push(row);
  expect(seen).toEqual(rows);
  expect(asked).toEqual([undefined, 2, 4]);
});

it("passes over no row without a key", async () => {
  const rows = Promise.resolve([{ k: "a" }, { k: null }]);
  const found = keyed({ service: "notes" }, "note.list", ["k"], rows);
  await expect(found).rejects.toThrow("a row has NULL in its primary key (k)");
});

it("refuses pages without rows", async () => {
  const none = pages(0, async () => []);
  await expect(none.next()).rejects.toThrow("pageSize must be at least 1");
});

it("refuses another kind of database without showing its password", () => {
  const wrong = new Secret("oracle://scott:tiger@host/db");
  const open = () =>
    new SqlDatabase({ ...SQL_DEFAULTS, url: wrong }, new Calls("notes"), {});
  expect(open).toThrow(ConfigurationError);
  expect(open).not.toThrow("tiger");
});
