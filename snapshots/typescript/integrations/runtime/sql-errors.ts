// What a failed statement means: database error codes as the errors of this
// project.
// Written by integrate (runtime/sql-errors). Yours to edit.

import { AbortedTransactionError } from "kysely";

import {
  AuthenticationError,
  ConfigurationError,
  Conflict,
  DeadlineExceeded,
  IntegrationError,
  InvalidRequest,
  PermissionDenied,
  Unavailable,
  UnexpectedResponse,
} from "./errors.js";
import { redact } from "./secrets.js";

/** What an error code says. */
interface Meaning {
  readonly kind: typeof IntegrationError;
  /** The same transaction may succeed when it is repeated. */
  readonly passing?: boolean;
  /** The connection broke, so a commit under way may have happened or not. */
  readonly lost?: boolean;
}

const CLASH: Meaning = { kind: Conflict, passing: true };
const BUSY: Meaning = { kind: Unavailable, passing: true };
const LOST: Meaning = { kind: Unavailable, passing: true, lost: true };

/** By SQLSTATE: five characters, or the two of a whole class. */
const BY_SQLSTATE: Readonly<Record<string, Meaning>> = {
  "08": LOST, // connection exception
  "22": { kind: InvalidRequest }, // data exception
  "23": { kind: InvalidRequest }, // integrity constraint violation
  "23505": { kind: Conflict }, // unique violation
  "23P01": { kind: Conflict }, // exclusion violation
  "25006": { kind: PermissionDenied }, // read only transaction
  "28": { kind: AuthenticationError }, // invalid authorization
  "3D": { kind: ConfigurationError }, // no such database
  "40001": CLASH, // serialization failure
  "40P01": CLASH, // deadlock detected
  "42501": { kind: PermissionDenied }, // insufficient privilege
  "53": BUSY, // insufficient resources
  "55": { kind: Conflict }, // object not in prerequisite state
  "55P03": BUSY, // lock not available
  "57014": { kind: DeadlineExceeded }, // query canceled: statement timeout
  "57": LOST, // operator intervention: shutdown, crash
};

/**
 * By SQLite's result code: the extended one, or the primary in its low byte.
 */
const BY_SQLITE_CODE: Readonly<Record<number, Meaning>> = {
  5: BUSY, // SQLITE_BUSY
  6: BUSY, // SQLITE_LOCKED
  8: { kind: PermissionDenied }, // SQLITE_READONLY
  9: { kind: DeadlineExceeded }, // SQLITE_INTERRUPT
  10: LOST, // SQLITE_IOERR
  13: BUSY, // SQLITE_FULL
  14: { kind: ConfigurationError }, // SQLITE_CANTOPEN
  18: { kind: InvalidRequest }, // SQLITE_TOOBIG
  19: { kind: InvalidRequest }, // SQLITE_CONSTRAINT
  20: { kind: InvalidRequest }, // SQLITE_MISMATCH
  1555: { kind: Conflict }, // SQLITE_CONSTRAINT_PRIMARYKEY
  2067: { kind: Conflict }, // SQLITE_CONSTRAINT_UNIQUE
  2579: { kind: Conflict }, // SQLITE_CONSTRAINT_ROWID
};

/** A value that does not fit its column, whether it was sent or is read. */
export class ValueFault extends Error {
  readonly kind: typeof IntegrationError;

  constructor(kind: typeof IntegrationError, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.kind = kind;
  }
}

/** What `pg` says of connections, without a code. */
const CONNECTION =
  /^(connection terminated|timeout exce|timeout exp|client has)/i;

/**
 * Returns the error to throw for `cause`: `cause` itself when no database is
 * behind it.
 *
 * It says `notApplied` unless the connection was lost while `committing`: only
 * then is it unknown whether the transaction was applied. Bound values are left
 * out.
 */
export function sqlError(
  service: string,
  operation: string,
  cause: unknown,
  committing = false,
): unknown {
  if (!(cause instanceof Error) || cause instanceof IntegrationError)
    return cause;
  const meaning = meaningOf(cause);
  if (!meaning) return cause;
  const { kind: Kind, passing = false, lost = false } = meaning;
  return new Kind(service, operation, redact(reasonOf(cause)), {
    retryable: passing,
    notApplied: !(committing && lost),
    context: contextOf(cause),
    cause,
  });
}

/** From the first quotation mark to the last, in any language. */
const MARK = "[\"'`\\u00ab\\u00bb\\u2018-\\u201f\\u2039\\u203a\\u300c-\\u300f]";
const QUOTED = new RegExp(`${MARK}.*${MARK}`);

/** Returns what the database said, without the values that it quotes. */
function reasonOf(cause: Error): string {
  const [line = cause.name] = cause.message.split("\n");
  const isOfValue = String(field(cause, "code") ?? "").startsWith("22");
  return isOfValue ? line.replace(QUOTED, '"…"') : line;
}

function meaningOf(cause: Error): Meaning | undefined {
  if (cause instanceof AbortedTransactionError) return { kind: Conflict };
  if (cause instanceof ValueFault) return { kind: cause.kind };
  const sqlite = field(cause, "errcode");
  if (typeof sqlite === "number") {
    return (
      BY_SQLITE_CODE[sqlite] ??
      BY_SQLITE_CODE[sqlite & 0xff] ?? { kind: UnexpectedResponse }
    );
  }
  const code = field(cause, "code");
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) {
    return (
      BY_SQLSTATE[code] ??
      BY_SQLSTATE[code.slice(0, 2)] ?? { kind: UnexpectedResponse }
    );
  }
  const isNetwork = typeof field(cause, "syscall") === "string";
  return isNetwork || CONNECTION.test(cause.message) ? LOST : undefined;
}

/** Returns the code and what it concerns, as far as the database says. */
function contextOf(cause: Error): Record<string, unknown> {
  const names = ["code", "errcode", "schema", "table", "column", "constraint"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = field(cause, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function field(value: object, name: string): unknown {
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
