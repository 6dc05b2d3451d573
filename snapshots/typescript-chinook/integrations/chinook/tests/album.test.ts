// `album`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewAlbum } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewAlbum {
  return { album_id: key, title: "a", artist_id: 1 };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.album.insert(row());
  expect(await chinook.album.get(stored.album_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.album.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.album.insert(values));
  const listed = [];
  for await (const found of chinook.album.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.album.insert(row());
  const where = { album_id: stored.album_id };
  const rows = chinook.album.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.album.insert(row());
  await expect(chinook.album.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.album.upsert(row());
  const changed = await chinook.album.upsert({ ...row(), title: "b" });
  expect(changed).toMatchObject({ ...row(), title: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.album.insert(row());
  const changed = await chinook.album.update(stored.album_id, { title: "b" });
  expect(changed).toMatchObject({ ...row(), title: "b" });
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.album.insert(row());
  await chinook.album.delete(stored.album_id);
  await expect(chinook.album.delete(stored.album_id)).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.album.list({ pageSize: 2 }).next();
    if (!row) return skip("album is empty");
    expect(await tx.album.get(row.album_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.album.update(row.album_id, { title: row.title });
      await tx.album.upsert(row);
    });
    const remove = () => tx.album.delete(row.album_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
