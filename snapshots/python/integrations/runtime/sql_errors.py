"""What a failed statement means: database error codes as the errors of this project."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from sqlalchemy import ExceptionContext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    MultipleResultsFound,
    NoResultFound,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from integrations.runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    Conflict,
    DeadlineExceeded,
    IntegrationError,
    InvalidRequest,
    PermissionDenied,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.secrets import redact

SQL_FAILURES = (StatementError, PoolTimeout)
"""What SQLAlchemy raises when the database, not our code, is the cause."""

ROW_FAILURES = (
    ArithmeticError,
    AttributeError,
    TypeError,
    ValueError,
    MultipleResultsFound,
    NoResultFound,
)
"""What else a statement of ours ends in: values and rows that fit nowhere."""

_MARK = r"[\"'`\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f]"
QUOTED = re.compile(f"{_MARK}.*{_MARK}")
"""From the first quotation mark to the last, in any language."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error code says.

    Attributes:
        kind: The error to raise.
        passing: The same transaction may succeed when it is repeated.
        lost: The connection broke, so a commit under way may have happened or not.
    """

    kind: type[IntegrationError]
    passing: bool = False
    lost: bool = False


CLASH = Meaning(Conflict, passing=True)
BUSY = Meaning(Unavailable, passing=True)
LOST = Meaning(Unavailable, passing=True, lost=True)
UNKNOWN = Meaning(UnexpectedResponse)

BY_CODE: dict[str, Meaning] = {
    # SQLSTATE: five characters, or the two of a whole class.
    "08": LOST,  # connection exception
    "22": Meaning(InvalidRequest),  # data exception
    "23": Meaning(InvalidRequest),  # integrity constraint violation
    "23505": Meaning(Conflict),  # unique violation
    "23P01": Meaning(Conflict),  # exclusion violation
    "25006": Meaning(PermissionDenied),  # read only transaction
    "28": Meaning(AuthenticationError),  # invalid authorization
    "3D": Meaning(ConfigurationError),  # no such database
    "40001": CLASH,  # serialization failure
    "40P01": CLASH,  # deadlock detected
    "42501": Meaning(PermissionDenied),  # insufficient privilege
    "53": BUSY,  # insufficient resources
    "55": Meaning(Conflict),  # object not in prerequisite state
    "55P03": BUSY,  # lock not available
    "57014": Meaning(DeadlineExceeded),  # query canceled: statement timeout
    "57": LOST,  # operator intervention: shutdown, crash
    # SQLite: the names of its result codes, extended or primary.
    "SQLITE_BUSY": BUSY,
    "SQLITE_CANTOPEN": Meaning(ConfigurationError),
    "SQLITE_CONSTRAINT": Meaning(InvalidRequest),
    "SQLITE_CONSTRAINT_PRIMARYKEY": Meaning(Conflict),
    "SQLITE_CONSTRAINT_ROWID": Meaning(Conflict),
    "SQLITE_CONSTRAINT_UNIQUE": Meaning(Conflict),
    "SQLITE_FULL": BUSY,
    "SQLITE_INTERRUPT": Meaning(DeadlineExceeded),
    "SQLITE_IOERR": LOST,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_MISMATCH": Meaning(InvalidRequest),
    "SQLITE_READONLY": Meaning(PermissionDenied),
    "SQLITE_TOOBIG": Meaning(InvalidRequest),
}

BY_REFUSAL: dict[str, Meaning] = {
    "authentication failed": Meaning(AuthenticationError),
    "no password supplied": Meaning(AuthenticationError),
    "no pg_hba.conf entry": Meaning(PermissionDenied),
    "does not exist": Meaning(ConfigurationError),
}
"""What a refused connection says: it comes without a code, in the server's language."""


def as_sent(failure: ExceptionContext) -> StatementError | None:
    """Say of a value that the driver cannot send that it was being sent, not read."""
    error = failure.original_exception
    is_value = isinstance(error, AttributeError | TypeError) and failure.statement
    if not is_value or failure.sqlalchemy_exception:
        return None
    return StatementError(str(error), failure.statement, None, error)


def sql_error(
    service: str, operation: str, cause: Exception, *, committing: bool = False
) -> IntegrationError:
    """Return the error to raise for `cause`.

    It says `not_applied` unless the connection was lost while `committing`: only then
    is it unknown whether the transaction was applied. Bound values are left out.
    """
    meaning = _meaning(cause)
    return meaning.kind(
        service,
        operation,
        _reason(cause),
        retryable=meaning.passing,
        not_applied=not (committing and meaning.lost),
        context=_context(cause),
    )


def _meaning(cause: Exception) -> Meaning:
    if isinstance(cause, PoolTimeout):
        return BUSY
    if isinstance(cause, OverflowError | UnicodeEncodeError):
        return Meaning(InvalidRequest)  # a value that the driver cannot send
    if not isinstance(cause, StatementError):
        return UNKNOWN  # a value that cannot be read, too many rows or too few
    code = _code(cause)
    for part in (code, code.rpartition("_")[0], code[:2]):
        if part in BY_CODE:
            return BY_CODE[part]
    if code:
        return UNKNOWN
    if not isinstance(cause, DBAPIError):
        return Meaning(InvalidRequest)  # a value its column cannot take
    if isinstance(cause, DataError | ProgrammingError):  # of the driver itself
        return Meaning(InvalidRequest) if cause.statement else UNKNOWN
    text = str(cause.orig)
    return next((BY_REFUSAL[t] for t in BY_REFUSAL if t in text), LOST)


def _code(cause: Exception) -> str:
    """Return the SQLSTATE or the name of SQLite's result code, or nothing."""
    original = cause.orig if isinstance(cause, StatementError) else None
    for name in ("sqlstate", "sqlite_errorname"):
        code = getattr(original, name, None)
        if isinstance(code, str) and code != "unknown":
            return code
    # SQLite may know extended codes that Python does not; the low byte is the primary.
    primary = getattr(original, "sqlite_errorcode", 0) & 0xFF
    same = (name for name in BY_CODE if getattr(sqlite3, name, None) == primary)
    return next(same, "")


def _reason(cause: Exception) -> str:
    """Return the first line of what the database said, without the values it quotes."""
    original = cause.orig if isinstance(cause, StatementError) else cause
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    lines = str(primary or original).splitlines()
    line = lines[0] if lines else type(original).__name__
    is_value = isinstance(cause, DataError) or _code(cause).startswith("22")
    if is_value or not isinstance(cause, DBAPIError | PoolTimeout):
        line = QUOTED.sub('"…"', line)  # about a value; others quote names
    return redact(line)


def _context(cause: Exception) -> dict[str, object]:
    """Return the code and what it concerns, as far as the database says."""
    diagnosis = getattr(getattr(cause, "orig", None), "diag", None)
    names = ("schema_name", "table_name", "column_name", "constraint_name")
    known = {name: getattr(diagnosis, name, None) for name in names}
    return {k: v for k, v in {"code": _code(cause), **known}.items() if v}
