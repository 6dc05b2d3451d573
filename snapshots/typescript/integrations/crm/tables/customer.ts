// Table `customer`: its rows, and what can be done with them.
// Written by integrate from answers. Yours to edit.

import type { Insertable, Selectable, Updateable } from "kysely";

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
  GeneratedKey,
} from "../../runtime/sql-types.js";
import type { Database } from "../database.js";

/** The columns of `customer`. */
export interface CustomerTable {
  id: GeneratedKey<BigInteger, BigIntegerInput>;
  name: string;
  email: string | null;
  created_at: Date;
}

/** A row of `customer`. */
export type Customer = Selectable<CustomerTable>;

/** The columns of a new row. */
export type NewCustomer = Insertable<CustomerTable>;

/** The columns to set; the others stay as they are. */
export type CustomerChanges = Updateable<CustomerTable>;

/** Reads and writes `customer`. */
export class CustomerRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(id: BigInteger): Promise<Customer> {
    return this.#scope.read("customer.get", (db) =>
      db
        .selectFrom("customer")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirstOrThrow(missing(this.#scope, "customer.get", { id })),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "customer"> = {},
  ): AsyncGenerator<Customer> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after?: Customer) =>
      this.#scope.read("customer.list", (db) => {
        let query = db
          .selectFrom("customer")
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
  insert(values: NewCustomer): Promise<Customer> {
    return this.#scope.write("customer.insert", (db) =>
      db
        .insertInto("customer")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  async upsert(values: NewCustomer): Promise<Customer> {
    const { id, ...changes } = values;
    required(this.#scope, "customer.upsert", "id", id);
    return this.#scope.write("customer.upsert", (db) =>
      db
        .insertInto("customer")
        .values(values)
        .onConflict((oc) => oc.column("id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(id: BigInteger, changes: CustomerChanges): Promise<Customer> {
    if (!hasValues(changes)) return this.get(id);
    return this.#scope.write("customer.update", (db) =>
      db
        .updateTable("customer")
        .set(changes)
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "customer.update", { id }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(id: BigInteger): Promise<void> {
    await this.#scope.write("customer.delete", (db) =>
      db
        .deleteFrom("customer")
        .where("id", "=", id)
        .returning("id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "customer.delete", { id }),
        ),
    );
  }
}
