// What only the server can show: deadlocks, lost connections, timeouts.
// Written by integrate from answers. Yours to edit.

import { sql } from "kysely";
import { describe, expect, it } from "vitest";

import {
  Conflict,
  DeadlineExceeded,
  InvalidRequest,
  PermissionDenied,
  Unavailable,
} from "../../runtime/errors.js";
import { Retry } from "../../runtime/retry.js";
import { Secret } from "../../runtime/secrets.js";
import { SQL_DEFAULTS } from "../../runtime/sql-options.js";
import { Crm, fromEnv, type Transaction } from "../index.js";
import { live, offline } from "./setup.js";

it("reads its settings from the environment", () => {
  const options = fromEnv({
    CRM_DATABASE_URL: "postgresql://h/d",
    CRM_POOL_SIZE: "2",
  });
  expect(options).toMatchObject({ poolSize: 2, lockTimeoutSeconds: 5 });
});

it("says when nobody listens, without the password", async () => {
  const url = new Secret("postgresql://nobody:passw0rd@127.0.0.1:9/none");
  const retry = new Retry({ attempts: 1 });
  const nobody = new Crm({ ...SQL_DEFAULTS, url, retry });
  const failing = nobody.transaction(async () => 1);
  const error: unknown = await failing.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Unavailable);
  expect(String(error)).not.toContain("passw0rd");
});

describe.skipIf(offline)("on the server", () => {
  it("repeats a deadlock", async () => {
    const runs: number[] = [];
    const work = async (tx: Transaction, first: number, second: number) => {
      runs.push(first);
      await sql`select pg_advisory_xact_lock(${first})`.execute(tx.db);
      await sql`select pg_sleep(0.2)`.execute(tx.db);
      await sql`select pg_advisory_xact_lock(${second})`.execute(tx.db);
    };
    await Promise.all([
      live.transaction((tx) => work(tx, 1, 2)),
      live.transaction((tx) => work(tx, 2, 1)),
    ]);
    expect(runs.length).toBeGreaterThan(2);
  });

  it("replaces a lost connection", async () => {
    const statements = [
      "select pg_terminate_backend(pg_backend_pid())",
      "select 1",
    ];
    await live.transaction(async (tx) => {
      await sql.raw(statements.shift() ?? "select 1").execute(tx.db);
    });
    expect(statements).toEqual([]);
  });

  it("names each failure", async () => {
    const run = (statement: string, options = {}) =>
      live.transaction((tx) => sql.raw(statement).execute(tx.db), options);
    await expect(run("select 1 / 0")).rejects.toThrow(InvalidRequest);
    const writing = run("create temporary table t (i int)", { readOnly: true });
    await expect(writing).rejects.toThrow(PermissionDenied);
    const slow = run("select pg_sleep(5)", { timeoutSeconds: 0.2 });
    await expect(slow).rejects.toThrow(DeadlineExceeded);
  });

  it("names no value in an error about one", async () => {
    const wrong = live.transaction((tx) =>
      sql`select cast(${"ssn-1"}::text as integer)`.execute(tx.db),
    );
    const error: unknown = await wrong.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidRequest);
    expect(String(error)).not.toContain("ssn-1");
  });

  it("gives many statements one deadline", async () => {
    const started = performance.now();
    const late = live.transaction(
      async (tx) => {
        for (let count = 0; count < 6; count += 1)
          await sql`select pg_sleep(0.3)`.execute(tx.db);
      },
      { timeoutSeconds: 0.5 },
    );
    await expect(late).rejects.toThrow(DeadlineExceeded);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("does not commit after a failure that was caught", async () => {
    const caught = live.transaction((tx) =>
      sql`select 1 / 0`.execute(tx.db).catch(() => 0),
    );
    await expect(caught).rejects.toThrow(Conflict);
  });

  it("has the isolation that was asked for", async () => {
    const options = { isolation: "serializable" } as const;
    const level = await live.transaction(
      (tx) => sql`show transaction_isolation`.execute(tx.db),
      options,
    );
    expect(level.rows).toEqual([{ transaction_isolation: "serializable" }]);
  });
});
