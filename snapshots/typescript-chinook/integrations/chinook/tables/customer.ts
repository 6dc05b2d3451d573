// Table `customer`: its rows, and what can be done with them.
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

/** The columns of `customer`. */
export interface CustomerTable {
  customer_id: Key<number>;
  first_name: string;
  last_name: string;
  company: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  postal_code: string | null;
  phone: string | null;
  fax: string | null;
  email: string;
  /** References `employee.employee_id`. */
  support_rep_id: number | null;
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
  get(customerId: number): Promise<Customer> {
    return this.#scope.read("customer.get", (db) =>
      db
        .selectFrom("customer")
        .selectAll()
        .where("customer_id", "=", customerId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "customer.get", { customer_id: customerId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "customer"> = {},
  ): AsyncGenerator<Customer> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Customer | undefined) =>
      this.#scope.read("customer.list", (db) => {
        let query = db
          .selectFrom("customer")
          .selectAll()
          .orderBy("customer_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("customer_id", ">", after.customer_id);
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
  upsert(values: NewCustomer): Promise<Customer> {
    const { customer_id: customerId, ...changes } = values;
    return this.#scope.write("customer.upsert", (db) =>
      db
        .insertInto("customer")
        .values(values)
        .onConflict((oc) => oc.column("customer_id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(customerId: number, changes: CustomerChanges): Promise<Customer> {
    if (Object.keys(changes).length === 0) return this.get(customerId);
    return this.#scope.write("customer.update", (db) =>
      db
        .updateTable("customer")
        .set(changes)
        .where("customer_id", "=", customerId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "customer.update", { customer_id: customerId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(customerId: number): Promise<void> {
    await this.#scope.write("customer.delete", (db) =>
      db
        .deleteFrom("customer")
        .where("customer_id", "=", customerId)
        .returning("customer_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "customer.delete", { customer_id: customerId }),
        ),
    );
  }
}
