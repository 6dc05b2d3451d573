// Table `track`: its rows, and what can be done with them.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { Insertable, Selectable, Updateable } from "kysely";

import type { Scope } from "../../runtime/sql.js";
import {
  type ListOptions,
  missing,
  PAGE_SIZE,
  pages,
} from "../../runtime/sql-rows.js";
import type { Decimal, Key } from "../../runtime/sql-types.js";
import type { Database } from "../database.js";

/** The columns of `track`. */
export interface TrackTable {
  track_id: Key<number>;
  name: string;
  /** References `album.album_id`. */
  album_id: number | null;
  /** References `media_type.media_type_id`. */
  media_type_id: number;
  /** References `genre.genre_id`. */
  genre_id: number | null;
  composer: string | null;
  milliseconds: number;
  bytes: number | null;
  unit_price: Decimal;
}

/** A row of `track`. */
export type Track = Selectable<TrackTable>;

/** The columns of a new row. */
export type NewTrack = Insertable<TrackTable>;

/** The columns to set; the others stay as they are. */
export type TrackChanges = Updateable<TrackTable>;

/** Reads and writes `track`. */
export class TrackRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(trackId: number): Promise<Track> {
    return this.#scope.read("track.get", (db) =>
      db
        .selectFrom("track")
        .selectAll()
        .where("track_id", "=", trackId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "track.get", { track_id: trackId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(options: ListOptions<Database, "track"> = {}): AsyncGenerator<Track> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Track | undefined) =>
      this.#scope.read("track.list", (db) => {
        let query = db
          .selectFrom("track")
          .selectAll()
          .orderBy("track_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("track_id", ">", after.track_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewTrack): Promise<Track> {
    return this.#scope.write("track.insert", (db) =>
      db
        .insertInto("track")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewTrack): Promise<Track> {
    const { track_id: trackId, ...changes } = values;
    return this.#scope.write("track.upsert", (db) =>
      db
        .insertInto("track")
        .values(values)
        .onConflict((oc) => oc.column("track_id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(trackId: number, changes: TrackChanges): Promise<Track> {
    if (Object.keys(changes).length === 0) return this.get(trackId);
    return this.#scope.write("track.update", (db) =>
      db
        .updateTable("track")
        .set(changes)
        .where("track_id", "=", trackId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "track.update", { track_id: trackId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(trackId: number): Promise<void> {
    await this.#scope.write("track.delete", (db) =>
      db
        .deleteFrom("track")
        .where("track_id", "=", trackId)
        .returning("track_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "track.delete", { track_id: trackId }),
        ),
    );
  }
}
