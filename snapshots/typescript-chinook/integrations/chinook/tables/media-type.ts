// Table `media_type`: its rows, and what can be done with them.
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

/** The columns of `media_type`. */
export interface MediaTypeTable {
  media_type_id: Key<number>;
  name: string | null;
}

/** A row of `media_type`. */
export type MediaType = Selectable<MediaTypeTable>;

/** The columns of a new row. */
export type NewMediaType = Insertable<MediaTypeTable>;

/** The columns to set; the others stay as they are. */
export type MediaTypeChanges = Updateable<MediaTypeTable>;

/** Reads and writes `media_type`. */
export class MediaTypeRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(mediaTypeId: number): Promise<MediaType> {
    return this.#scope.read("mediaType.get", (db) =>
      db
        .selectFrom("media_type")
        .selectAll()
        .where("media_type_id", "=", mediaTypeId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "mediaType.get", { media_type_id: mediaTypeId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "media_type"> = {},
  ): AsyncGenerator<MediaType> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: MediaType | undefined) =>
      this.#scope.read("mediaType.list", (db) => {
        let query = db
          .selectFrom("media_type")
          .selectAll()
          .orderBy("media_type_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after)
          query = query.where("media_type_id", ">", after.media_type_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewMediaType): Promise<MediaType> {
    return this.#scope.write("mediaType.insert", (db) =>
      db
        .insertInto("media_type")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewMediaType): Promise<MediaType> {
    const { media_type_id: mediaTypeId, ...changes } = values;
    const isKeyOnly = Object.keys(changes).length === 0;
    return this.#scope.write("mediaType.upsert", async (db) => {
      const row = await db
        .insertInto("media_type")
        .values(values)
        .onConflict((oc) => {
          const found = oc.column("media_type_id");
          return isKeyOnly ? found.doNothing() : found.doUpdateSet(changes);
        })
        .returningAll()
        .executeTakeFirst();
      return (
        row ??
        db
          .selectFrom("media_type")
          .selectAll()
          .where("media_type_id", "=", mediaTypeId)
          .executeTakeFirstOrThrow()
      );
    });
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(mediaTypeId: number, changes: MediaTypeChanges): Promise<MediaType> {
    if (Object.keys(changes).length === 0) return this.get(mediaTypeId);
    return this.#scope.write("mediaType.update", (db) =>
      db
        .updateTable("media_type")
        .set(changes)
        .where("media_type_id", "=", mediaTypeId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "mediaType.update", {
            media_type_id: mediaTypeId,
          }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(mediaTypeId: number): Promise<void> {
    await this.#scope.write("mediaType.delete", (db) =>
      db
        .deleteFrom("media_type")
        .where("media_type_id", "=", mediaTypeId)
        .returning("media_type_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "mediaType.delete", {
            media_type_id: mediaTypeId,
          }),
        ),
    );
  }
}
