// `invoice`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewInvoice } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewInvoice {
  return {
    invoice_id: key,
    customer_id: 1,
    invoice_date: "2026-01-01 00:00:00",
    billing_address: "a",
    billing_city: "a",
    billing_state: "a",
    billing_country: "a",
    billing_postal_code: "a",
    total: "1.00",
  };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoice.insert(row());
  expect(await chinook.invoice.get(stored.invoice_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.invoice.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.invoice.insert(values));
  const listed = [];
  for await (const found of chinook.invoice.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoice.insert(row());
  const where = { invoice_id: stored.invoice_id };
  const rows = chinook.invoice.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.invoice.insert(row());
  await expect(chinook.invoice.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.invoice.upsert(row());
  const changed = await chinook.invoice.upsert({ ...row(), customer_id: 2 });
  expect(changed).toMatchObject({ ...row(), customer_id: 2 });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoice.insert(row());
  const changed = await chinook.invoice.update(stored.invoice_id, {
    customer_id: 2,
  });
  expect(changed).toMatchObject({ ...row(), customer_id: 2 });
  const cleared = await chinook.invoice.update(stored.invoice_id, {
    billing_address: null,
  });
  expect(cleared.billing_address).toBeNull();
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoice.insert(row());
  await chinook.invoice.delete(stored.invoice_id);
  await expect(chinook.invoice.delete(stored.invoice_id)).rejects.toThrow(
    NotFound,
  );
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.invoice.list({ pageSize: 2 }).next();
    if (!row) return skip("invoice is empty");
    expect(await tx.invoice.get(row.invoice_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.invoice.update(row.invoice_id, { customer_id: row.customer_id });
      await tx.invoice.upsert(row);
    });
    const remove = () => tx.invoice.delete(row.invoice_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
