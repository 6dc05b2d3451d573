// `employee`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewEmployee } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewEmployee {
  return {
    employee_id: key,
    last_name: "a",
    first_name: "a",
    title: "a",
    reports_to: 1,
    birth_date: "2026-01-01 00:00:00",
    hire_date: "2026-01-01 00:00:00",
    address: "a",
    city: "a",
    state: "a",
    country: "a",
    postal_code: "a",
    phone: "a",
    fax: "a",
    email: "a",
  };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.employee.insert(row());
  expect(await chinook.employee.get(stored.employee_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.employee.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.employee.insert(values));
  const listed = [];
  for await (const found of chinook.employee.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.employee.insert(row());
  const where = { employee_id: stored.employee_id };
  const rows = chinook.employee.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.employee.insert(row());
  await expect(chinook.employee.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.employee.upsert(row());
  const changed = await chinook.employee.upsert({ ...row(), last_name: "b" });
  expect(changed).toMatchObject({ ...row(), last_name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.employee.insert(row());
  const changed = await chinook.employee.update(stored.employee_id, {
    last_name: "b",
  });
  expect(changed).toMatchObject({ ...row(), last_name: "b" });
  const cleared = await chinook.employee.update(stored.employee_id, {
    title: null,
  });
  expect(cleared.title).toBeNull();
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.employee.insert(row());
  await chinook.employee.delete(stored.employee_id);
  await expect(chinook.employee.delete(stored.employee_id)).rejects.toThrow(
    NotFound,
  );
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.employee.list({ pageSize: 2 }).next();
    if (!row) return skip("employee is empty");
    expect(await tx.employee.get(row.employee_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.employee.update(row.employee_id, { last_name: row.last_name });
      await tx.employee.upsert(row);
    });
    const remove = () => tx.employee.delete(row.employee_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
