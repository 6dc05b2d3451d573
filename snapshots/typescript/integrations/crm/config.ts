// Settings of the adapter to `crm`.
// Written by integrate from answers. Yours to edit.

import type { CallsOptions } from "../runtime/calls.js";
import { Retry } from "../runtime/retry.js";
import { type Environment, Settings } from "../runtime/secrets.js";
import type { Dialects, SqlOptions } from "../runtime/sql.js";

export interface CrmOptions extends CallsOptions, SqlOptions {
  /** In place of PostgreSQL, for a test. */
  readonly dialects?: Dialects | undefined;
}

/**
 * Reads the settings from `CRM_*`, or from the files that
 * `CRM_*_FILE` name; `.env.example` lists them.
 *
 * @throws ConfigurationError One that names every setting that is missing or malformed
 */
export function fromEnv(environment?: Environment): CrmOptions {
  const settings = new Settings("crm", "CRM_", environment);
  const options = {
    url: settings.secret("DATABASE_URL"),
    readOnly: settings.flag("READ_ONLY", false),
    poolSize: settings.integer("POOL_SIZE", 5),
    poolRecycleSeconds: settings.number("POOL_RECYCLE_SECONDS", 1800),
    connectTimeoutSeconds: settings.number("CONNECT_TIMEOUT_SECONDS", 10),
    statementTimeoutSeconds: settings.number("STATEMENT_TIMEOUT_SECONDS", 30.0),
    lockTimeoutSeconds: settings.number("LOCK_TIMEOUT_SECONDS", 5),
    retry: new Retry({
      attempts: settings.integer("ATTEMPTS", 3),
      deadlineSeconds: settings.number("TIMEOUT_SECONDS", 60.0),
    }),
  };
  settings.check();
  return options;
}
