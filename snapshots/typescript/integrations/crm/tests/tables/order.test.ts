// `order`: every operation, on SQLite and on the server.
// Written by integrate from answers. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../../runtime/errors.js";
import { inserted, rolledBack } from "../../../runtime/sql-testing.js";
import type { BigIntegerInput } from "../../../runtime/sql-types.js";
import type { NewOrder, Transaction } from "../../index.js";
import { live, offline, setUp } from "../setup.js";

const TABLE = {
  name: ["order"],
  columns: {
    id: "bigint not null",
    customer_id: "bigint not null",
    total: "numeric(10, 2) not null",
    placed_at: "timestamptz not null",
  },
  key: ["id"],
};

function row(key: BigIntegerInput = "1"): NewOrder {
  return {
    id: key,
    customer_id: "1",
    total: "1.00",
    placed_at: new Date("2026-01-01T00:00:00Z"),
  };
}

it("gets what was inserted", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.order.insert(row());
  expect(await crm.order.get(stored.id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const crm = await setUp(TABLE);
  await expect(crm.order.get("1")).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const crm = await setUp(TABLE);
  const rows = [];
  for (const values of [row(), row("2"), row("3")])
    rows.push(await crm.order.insert(values));
  const listed = [];
  for await (const found of crm.order.list({ pageSize: 2 })) listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.order.insert(row());
  const rows = crm.order.list({ where: (eb) => eb("id", "=", stored.id) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const crm = await setUp(TABLE);
  await crm.order.insert(row());
  await expect(crm.order.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const crm = await setUp(TABLE);
  await crm.order.upsert(row());
  const changed = await crm.order.upsert({ ...row(), customer_id: "2" });
  expect(changed).toMatchObject({ ...row(), customer_id: "2" });
});

it("sets only what is given", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.order.insert(row());
  const changed = await crm.order.update(stored.id, { customer_id: "2" });
  expect(changed).toMatchObject({ ...row(), customer_id: "2" });
});

it("deletes the row", async () => {
  const crm = await setUp(TABLE);
  const stored = await crm.order.insert(row());
  await crm.order.delete(stored.id);
  await expect(crm.order.delete(stored.id)).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  const work = async (tx: Transaction): Promise<void> => {
    const insert = () => tx.order.insert(row());
    const { value } = await tx.order.list({ pageSize: 2 }).next();
    const found = value ?? (await inserted(tx.db, insert, skip));
    expect(await tx.order.get(found.id)).toEqual(found);
    await rolledBack(tx.db, async () => {
      await tx.order.update(found.id, { customer_id: found.customer_id });
      await tx.order.upsert({
        id: found.id,
        customer_id: found.customer_id,
        total: found.total,
        placed_at: found.placed_at,
      });
    });
    const remove = () => tx.order.delete(found.id);
    await rolledBack(tx.db, remove, InvalidRequest);
  };
  await live.transaction((tx) => rolledBack(tx.db, () => work(tx)));
});
