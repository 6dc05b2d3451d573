// `artist`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewArtist } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewArtist {
  return { artist_id: key, name: "a" };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.artist.insert(row());
  expect(await chinook.artist.get(stored.artist_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.artist.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.artist.insert(values));
  const listed = [];
  for await (const found of chinook.artist.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.artist.insert(row());
  const where = { artist_id: stored.artist_id };
  const rows = chinook.artist.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.artist.insert(row());
  await expect(chinook.artist.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.artist.upsert(row());
  const changed = await chinook.artist.upsert({ ...row(), name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.artist.insert(row());
  const changed = await chinook.artist.update(stored.artist_id, { name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.artist.insert(row());
  await chinook.artist.delete(stored.artist_id);
  await expect(chinook.artist.delete(stored.artist_id)).rejects.toThrow(
    NotFound,
  );
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.artist.list({ pageSize: 2 }).next();
    if (!row) return skip("artist is empty");
    expect(await tx.artist.get(row.artist_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.artist.update(row.artist_id, { name: row.name });
      await tx.artist.upsert(row);
    });
    const remove = () => tx.artist.delete(row.artist_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
