// The database `crm`. Start with `new Crm()`.
// Written by integrate from answers. Yours to edit.

import type { Transaction as KyselyTransaction } from "kysely";

import { Calls } from "../runtime/calls.js";
import {
  type Scope,
  SqlDatabase,
  type SqlTransaction,
  type TransactionOptions,
} from "../runtime/sql.js";
import { postgresqlDialect } from "../runtime/sql-postgresql.js";
import { type CrmOptions, fromEnv } from "./config.js";
import type { Database } from "./database.js";
import { CustomerRepository } from "./tables/customer.js";
import { OrderRepository } from "./tables/order.js";

const DIALECTS = { postgresql: postgresqlDialect, postgres: postgresqlDialect };

/** Every table, one repository each. */
export class Tables {
  readonly customer: CustomerRepository;
  readonly order: OrderRepository;

  constructor(scope: Scope<Database>) {
    this.customer = new CustomerRepository(scope);
    this.order = new OrderRepository(scope);
  }
}

/** Every table, in one open transaction. */
export class Transaction extends Tables {
  /** For statements of your own. */
  readonly db: KyselyTransaction<Database>;

  constructor(transaction: SqlTransaction<Database>) {
    super(transaction);
    this.db = transaction.db;
  }
}

/** Every table, each operation in a transaction of its own. */
export class Crm extends Tables {
  readonly #database: SqlDatabase<Database>;

  /** Connects when first used. */
  constructor(options: CrmOptions = fromEnv()) {
    const calls = new Calls("crm", options);
    const dialects = options.dialects ?? DIALECTS;
    const database = new SqlDatabase<Database>(options, calls, dialects);
    super(database);
    this.#database = database;
  }

  /**
   * Runs `work` and commits; rolls back when it throws.
   *
   * `work` may run again, so it should change nothing outside the database.
   */
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    return this.#database.transaction(
      (transaction) => work(new Transaction(transaction)),
      options,
    );
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#database.close();
  }
}
