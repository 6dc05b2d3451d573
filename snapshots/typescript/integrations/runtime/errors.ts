// Everything an adapter can raise. Catch `IntegrationError` to catch it all.
// Written by integrate (runtime/errors). Yours to edit.

import { correlationId } from "./events.js";

export type Severity = "warning" | "error" | "critical";

export interface ErrorDetails {
  /** Whether the same call may succeed later. */
  readonly retryable?: boolean | undefined;
  /** Whether the service did nothing, so that even a write may be repeated. */
  readonly notApplied?: boolean | undefined;
  /** How long the service asked us to wait. */
  readonly retryAfterSeconds?: number | undefined;
  readonly severity?: Severity | undefined;
  /** What else is known, such as the reply's body; it goes to logs. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** HTTP status, when there was a reply. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** A call to a service failed. */
export class IntegrationError extends Error {
  static readonly kind: string = "IntegrationError";
  static readonly defaults: ErrorDetails = {};

  readonly service: string;
  readonly operation: string;
  readonly reason: string;
  readonly retryable: boolean;
  readonly notApplied: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly severity: Severity;
  readonly context: Readonly<Record<string, unknown>>;
  readonly status: number | undefined;
  /** The id that the events of the same call carry. */
  readonly correlationId = correlationId();

  constructor(
    service: string,
    operation: string,
    reason: string,
    details: ErrorDetails = {},
  ) {
    super(`${service} ${operation}: ${reason}`, { cause: details.cause });
    const { defaults, kind } = new.target;
    this.name = kind;
    this.service = service;
    this.operation = operation;
    this.reason = reason;
    this.retryable = details.retryable ?? defaults.retryable ?? false;
    this.notApplied = details.notApplied ?? defaults.notApplied ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.severity = details.severity ?? defaults.severity ?? "error";
    this.context = details.context ?? {};
    this.status = details.status;
  }
}

/** The settings are missing or wrong; nothing was sent. */
export class ConfigurationError extends IntegrationError {
  static override readonly kind = "ConfigurationError";
  static override readonly defaults: ErrorDetails = { severity: "critical" };
}

/** The service refused what was sent (400, 422 and other 4xx). */
export class InvalidRequest extends IntegrationError {
  static override readonly kind = "InvalidRequest";
}

/** The credentials are missing, wrong or expired (401). */
export class AuthenticationError extends IntegrationError {
  static override readonly kind: string = "AuthenticationError";
  static override readonly defaults: ErrorDetails = { severity: "critical" };
}

/** The credentials do not allow this (403). */
export class PermissionDenied extends IntegrationError {
  static override readonly kind = "PermissionDenied";
}

/** The thing asked for does not exist (404, 410). */
export class NotFound extends IntegrationError {
  static override readonly kind = "NotFound";
}

/** The thing is not in the state the call needs (409, 412). */
export class Conflict extends IntegrationError {
  static override readonly kind = "Conflict";
}

/** Too many calls (429). The service did nothing. */
export class RateLimited extends IntegrationError {
  static override readonly kind = "RateLimited";
  static override readonly defaults: ErrorDetails = {
    retryable: true,
    notApplied: true,
    severity: "warning",
  };
}

/** The service could not be reached, or failed by itself (408, 5xx). */
export class Unavailable extends IntegrationError {
  static override readonly kind = "Unavailable";
  static override readonly defaults: ErrorDetails = {
    retryable: true,
    severity: "warning",
  };
}

/** The time allowed for the call ran out. A write may have happened or not. */
export class DeadlineExceeded extends IntegrationError {
  static override readonly kind = "DeadlineExceeded";
}

/** The reply does not match the description this adapter was written from. */
export class UnexpectedResponse extends IntegrationError {
  static override readonly kind = "UnexpectedResponse";
}

const counts = new Map<string, ErrorCount>();

export interface CallNames {
  readonly service: string;
  readonly operation: string;
}

export interface ErrorCount {
  readonly service: string;
  readonly operation: string;
  readonly kind: string;
  readonly count: number;
}

/**
 * Counts a failed operation, by the error's own names unless there are others.
 * `Calls` does so; call it for errors raised elsewhere.
 */
export function countError(
  { service: s, operation: o, name: kind }: IntegrationError,
  { service, operation }: CallNames = { service: s, operation: o },
): void {
  const key = JSON.stringify([service, operation, kind]);
  const count = (counts.get(key)?.count ?? 0) + 1;
  counts.set(key, { service, operation, kind, count });
}

/**
 * Returns how often each operation failed, and how, since the process started.
 */
export function errorCounts(): ErrorCount[] {
  return [...counts.values()];
}
