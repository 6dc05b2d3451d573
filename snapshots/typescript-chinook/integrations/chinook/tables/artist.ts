// Table `artist`: its rows, and what can be done with them.
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

/** The columns of `artist`. */
export interface ArtistTable {
  artist_id: Key<number>;
  name: string | null;
}

/** A row of `artist`. */
export type Artist = Selectable<ArtistTable>;

/** The columns of a new row. */
export type NewArtist = Insertable<ArtistTable>;

/** The columns to set; the others stay as they are. */
export type ArtistChanges = Updateable<ArtistTable>;

/** Reads and writes `artist`. */
export class ArtistRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(artistId: number): Promise<Artist> {
    return this.#scope.read("artist.get", (db) =>
      db
        .selectFrom("artist")
        .selectAll()
        .where("artist_id", "=", artistId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "artist.get", { artist_id: artistId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(options: ListOptions<Database, "artist"> = {}): AsyncGenerator<Artist> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Artist | undefined) =>
      this.#scope.read("artist.list", (db) => {
        let query = db
          .selectFrom("artist")
          .selectAll()
          .orderBy("artist_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("artist_id", ">", after.artist_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewArtist): Promise<Artist> {
    return this.#scope.write("artist.insert", (db) =>
      db
        .insertInto("artist")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewArtist): Promise<Artist> {
    const { artist_id: artistId, ...changes } = values;
    const isKeyOnly = Object.keys(changes).length === 0;
    return this.#scope.write("artist.upsert", async (db) => {
      const row = await db
        .insertInto("artist")
        .values(values)
        .onConflict((oc) => {
          const found = oc.column("artist_id");
          return isKeyOnly ? found.doNothing() : found.doUpdateSet(changes);
        })
        .returningAll()
        .executeTakeFirst();
      return (
        row ??
        db
          .selectFrom("artist")
          .selectAll()
          .where("artist_id", "=", artistId)
          .executeTakeFirstOrThrow()
      );
    });
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(artistId: number, changes: ArtistChanges): Promise<Artist> {
    if (Object.keys(changes).length === 0) return this.get(artistId);
    return this.#scope.write("artist.update", (db) =>
      db
        .updateTable("artist")
        .set(changes)
        .where("artist_id", "=", artistId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "artist.update", { artist_id: artistId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(artistId: number): Promise<void> {
    await this.#scope.write("artist.delete", (db) =>
      db
        .deleteFrom("artist")
        .where("artist_id", "=", artistId)
        .returning("artist_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "artist.delete", { artist_id: artistId }),
        ),
    );
  }
}
