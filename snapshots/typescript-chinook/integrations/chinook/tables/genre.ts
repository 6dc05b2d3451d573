// Table `genre`: its rows, and what can be done with them.
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

/** The columns of `genre`. */
export interface GenreTable {
  genre_id: Key<number>;
  name: string | null;
}

/** A row of `genre`. */
export type Genre = Selectable<GenreTable>;

/** The columns of a new row. */
export type NewGenre = Insertable<GenreTable>;

/** The columns to set; the others stay as they are. */
export type GenreChanges = Updateable<GenreTable>;

/** Reads and writes `genre`. */
export class GenreRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(genreId: number): Promise<Genre> {
    return this.#scope.read("genre.get", (db) =>
      db
        .selectFrom("genre")
        .selectAll()
        .where("genre_id", "=", genreId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "genre.get", { genre_id: genreId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(options: ListOptions<Database, "genre"> = {}): AsyncGenerator<Genre> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Genre | undefined) =>
      this.#scope.read("genre.list", (db) => {
        let query = db
          .selectFrom("genre")
          .selectAll()
          .orderBy("genre_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("genre_id", ">", after.genre_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewGenre): Promise<Genre> {
    return this.#scope.write("genre.insert", (db) =>
      db
        .insertInto("genre")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewGenre): Promise<Genre> {
    const { genre_id: genreId, ...changes } = values;
    const isKeyOnly = Object.keys(changes).length === 0;
    return this.#scope.write("genre.upsert", async (db) => {
      const row = await db
        .insertInto("genre")
        .values(values)
        .onConflict((oc) => {
          const found = oc.column("genre_id");
          return isKeyOnly ? found.doNothing() : found.doUpdateSet(changes);
        })
        .returningAll()
        .executeTakeFirst();
      return (
        row ??
        db
          .selectFrom("genre")
          .selectAll()
          .where("genre_id", "=", genreId)
          .executeTakeFirstOrThrow()
      );
    });
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(genreId: number, changes: GenreChanges): Promise<Genre> {
    if (Object.keys(changes).length === 0) return this.get(genreId);
    return this.#scope.write("genre.update", (db) =>
      db
        .updateTable("genre")
        .set(changes)
        .where("genre_id", "=", genreId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "genre.update", { genre_id: genreId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(genreId: number): Promise<void> {
    await this.#scope.write("genre.delete", (db) =>
      db
        .deleteFrom("genre")
        .where("genre_id", "=", genreId)
        .returning("genre_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "genre.delete", { genre_id: genreId }),
        ),
    );
  }
}
