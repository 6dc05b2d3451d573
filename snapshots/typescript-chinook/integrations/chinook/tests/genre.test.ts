// `genre`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewGenre } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewGenre {
  return { genre_id: key, name: "a" };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.genre.insert(row());
  expect(await chinook.genre.get(stored.genre_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.genre.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.genre.insert(values));
  const listed = [];
  for await (const found of chinook.genre.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.genre.insert(row());
  const where = { genre_id: stored.genre_id };
  const rows = chinook.genre.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.genre.insert(row());
  await expect(chinook.genre.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.genre.upsert(row());
  const changed = await chinook.genre.upsert({ ...row(), name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.genre.insert(row());
  const changed = await chinook.genre.update(stored.genre_id, { name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.genre.insert(row());
  await chinook.genre.delete(stored.genre_id);
  await expect(chinook.genre.delete(stored.genre_id)).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.genre.list({ pageSize: 2 }).next();
    if (!row) return skip("genre is empty");
    expect(await tx.genre.get(row.genre_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.genre.update(row.genre_id, { name: row.name });
      await tx.genre.upsert(row);
    });
    const remove = () => tx.genre.delete(row.genre_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
