// Table `invoice_line`: its rows, and what can be done with them.
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

/** The columns of `invoice_line`. */
export interface InvoiceLineTable {
  invoice_line_id: Key<number>;
  /** References `invoice.invoice_id`. */
  invoice_id: number;
  /** References `track.track_id`. */
  track_id: number;
  unit_price: Decimal;
  quantity: number;
}

/** A row of `invoice_line`. */
export type InvoiceLine = Selectable<InvoiceLineTable>;

/** The columns of a new row. */
export type NewInvoiceLine = Insertable<InvoiceLineTable>;

/** The columns to set; the others stay as they are. */
export type InvoiceLineChanges = Updateable<InvoiceLineTable>;

/** Reads and writes `invoice_line`. */
export class InvoiceLineRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(invoiceLineId: number): Promise<InvoiceLine> {
    return this.#scope.read("invoiceLine.get", (db) =>
      db
        .selectFrom("invoice_line")
        .selectAll()
        .where("invoice_line_id", "=", invoiceLineId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "invoiceLine.get", {
            invoice_line_id: invoiceLineId,
          }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "invoice_line"> = {},
  ): AsyncGenerator<InvoiceLine> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: InvoiceLine | undefined) =>
      this.#scope.read("invoiceLine.list", (db) => {
        let query = db
          .selectFrom("invoice_line")
          .selectAll()
          .orderBy("invoice_line_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after)
          query = query.where("invoice_line_id", ">", after.invoice_line_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewInvoiceLine): Promise<InvoiceLine> {
    return this.#scope.write("invoiceLine.insert", (db) =>
      db
        .insertInto("invoice_line")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewInvoiceLine): Promise<InvoiceLine> {
    const { invoice_line_id: invoiceLineId, ...changes } = values;
    return this.#scope.write("invoiceLine.upsert", (db) =>
      db
        .insertInto("invoice_line")
        .values(values)
        .onConflict((oc) => oc.column("invoice_line_id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(
    invoiceLineId: number,
    changes: InvoiceLineChanges,
  ): Promise<InvoiceLine> {
    if (Object.keys(changes).length === 0) return this.get(invoiceLineId);
    return this.#scope.write("invoiceLine.update", (db) =>
      db
        .updateTable("invoice_line")
        .set(changes)
        .where("invoice_line_id", "=", invoiceLineId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "invoiceLine.update", {
            invoice_line_id: invoiceLineId,
          }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(invoiceLineId: number): Promise<void> {
    await this.#scope.write("invoiceLine.delete", (db) =>
      db
        .deleteFrom("invoice_line")
        .where("invoice_line_id", "=", invoiceLineId)
        .returning("invoice_line_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "invoiceLine.delete", {
            invoice_line_id: invoiceLineId,
          }),
        ),
    );
  }
}
