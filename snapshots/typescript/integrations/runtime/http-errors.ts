// Which error an HTTP reply, or the lack of one, stands for.
// Written by integrate (runtime/http-errors). Yours to edit.

import * as errors from "./errors.js";
import { resetSeconds } from "./rate-limit.js";
import { retryAfterSeconds } from "./retry.js";
import { redact } from "./secrets.js";

type Kind = typeof errors.IntegrationError;

const KINDS: Readonly<Record<number, Kind>> = {
  401: errors.AuthenticationError,
  403: errors.PermissionDenied,
  404: errors.NotFound,
  408: errors.Unavailable,
  409: errors.Conflict,
  410: errors.NotFound,
  412: errors.Conflict,
  425: errors.Unavailable,
  429: errors.RateLimited,
};

/** Statuses of 500 and above that another attempt does not mend. */
const NOT_RETRYABLE = new Set([501, 505, 508, 510, 511]);

/** What breaks before the request is on its way. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Most characters of a reply that is no JSON to keep in an error's context. */
const BODY_LIMIT = 4_000;

/**
 * Returns the error for a reply that is not a success; its context holds the
 * `body`.
 */
export async function errorOfReply(
  service: string,
  operation: string,
  response: Response,
  unixNow: number,
): Promise<errors.IntegrationError> {
  const { status } = response;
  const wait = pauseOfReply(response, unixNow);
  const body = decode(await response.text().catch(() => ""));
  const Kind =
    status === 403 && wait !== undefined ? errors.RateLimited : kindOf(status);
  const details = { status, retryAfterSeconds: wait, context: { body } };
  const retryable = NOT_RETRYABLE.has(status) ? false : undefined;
  return new Kind(service, operation, `HTTP ${status}${detail(body)}`, {
    ...details,
    retryable,
  });
}

/** Returns the error for an exchange that ended without a whole reply. */
export function errorOfFailure(
  service: string,
  operation: string,
  cause: unknown,
): errors.IntegrationError {
  if (cause instanceof errors.IntegrationError) return cause;
  let root = cause;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  const code = root instanceof Error && "code" in root ? String(root.code) : "";
  const reason = redact(
    `no complete reply: ${root instanceof Error ? root.message : String(root)}`,
  );
  return new errors.Unavailable(service, operation, reason, {
    notApplied: NEVER_SENT.has(code),
    cause,
  });
}

/** Returns how long the service wants no more calls, or undefined. */
export function pauseOfReply(
  { status, headers }: Response,
  unixNow: number,
): number | undefined {
  const after = [403, 429, 503].includes(status)
    ? retryAfterSeconds(headers.get("retry-after"), unixNow)
    : undefined;
  return after ?? resetSeconds(headers, unixNow);
}

function kindOf(status: number): Kind {
  if (status < 400) return errors.UnexpectedResponse;
  return (
    KINDS[status] ?? (status < 500 ? errors.InvalidRequest : errors.Unavailable)
  );
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return redact(text.slice(0, BODY_LIMIT));
  }
}

/**
 * Returns what an error's body says about it, from where services usually say
 * it.
 */
function detail(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const fields = new Map<string, unknown>(Object.entries(body));
  for (const name of [
    "detail",
    "message",
    "error_description",
    "title",
    "error",
  ]) {
    const value = fields.get(name);
    if (typeof value === "string" && value !== "") return `: ${redact(value)}`;
    const inner = detail(value);
    if (inner !== "") return inner;
  }
  return "";
}
