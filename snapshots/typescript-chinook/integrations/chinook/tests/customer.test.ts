// `customer`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewCustomer } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewCustomer {
  return {
    customer_id: key,
    first_name: "a",
    last_name: "a",
    company: "a",
    address: "a",
    city: "a",
    state: "a",
    country: "a",
    postal_code: "a",
    phone: "a",
    fax: "a",
    email: "a",
    support_rep_id: 1,
  };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.customer.insert(row());
  expect(await chinook.customer.get(stored.customer_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.customer.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.customer.insert(values));
  const listed = [];
  for await (const found of chinook.customer.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.customer.insert(row());
  const where = { customer_id: stored.customer_id };
  const rows = chinook.customer.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.customer.insert(row());
  await expect(chinook.customer.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.customer.upsert(row());
  const changed = await chinook.customer.upsert({ ...row(), first_name: "b" });
  expect(changed).toMatchObject({ ...row(), first_name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.customer.insert(row());
  const changed = await chinook.customer.update(stored.customer_id, {
    first_name: "b",
  });
  expect(changed).toMatchObject({ ...row(), first_name: "b" });
  const cleared = await chinook.customer.update(stored.customer_id, {
    company: null,
  });
  expect(cleared.company).toBeNull();
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.customer.insert(row());
  await chinook.customer.delete(stored.customer_id);
  await expect(chinook.customer.delete(stored.customer_id)).rejects.toThrow(
    NotFound,
  );
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.customer.list({ pageSize: 2 }).next();
    if (!row) return skip("customer is empty");
    expect(await tx.customer.get(row.customer_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.customer.update(row.customer_id, { first_name: row.first_name });
      await tx.customer.upsert(row);
    });
    const remove = () => tx.customer.delete(row.customer_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
