// `track`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewTrack } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewTrack {
  return {
    track_id: key,
    name: "a",
    album_id: 1,
    media_type_id: 1,
    genre_id: 1,
    composer: "a",
    milliseconds: 1,
    bytes: 1,
    unit_price: "1.00",
  };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.track.insert(row());
  expect(await chinook.track.get(stored.track_id)).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.track.get(1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.track.insert(values));
  const listed = [];
  for await (const found of chinook.track.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.track.insert(row());
  const where = { track_id: stored.track_id };
  const rows = chinook.track.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.track.insert(row());
  await expect(chinook.track.insert(row())).rejects.toThrow(Conflict);
});

it("inserts, then updates what is there", async () => {
  const chinook = await setUp();
  await chinook.track.upsert(row());
  const changed = await chinook.track.upsert({ ...row(), name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
});

it("sets only what is given", async () => {
  const chinook = await setUp();
  const stored = await chinook.track.insert(row());
  const changed = await chinook.track.update(stored.track_id, { name: "b" });
  expect(changed).toMatchObject({ ...row(), name: "b" });
  const cleared = await chinook.track.update(stored.track_id, {
    album_id: null,
  });
  expect(cleared.album_id).toBeNull();
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.track.insert(row());
  await chinook.track.delete(stored.track_id);
  await expect(chinook.track.delete(stored.track_id)).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.track.list({ pageSize: 2 }).next();
    if (!row) return skip("track is empty");
    expect(await tx.track.get(row.track_id)).toEqual(row);
    await rolledBack(tx.db, async () => {
      await tx.track.update(row.track_id, { name: row.name });
      await tx.track.upsert(row);
    });
    const remove = () => tx.track.delete(row.track_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
