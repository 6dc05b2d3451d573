// `playlist_track`: every operation, on SQLite and on the server.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import { expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { rolledBack } from "../../runtime/sql-testing.js";
import type { NewPlaylistTrack } from "../index.js";
import { live, offline, setUp } from "./setup.js";

function row(key: number = 1): NewPlaylistTrack {
  return { playlist_id: key, track_id: 1 };
}

it("gets what was inserted", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlistTrack.insert(row());
  expect(
    await chinook.playlistTrack.get(stored.playlist_id, stored.track_id),
  ).toMatchObject(row());
});

it("says that there is no row", async () => {
  const chinook = await setUp();
  await expect(chinook.playlistTrack.get(1, 1)).rejects.toThrow(NotFound);
});

it("lists each row once, page by page", async () => {
  const chinook = await setUp();
  const rows = [];
  for (const values of [row(), row(2), row(3)])
    rows.push(await chinook.playlistTrack.insert(values));
  const listed = [];
  for await (const found of chinook.playlistTrack.list({ pageSize: 2 }))
    listed.push(found);
  expect(listed).toEqual(rows);
});

it("lists what a condition allows", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlistTrack.insert(row());
  const where = { playlist_id: stored.playlist_id };
  const rows = chinook.playlistTrack.list({ where: (eb) => eb.and(where) });
  expect(await rows.next()).toMatchObject({ value: stored });
  expect(await rows.next()).toMatchObject({ done: true });
});

it("refuses a key twice", async () => {
  const chinook = await setUp();
  await chinook.playlistTrack.insert(row());
  await expect(chinook.playlistTrack.insert(row())).rejects.toThrow(Conflict);
});

it("keeps a row that is there", async () => {
  const chinook = await setUp();
  await chinook.playlistTrack.upsert(row());
  expect(await chinook.playlistTrack.upsert(row())).toMatchObject(row());
});

it("deletes the row", async () => {
  const chinook = await setUp();
  const stored = await chinook.playlistTrack.insert(row());
  await chinook.playlistTrack.delete(stored.playlist_id, stored.track_id);
  await expect(
    chinook.playlistTrack.delete(stored.playlist_id, stored.track_id),
  ).rejects.toThrow(NotFound);
});

it.skipIf(offline)("works on the server", async ({ skip }) => {
  await live.transaction(async (tx) => {
    const { value: row } = await tx.playlistTrack.list({ pageSize: 2 }).next();
    if (!row) return skip("playlist_track is empty");
    expect(await tx.playlistTrack.get(row.playlist_id, row.track_id)).toEqual(
      row,
    );
    await rolledBack(tx.db, async () => {
      await tx.playlistTrack.upsert(row);
    });
    const remove = () => tx.playlistTrack.delete(row.playlist_id, row.track_id);
    await rolledBack(tx.db, remove, InvalidRequest);
  });
});
