// Table `playlist_track`: its rows, and what can be done with them.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { Insertable, Selectable } from "kysely";

import type { Scope } from "../../runtime/sql.js";
import {
  type ListOptions,
  missing,
  PAGE_SIZE,
  pages,
} from "../../runtime/sql-rows.js";
import type { Key } from "../../runtime/sql-types.js";
import type { Database } from "../database.js";

/** The columns of `playlist_track`. */
export interface PlaylistTrackTable {
  /** References `playlist.playlist_id`. */
  playlist_id: Key<number>;
  /** References `track.track_id`. */
  track_id: Key<number>;
}

/** A row of `playlist_track`. */
export type PlaylistTrack = Selectable<PlaylistTrackTable>;

/** The columns of a new row. */
export type NewPlaylistTrack = Insertable<PlaylistTrackTable>;

/** Reads and writes `playlist_track`. */
export class PlaylistTrackRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(playlistId: number, trackId: number): Promise<PlaylistTrack> {
    return this.#scope.read("playlistTrack.get", (db) =>
      db
        .selectFrom("playlist_track")
        .selectAll()
        .where("playlist_id", "=", playlistId)
        .where("track_id", "=", trackId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "playlistTrack.get", {
            playlist_id: playlistId,
            track_id: trackId,
          }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "playlist_track"> = {},
  ): AsyncGenerator<PlaylistTrack> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: PlaylistTrack | undefined) =>
      this.#scope.read("playlistTrack.list", (db) => {
        let query = db
          .selectFrom("playlist_track")
          .selectAll()
          .orderBy("playlist_id")
          .orderBy("track_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after)
          query = query.where((eb) =>
            eb(
              eb.refTuple("playlist_id", "track_id"),
              ">",
              eb.tuple(after.playlist_id, after.track_id),
            ),
          );
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewPlaylistTrack): Promise<PlaylistTrack> {
    return this.#scope.write("playlistTrack.insert", (db) =>
      db
        .insertInto("playlist_track")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Inserts one row, unless there is one with its primary key. */
  upsert(values: NewPlaylistTrack): Promise<PlaylistTrack> {
    const { playlist_id: playlistId, track_id: trackId } = values;
    return this.#scope.write("playlistTrack.upsert", async (db) => {
      const row = await db
        .insertInto("playlist_track")
        .values(values)
        .onConflict((oc) => oc.columns(["playlist_id", "track_id"]).doNothing())
        .returningAll()
        .executeTakeFirst();
      return (
        row ??
        db
          .selectFrom("playlist_track")
          .selectAll()
          .where("playlist_id", "=", playlistId)
          .where("track_id", "=", trackId)
          .executeTakeFirstOrThrow()
      );
    });
  }

  /** Deletes one row. @throws NotFound */
  async delete(playlistId: number, trackId: number): Promise<void> {
    await this.#scope.write("playlistTrack.delete", (db) =>
      db
        .deleteFrom("playlist_track")
        .where("playlist_id", "=", playlistId)
        .where("track_id", "=", trackId)
        .returning("playlist_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "playlistTrack.delete", {
            playlist_id: playlistId,
            track_id: trackId,
          }),
        ),
    );
  }
}
