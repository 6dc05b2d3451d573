// What a store's failure means, as the errors of this project.
// Written by integrate (runtime/objects-errors). Yours to edit.

import {
  AuthenticationError,
  ConfigurationError,
  Conflict,
  IntegrationError,
  InvalidRequest,
  NotFound,
  PermissionDenied,
  RateLimited,
  Unavailable,
  UnexpectedResponse,
} from "./errors.js";
import { redact } from "./secrets.js";

type Kind = typeof IntegrationError;

/** By the store's own code, or that of the file system. */
const BY_CODE: Readonly<Record<string, Kind>> = {
  AccessDenied: PermissionDenied,
  ConditionalRequestConflict: Conflict,
  CredentialsProviderError: AuthenticationError,
  ExpiredToken: AuthenticationError,
  InvalidAccessKeyId: AuthenticationError,
  NoSuchBucket: ConfigurationError,
  NoSuchKey: NotFound,
  NotFound: NotFound,
  PreconditionFailed: Conflict,
  RequestTimeTooSkewed: AuthenticationError,
  SignatureDoesNotMatch: AuthenticationError,
  SlowDown: RateLimited,
  EACCES: PermissionDenied,
  EEXIST: Conflict,
  EISDIR: Conflict,
  ENOENT: NotFound,
  ENOTDIR: Conflict,
};

const BY_STATUS: Readonly<Record<number, Kind>> = {
  400: InvalidRequest,
  401: AuthenticationError,
  403: PermissionDenied,
  404: NotFound,
  409: Conflict,
  412: Conflict,
  416: InvalidRequest,
  429: RateLimited,
};

const NETWORK =
  /^(E[A-Z]+|TimeoutError|NetworkingError|ERR_STREAM_PREMATURE_CLOSE)$/;

/**
 * Returns the error to throw for `cause`: `cause` itself when no store is
 * behind it.
 */
export function storeError(
  service: string,
  operation: string,
  cause: unknown,
): unknown {
  if (!(cause instanceof Error) || cause instanceof IntegrationError)
    return cause;
  const status = statusOf(cause);
  const code = codeOf(cause);
  const Kind = BY_CODE[code] ?? byStatus(status) ?? byNetwork(code);
  if (!Kind) return cause;
  const reason = redact(`${code}: ${cause.message}`);
  return new Kind(service, operation, reason, { cause, status });
}

function byStatus(status: number | undefined): Kind | undefined {
  if (status === undefined) return undefined;
  if (status >= 500) return Unavailable;
  return BY_STATUS[status] ?? UnexpectedResponse;
}

function byNetwork(code: string): Kind | undefined {
  return NETWORK.test(code) ? Unavailable : undefined;
}

function codeOf(cause: Error): string {
  return "code" in cause && typeof cause.code === "string"
    ? cause.code
    : cause.name;
}

function statusOf(cause: Error): number | undefined {
  if (!("$metadata" in cause)) return undefined;
  const metadata: unknown = cause.$metadata;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("httpStatusCode" in metadata)) return undefined;
  const status = metadata.httpStatusCode;
  return typeof status === "number" ? status : undefined;
}
