// Transactions through kysely, repeated as a whole or not at all.
// Written by integrate (runtime/sql). Yours to edit.

import {
  type ControlledTransaction,
  type Dialect,
  type IsolationLevel,
  Kysely,
  sql,
  type Transaction,
} from "kysely";

import type { Attempt, Calls } from "./calls.js";
import { ConfigurationError } from "./errors.js";
import { sqlError } from "./sql-errors.js";
import type { SqlOptions } from "./sql-options.js";

export type { SqlOptions };

/** What is done with the database, in one transaction. */
export type SqlWork<DB, T> = (db: Transaction<DB>) => Promise<T>;

/**
 * Where statements run: a database, each in its own transaction, or one open.
 */
export interface Scope<DB> {
  readonly service: string;
  /** Runs `work`, which changes nothing. */
  read<T>(operation: string, work: SqlWork<DB, T>): Promise<T>;
  /** Runs `work`, which may change something. */
  write<T>(operation: string, work: SqlWork<DB, T>): Promise<T>;
}

export interface TransactionOptions {
  /** The name that events, metrics and errors carry. */
  readonly operation?: string | undefined;
  /** Refuse writes, and repeat even when the outcome is unknown. */
  readonly readOnly?: boolean | undefined;
  /** Undefined means the server's. */
  readonly isolation?: IsolationLevel | undefined;
  /** Time for all attempts; undefined means the retry's deadline. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One open transaction. It ends with the function it was given to. */
export class SqlTransaction<DB> implements Scope<DB> {
  readonly service: string;
  readonly db: Transaction<DB>;

  constructor(service: string, db: Transaction<DB>) {
    this.service = service;
    this.db = db;
  }

  async read<T>(operation: string, work: SqlWork<DB, T>): Promise<T> {
    try {
      return await work(this.db);
    } catch (cause) {
      throw sqlError(this.service, operation, cause);
    }
  }

  write<T>(operation: string, work: SqlWork<DB, T>): Promise<T> {
    return this.read(operation, work);
  }
}

/** A database and its connections. */
export class SqlDatabase<DB> implements Scope<DB> {
  readonly service: string;
  readonly #db: Kysely<DB>;
  readonly #calls: Calls;
  readonly #options: SqlOptions;
  readonly #isPostgresql: boolean;

  constructor(options: SqlOptions, calls: Calls, dialects: Dialects) {
    const scheme = options.url.reveal().split(":", 1)[0] ?? "";
    const dialect = dialects[scheme];
    if (!dialect) {
      const known = Object.keys(dialects).join(", ");
      const reason = `the database URL starts with none of ${known}`;
      throw new ConfigurationError(calls.service, "configure", reason);
    }
    this.service = calls.service;
    this.#calls = calls;
    this.#options = options;
    this.#isPostgresql = scheme !== "sqlite";
    this.#db = new Kysely<DB>({ dialect: dialect(calls.service, options) });
  }

  read<T>(operation: string, work: SqlWork<DB, T>): Promise<T> {
    const options = { operation, readOnly: true };
    return this.transaction(({ db }) => work(db), options);
  }

  write<T>(operation: string, work: SqlWork<DB, T>): Promise<T> {
    return this.transaction(({ db }) => work(db), { operation });
  }

  /**
   * Runs `work` and commits; rolls back when it throws.
   *
   * A transaction that surely changed nothing is repeated when its failure
   * passes: deadlock, serialization failure, lock timeout, lost connection. One
   * that was lost while committing is not, unless it only reads.
   */
  transaction<T>(
    work: (transaction: SqlTransaction<DB>) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const { operation = "transaction", timeoutSeconds, signal } = options;
    const readOnly = options.readOnly || this.#options.readOnly;
    return this.#calls.run(
      operation,
      (attempt) =>
        this.#attempt(operation, work, { ...options, readOnly }, attempt),
      { repeatable: readOnly, timeoutSeconds, signal },
    );
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#db.destroy();
  }

  async #attempt<T>(
    operation: string,
    work: (transaction: SqlTransaction<DB>) => Promise<T>,
    options: TransactionOptions,
    attempt: Attempt,
  ): Promise<T> {
    let db: ControlledTransaction<DB> | undefined;
    let committing = false;
    try {
      db = await this.#begin(options, attempt);
      attempt.signal.throwIfAborted();
      const value = await work(new SqlTransaction(this.service, db));
      attempt.signal.throwIfAborted();
      committing = true;
      await db.commit().execute();
      return value;
    } catch (cause) {
      await db
        ?.rollback()
        .execute()
        .catch(() => undefined);
      throw sqlError(this.service, operation, cause, committing);
    }
  }

  async #begin(
    { readOnly, isolation }: TransactionOptions,
    { secondsLeft }: Attempt,
  ): Promise<ControlledTransaction<DB>> {
    let transaction = this.#db.startTransaction();
    if (this.#isPostgresql && readOnly)
      transaction = transaction.setAccessMode("read only");
    if (this.#isPostgresql && isolation)
      transaction = transaction.setIsolationLevel(isolation);
    const db = await transaction.execute();
    if (!this.#isPostgresql) {
      await sql`pragma query_only = ${sql.lit(Number(readOnly))}`.execute(db);
    } else if (secondsLeft < this.#options.statementTimeoutSeconds) {
      const milliseconds = String(Math.max(1, Math.floor(secondsLeft * 1000)));
      await sql`select set_config('statement_timeout', ${milliseconds}, true)`.execute(
        db,
      );
    }
    return db;
  }
}

/** How to reach each kind of database, by the scheme of its URL. */
export type Dialects = Readonly<
  Record<string, (service: string, options: SqlOptions) => Dialect>
>;
