// `media_type`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewMediaType } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewMediaType {
  return { media_type_id: key, name: "a" };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.mediaType.insert(row());
  expect(await chinook.mediaType.get(stored.media_type_id)).toMatchObject(
    row(),
  );
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.mediaType.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.mediaType.insert(values));
  const listed = [];
  for await (const found of chinook.mediaType.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.mediaType.insert(row());
  const where = { media_type_id: stored.media_type_id };
  const rows = chinook.mediaType.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.mediaType.insert(row());
  await expect(chinook.mediaType.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.mediaType.upsert(row());
  const changed = await chinook.mediaType.upsert({ ...row(), name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.mediaType.insert(row());
  const changed = await chinook.mediaType.update(stored.media_type_id, {
    name: "b",
  });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.mediaType.insert(row());
  await chinook.mediaType.delete(stored.media_type_id);
  await expect(chinook.mediaType.delete(stored.media_type_id)).rejects.toThrow(
    NotFound,
  );
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.mediaType.list({ pageSize: 2 }).next();
    if (!row) return skip("media_type is empty");
    expect(await tx.mediaType.get(row.media_type_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.mediaType.update(row.media_type_id, { name: row.name });
      await tx.mediaType.upsert(row);
    });
    const remove = () => tx.mediaType.delete(row.media_type_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
