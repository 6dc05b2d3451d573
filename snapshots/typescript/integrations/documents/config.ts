// Settings of the adapter to `acme-documents`.
// Written by integrate from answers. Yours to edit.

import type { CallsOptions } from "../runtime/calls.js";
import type { BucketOptions } from "../runtime/objects-options.js";
import { Retry } from "../runtime/retry.js";
import { type Environment, Settings } from "../runtime/secrets.js";

export interface DocumentsOptions extends CallsOptions, BucketOptions {
  /** Objects listed at a time; 1000 unless given, which is the most. */
  readonly pageSize?: number | undefined;
}

/**
 * Reads the settings from `DOCUMENTS_*`, or from the files that
 * `DOCUMENTS_*_FILE` name; `.env.example` lists them.
 *
 * @throws ConfigurationError One that names every setting that is missing or malformed
 */
export function fromEnv(environment?: Environment): DocumentsOptions {
  const settings = new Settings("documents", "DOCUMENTS_", environment);
  const options = {
    bucket: settings.text("BUCKET", "acme-documents"),
    prefix: settings.optionalText("PREFIX", "2026"),
    folder: settings.optionalText("FOLDER"),
    endpoint: settings.optionalText("ENDPOINT"),
    region: settings.text("REGION", "eu-central-1"),
    pathStyle: settings.flag("PATH_STYLE", false),
    accessKeyId: settings.optionalText("ACCESS_KEY_ID"),
    secretAccessKey: settings.optionalSecret("SECRET_ACCESS_KEY"),
    sessionToken: settings.optionalSecret("SESSION_TOKEN"),
    connectSeconds: settings.number("CONNECT_SECONDS", 5),
    attemptSeconds: settings.number("ATTEMPT_SECONDS", 30),
    retry: new Retry({
      attempts: settings.integer("ATTEMPTS", 3),
      deadlineSeconds: settings.number("TIMEOUT_SECONDS", 300),
    }),
  };
  if (!options.accessKeyId !== !options.secretAccessKey)
    settings.problem(
      "DOCUMENTS_ACCESS_KEY_ID and _SECRET_ACCESS_KEY need one another",
    );
  const parts = (options.prefix || "all").replace(/^\/|\/$/g, "").split("/");
  if (parts.some((part) => ["", ".", ".."].includes(part)))
    settings.problem("DOCUMENTS_PREFIX must be names between single slashes");
  settings.check();
  return options;
}
