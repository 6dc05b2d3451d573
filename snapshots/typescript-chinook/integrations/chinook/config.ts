// Settings of the adapter to `chinook`.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { CallsOptions } from "../runtime/calls.js";
import { Retry } from "../runtime/retry.js";
import { type Environment, Settings } from "../runtime/secrets.js";
import type { Dialects, SqlOptions } from "../runtime/sql.js";

export interface ChinookOptions extends CallsOptions, SqlOptions {
  /** In place of PostgreSQL, for a test. */
  readonly dialects?: Dialects | undefined;
}

/**
 * Reads the settings from `CHINOOK_*`, or from the files that `CHINOOK_*_FILE`
 * name; `.env.example` lists them.
 *
 * @throws ConfigurationError One that names every setting that is missing or malformed
 */
export function fromEnvironment(environment?: Environment): ChinookOptions {
  const settings = new Settings("chinook", "CHINOOK_", environment);
  const options = {
    url: settings.secret("DATABASE_URL"),
    readOnly: settings.flag("READ_ONLY", false),
    poolSize: settings.integer("POOL_SIZE", 10),
    poolRecycleSeconds: settings.number("POOL_RECYCLE_SECONDS", 1800),
    connectTimeoutSeconds: settings.number("CONNECT_TIMEOUT_SECONDS", 10),
    statementTimeoutSeconds: settings.number("STATEMENT_TIMEOUT_SECONDS", 30),
    lockTimeoutSeconds: settings.number("LOCK_TIMEOUT_SECONDS", 5),
    retry: new Retry({
      attempts: settings.integer("ATTEMPTS", 3),
      deadlineSeconds: settings.number("TIMEOUT_SECONDS", 60),
    }),
  };
  settings.check();
  return options;
}
