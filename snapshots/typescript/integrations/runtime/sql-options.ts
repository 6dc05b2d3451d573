// How a database is reached, and how long to wait for it.
// Written by integrate (runtime/sql-options). Yours to edit.

import type { Secret } from "./secrets.js";

export interface SqlOptions {
  /**
   * `postgresql://user:password@host/database?sslmode=verify-full`, or
   * `sqlite:///file`.
   */
  readonly url: Secret;
  /** Refuse every write. */
  readonly readOnly: boolean;
  /** Most connections open at once. */
  readonly poolSize: number;
  /** Age at which a connection is replaced. */
  readonly poolRecycleSeconds: number;
  /** How long to wait for a connection, free or new. */
  readonly connectTimeoutSeconds: number;
  /** How long one statement may run (PostgreSQL). */
  readonly statementTimeoutSeconds: number;
  /** How long a statement may wait for a lock. */
  readonly lockTimeoutSeconds: number;
}

export const SQL_DEFAULTS = {
  readOnly: false,
  poolSize: 5,
  poolRecycleSeconds: 1800,
  connectTimeoutSeconds: 10,
  statementTimeoutSeconds: 30,
  lockTimeoutSeconds: 5,
} as const satisfies Omit<SqlOptions, "url">;
