// `customer`: every operation, on SQLite and on the server.
// Written by integrate from answers. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../../runtime/errors.js";
import { inserted, rolledBack } from "../../../runtime/sql-testing.js";
import type { BigIntegerInput } from "../../../runtime/sql-types.js";
import type { NewCustomer, Transaction } from "../../index.js";
import { live, offline, setUp } from "../setup.js";

const TABLE = {
  name: ["customer"],
  columns: {
    id: "bigint not null",
    name: "text not null",
    email: "text",
    created_at: "timestamptz not null",
  },
  key: ["id"],
};

function row(key: BigIntegerInput = "1"): NewCustomer {
  return {
    id: key,
    name: "a",
    email: "a",
    created_at: new Date("2026-01-01T00:00:00Z"),
  };
}

it("gets what was inserted", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.customer.insert(row());
  expect(await crm.customer.get(stored.id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const crm = await setUp(TABLE);
  await expect(crm.customer.get("1")).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const crm = await setUp(TABLE);
  const rows = [];
  for (const values of [row(), row("2"), row("3")])
    rows.push(await crm.customer.insert(values));
  const listed = [];
  for await (const found of crm.customer.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.customer.insert(row());
  const rows = crm.customer.list({ where: (eb) => eb("id", "=", stored.id) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const crm = await setUp(TABLE);
  await crm.customer.insert(row());
  await expect(crm.customer.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const crm = await setUp(TABLE);
  await crm.customer.upsert(row());
  const changed = await crm.customer.upsert({ ...row(), name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("sets only what is given", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.customer.insert(row());
  const changed = await crm.customer.update(stored.id, { name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
  const cleared = await crm.customer.update(stored.id, { email: null });
  expect(cleared.email).toBeNull();
});

it("deletes the row", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.customer.insert(row());
  await crm.customer.delete(stored.id);
  await expect(crm.customer.delete(stored.id)).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  const work = async (tx: Transaction): Promise<void> => {
    const insert = () => tx.customer.insert(row());
    const { value } = await tx.customer.list({ pageSize: 2 }).next();
    const found = value ?? (await inserted(tx.db, insert, skip));
    expect(await tx.customer.get(found.id)).toEqual(found);
    await rolledBack(tx.db, async () => {
      await tx.customer.update(found.id, { name: found.name });
      await tx.customer.upsert({
        id: found.id,
        name: found.name,
        email: found.email,
        created_at: found.created_at,
      });
    });
    const remove = () => tx.customer.delete(found.id);
    await rolledBack(tx.db, remove, InvalidRequest);
  };
  await live.transaction((tx) => rolledBack(tx.db, () => work(tx)));
});
