// `invoice_line`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewInvoiceLine } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewInvoiceLine {
  return {
    invoice_line_id: key,
    invoice_id: 1,
    track_id: 1,
    unit_price: "1.00",
    quantity: 1,
  };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoiceLine.insert(row());
  expect(await chinook.invoiceLine.get(stored.invoice_line_id)).toMatchObject(
    row(),
  );
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.invoiceLine.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.invoiceLine.insert(values));
  const listed = [];
  for await (const found of chinook.invoiceLine.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoiceLine.insert(row());
  const where = { invoice_line_id: stored.invoice_line_id };
  const rows = chinook.invoiceLine.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.invoiceLine.insert(row());
  await expect(chinook.invoiceLine.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.invoiceLine.upsert(row());
  const changed = await chinook.invoiceLine.upsert({ ...row(), invoice_id: 2 });
  expect(changed).toMatchObject({ ...row(), invoice_id: 2 });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoiceLine.insert(row());
  const changed = await chinook.invoiceLine.update(stored.invoice_line_id, {
    invoice_id: 2,
  });
  expect(changed).toMatchObject({ ...row(), invoice_id: 2 });
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.invoiceLine.insert(row());
  await chinook.invoiceLine.delete(stored.invoice_line_id);
  await expect(
    chinook.invoiceLine.delete(stored.invoice_line_id),
  ).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.invoiceLine.list({ pageSize: 2 }).next();
    if (!row) return skip("invoice_line is empty");
    expect(await tx.invoiceLine.get(row.invoice_line_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.invoiceLine.update(row.invoice_line_id, {
        invoice_id: row.invoice_id,
      });
      await tx.invoiceLine.upsert(row);
    });
    const remove = () => tx.invoiceLine.delete(row.invoice_line_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
