// Table `invoice`: its rows, and what can be done with them.
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

/** The columns of `invoice`. */
export interface InvoiceTable {
  invoice_id: Key<number>;
  /** References `customer.customer_id`. */
  customer_id: number;
  invoice_date: string;
  billing_address: string | null;
  billing_city: string | null;
  billing_state: string | null;
  billing_country: string | null;
  billing_postal_code: string | null;
  total: Decimal;
}

/** A row of `invoice`. */
export type Invoice = Selectable<InvoiceTable>;

/** The columns of a new row. */
export type NewInvoice = Insertable<InvoiceTable>;

/** The columns to set; the others stay as they are. */
export type InvoiceChanges = Updateable<InvoiceTable>;

/** Reads and writes `invoice`. */
export class InvoiceRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(invoiceId: number): Promise<Invoice> {
    return this.#scope.read("invoice.get", (db) =>
      db
        .selectFrom("invoice")
        .selectAll()
        .where("invoice_id", "=", invoiceId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "invoice.get", { invoice_id: invoiceId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "invoice"> = {},
  ): AsyncGenerator<Invoice> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Invoice | undefined) =>
      this.#scope.read("invoice.list", (db) => {
        let query = db
          .selectFrom("invoice")
          .selectAll()
          .orderBy("invoice_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("invoice_id", ">", after.invoice_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewInvoice): Promise<Invoice> {
    return this.#scope.write("invoice.insert", (db) =>
      db
        .insertInto("invoice")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewInvoice): Promise<Invoice> {
    const { invoice_id: invoiceId, ...changes } = values;
    return this.#scope.write("invoice.upsert", (db) =>
      db
        .insertInto("invoice")
        .values(values)
        .onConflict((oc) => oc.column("invoice_id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(invoiceId: number, changes: InvoiceChanges): Promise<Invoice> {
    if (Object.keys(changes).length === 0) return this.get(invoiceId);
    return this.#scope.write("invoice.update", (db) =>
      db
        .updateTable("invoice")
        .set(changes)
        .where("invoice_id", "=", invoiceId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "invoice.update", { invoice_id: invoiceId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(invoiceId: number): Promise<void> {
    await this.#scope.write("invoice.delete", (db) =>
      db
        .deleteFrom("invoice")
        .where("invoice_id", "=", invoiceId)
        .returning("invoice_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "invoice.delete", { invoice_id: invoiceId }),
        ),
    );
  }
}
