// `playlist`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewPlaylist } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewPlaylist {
  return { playlist_id: key, name: "a" };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlist.insert(row());
  expect(await chinook.playlist.get(stored.playlist_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.playlist.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.playlist.insert(values));
  const listed = [];
  for await (const found of chinook.playlist.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlist.insert(row());
  const where = { playlist_id: stored.playlist_id };
  const rows = chinook.playlist.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.playlist.insert(row());
  await expect(chinook.playlist.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.playlist.upsert(row());
  const changed = await chinook.playlist.upsert({ ...row(), name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlist.insert(row());
  const changed = await chinook.playlist.update(stored.playlist_id, {
    name: "b",
  });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlist.insert(row());
  await chinook.playlist.delete(stored.playlist_id);
  await expect(chinook.playlist.delete(stored.playlist_id)).rejects.toThrow(
    NotFound,
  );
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.playlist.list({ pageSize: 2 }).next();
    if (!row) return skip("playlist is empty");
    expect(await tx.playlist.get(row.playlist_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.playlist.update(row.playlist_id, { name: row.name });
      await tx.playlist.upsert(row);
    });
    const remove = () => tx.playlist.delete(row.playlist_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
