// Table `album`: its rows, and what can be done with them.
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

/** The columns of `album`. */
export interface AlbumTable {
  album_id: Key<number>;
  title: string;
  /** References `artist.artist_id`. */
  artist_id: number;
}

/** A row of `album`. */
export type Album = Selectable<AlbumTable>;

/** The columns of a new row. */
export type NewAlbum = Insertable<AlbumTable>;

/** The columns to set; the others stay as they are. */
export type AlbumChanges = Updateable<AlbumTable>;

/** Reads and writes `album`. */
export class AlbumRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(albumId: number): Promise<Album> {
    return this.#scope.read("album.get", (db) =>
      db
        .selectFrom("album")
        .selectAll()
        .where("album_id", "=", albumId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "album.get", { album_id: albumId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(options: ListOptions<Database, "album"> = {}): AsyncGenerator<Album> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Album | undefined) =>
      this.#scope.read("album.list", (db) => {
        let query = db
          .selectFrom("album")
          .selectAll()
          .orderBy("album_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("album_id", ">", after.album_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewAlbum): Promise<Album> {
    return this.#scope.write("album.insert", (db) =>
      db
        .insertInto("album")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewAlbum): Promise<Album> {
    const { album_id: albumId, ...changes } = values;
    return this.#scope.write("album.upsert", (db) =>
      db
        .insertInto("album")
        .values(values)
        .onConflict((oc) => oc.column("album_id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(albumId: number, changes: AlbumChanges): Promise<Album> {
    if (Object.keys(changes).length === 0) return this.get(albumId);
    return this.#scope.write("album.update", (db) =>
      db
        .updateTable("album")
        .set(changes)
        .where("album_id", "=", albumId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "album.update", { album_id: albumId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(albumId: number): Promise<void> {
    await this.#scope.write("album.delete", (db) =>
      db
        .deleteFrom("album")
        .where("album_id", "=", albumId)
        .returning("album_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "album.delete", { album_id: albumId }),
        ),
    );
  }
}
