// Table `playlist`: its rows, and what can be done with them.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { Insertable, Selectable, Updateable } from "kysely";

import type { Scope } from "../../runtime/sql.js";
import {
  type ListOptions,
  missing,
  PAGE_SIZE,
  pages,
} from "../../runtime/sql-rows.js";
import type { Key } from "../../runtime/sql-types.js";
import type { Database } from "../database.js";

/** The columns of `playlist`. */
export interface PlaylistTable {
  playlist_id: Key<number>;
  name: string | null;
}

/** A row of `playlist`. */
export type Playlist = Selectable<PlaylistTable>;

/** The columns of a new row. */
export type NewPlaylist = Insertable<PlaylistTable>;

/** The columns to set; the others stay as they are. */
export type PlaylistChanges = Updateable<PlaylistTable>;

/** Reads and writes `playlist`. */
export class PlaylistRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(playlistId: number): Promise<Playlist> {
    return this.#scope.read("playlist.get", (db) =>
      db
        .selectFrom("playlist")
        .selectAll()
        .where("playlist_id", "=", playlistId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "playlist.get", { playlist_id: playlistId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "playlist"> = {},
  ): AsyncGenerator<Playlist> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Playlist | undefined) =>
      this.#scope.read("playlist.list", (db) => {
        let query = db
          .selectFrom("playlist")
          .selectAll()
          .orderBy("playlist_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("playlist_id", ">", after.playlist_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewPlaylist): Promise<Playlist> {
    return this.#scope.write("playlist.insert", (db) =>
      db
        .insertInto("playlist")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewPlaylist): Promise<Playlist> {
    const { playlist_id: playlistId, ...changes } = values;
    const isKeyOnly = Object.keys(changes).length === 0;
    return this.#scope.write("playlist.upsert", async (db) => {
      const row = await db
        .insertInto("playlist")
        .values(values)
        .onConflict((oc) => {
          const found = oc.column("playlist_id");
          return isKeyOnly ? found.doNothing() : found.doUpdateSet(changes);
        })
        .returningAll()
        .executeTakeFirst();
      return (
        row ??
        db
          .selectFrom("playlist")
          .selectAll()
          .where("playlist_id", "=", playlistId)
          .executeTakeFirstOrThrow()
      );
    });
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(playlistId: number, changes: PlaylistChanges): Promise<Playlist> {
    if (Object.keys(changes).length === 0) return this.get(playlistId);
    return this.#scope.write("playlist.update", (db) =>
      db
        .updateTable("playlist")
        .set(changes)
        .where("playlist_id", "=", playlistId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "playlist.update", { playlist_id: playlistId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(playlistId: number): Promise<void> {
    await this.#scope.write("playlist.delete", (db) =>
      db
        .deleteFrom("playlist")
        .where("playlist_id", "=", playlistId)
        .returning("playlist_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "playlist.delete", { playlist_id: playlistId }),
        ),
    );
  }
}
