// Table `order`: its rows, and what can be done with them.
// Written by integrate from answers. Yours to edit.

import type { ColumnType, Insertable, Selectable, Updateable } from "kysely";

import type { Scope } from "../../runtime/sql.js";
import {
  hasValues,
  type ListOptions,
  missing,
  PAGE_SIZE,
  pages,
  required,
} from "../../runtime/sql-rows.js";
import type {
  BigInteger,
  BigIntegerInput,
  Decimal,
  GeneratedKey,
} from "../../runtime/sql-types.js";
import type { Database } from "../database.js";

/** The columns of `order`. */
export interface OrderTable {
  id: GeneratedKey<BigInteger, BigIntegerInput>;
  /** References `customer.id`. */
  customer_id: ColumnType<BigInteger, BigIntegerInput, BigIntegerInput>;
  total: Decimal;
  placed_at: Date;
}

/** A row of `order`. */
export type Order = Selectable<OrderTable>;

/** The columns of a new row. */
export type NewOrder = Insertable<OrderTable>;

/** The columns to set; the others stay as they are. */
export type OrderChanges = Updateable<OrderTable>;

/** Reads and writes `order`. */
export class OrderRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(id: BigInteger): Promise<Order> {
    return this.#scope.read("order.get", (db) =>
      db
        .selectFrom("order")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirstOrThrow(missing(this.#scope, "order.get", { id })),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(options: ListOptions<Database, "order"> = {}): AsyncGenerator<Order> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after?: Order) =>
      this.#scope.read("order.list", (db) => {
        let query = db
          .selectFrom("order")
          .selectAll()
          .orderBy("id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("id", ">", after.id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewOrder): Promise<Order> {
    return this.#scope.write("order.insert", (db) =>
      db
        .insertInto("order")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  async upsert(values: NewOrder): Promise<Order> {
    const { id, ...changes } = values;
    required(this.#scope, "order.upsert", "id", id);
    return this.#scope.write("order.upsert", (db) =>
      db
        .insertInto("order")
        .values(values)
        .onConflict((oc) => oc.column("id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(id: BigInteger, changes: OrderChanges): Promise<Order> {
    if (!hasValues(changes)) return this.get(id);
    return this.#scope.write("order.update", (db) =>
      db
        .updateTable("order")
        .set(changes)
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow(missing(this.#scope, "order.update", { id })),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(id: BigInteger): Promise<void> {
    await this.#scope.write("order.delete", (db) =>
      db
        .deleteFrom("order")
        .where("id", "=", id)
        .returning("id")
        .executeTakeFirstOrThrow(missing(this.#scope, "order.delete", { id })),
    );
  }
}
