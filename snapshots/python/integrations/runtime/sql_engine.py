"""Connections: drivers, pools, timeouts and read-only mode from one set of options."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from math import inf, isinf
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.sql_errors import as_sent
from integrations.runtime.sql_interval import adapt_intervals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import URL, Dialect

    from integrations.runtime.secrets import Secret

DRIVERS = {
    "postgresql": ("postgresql+psycopg", "postgresql+psycopg"),
    "postgres": ("postgresql+psycopg", "postgresql+psycopg"),
    "sqlite": ("sqlite", "sqlite+aiosqlite"),
}
"""The sync and the async driver for each kind of database."""

LONG_SECONDS = 86_400.0

LEFT_SECONDS: ContextVar[float] = ContextVar("left_seconds", default=inf)
"""Time that is left for the transaction that wants a connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlOptions:
    """How to reach a database, and how long to wait for it.

    Attributes:
        url: `postgresql://user:password@host/database?sslmode=verify-full`, or
            `sqlite:////absolute/path`.
        read_only: Refuse every write.
        pool_size: Connections kept open.
        pool_overflow: Connections opened beyond them under load.
        pool_wait_seconds: How long to wait for a free connection.
        pool_recycle_seconds: Age at which a connection is replaced.
        connect_timeout_seconds: How long a new connection may take.
        statement_timeout_seconds: How long one statement may run (PostgreSQL).
        lock_timeout_seconds: How long a statement may wait for a lock.
    """

    url: Secret
    read_only: bool = False
    pool_size: int = 5
    pool_overflow: int = 10
    pool_wait_seconds: float = 10.0
    pool_recycle_seconds: float = 1800.0
    connect_timeout_seconds: float = 10.0
    statement_timeout_seconds: float = 30.0
    lock_timeout_seconds: float = 5.0


def open_engine(
    service: str, options: SqlOptions, schemas: Sequence[str] = ()
) -> Engine:
    """Return an engine; it connects when it is first used."""
    url = _url(service, options, is_async=False)
    engine = create_engine(url, **_arguments(service, url, options))
    _prepare(engine, options, schemas)
    return engine


def open_async_engine(
    service: str, options: SqlOptions, schemas: Sequence[str] = ()
) -> AsyncEngine:
    """Return an engine for asyncio; it connects when it is first used."""
    url = _url(service, options, is_async=True)
    engine = create_async_engine(url, **_arguments(service, url, options))
    _prepare(engine.sync_engine, options, schemas)
    return engine


class _Arguments(TypedDict):
    connect_args: dict[str, object]
    hide_parameters: bool
    max_overflow: int
    pool_recycle: int
    pool_size: int
    pool_timeout: float


def _url(service: str, options: SqlOptions, *, is_async: bool) -> URL:
    try:
        url = make_url(options.url.reveal())
        drivers = DRIVERS[url.get_backend_name()]
    except (ArgumentError, KeyError):
        known = "postgresql:// nor sqlite:///"
        reason = f"the database URL starts with neither {known}"
        raise ConfigurationError(service, "configure", reason) from None
    return url.set(drivername=drivers[is_async])


def _arguments(service: str, url: URL, options: SqlOptions) -> _Arguments:
    recycle = options.pool_recycle_seconds
    return _Arguments(
        connect_args=_connect_arguments(service, url, options),
        hide_parameters=True,
        max_overflow=options.pool_overflow,
        pool_recycle=-1 if isinf(recycle) else int(recycle),
        pool_size=options.pool_size,
        pool_timeout=min(options.pool_wait_seconds, LONG_SECONDS),
    )


def _connect_arguments(
    service: str, url: URL, options: SqlOptions
) -> dict[str, object]:
    if url.get_backend_name() == "sqlite":
        return {"timeout": min(options.lock_timeout_seconds, LONG_SECONDS)}
    settings = {
        "statement_timeout": _milliseconds(options.statement_timeout_seconds),
        "lock_timeout": _milliseconds(options.lock_timeout_seconds),
        "default_transaction_read_only": "on" if options.read_only else "off",
        "intervalstyle": "postgres",
    }
    return {
        "application_name": service,
        "options": " ".join(
            [
                *(str(url.query[name]) for name in ("options",) if name in url.query),
                *(f"-c {name}={value}" for name, value in settings.items()),
            ]
        ),
    }


def _milliseconds(seconds: float) -> int:
    """Return a limit as PostgreSQL takes it: 0 is none."""
    return 0 if isinf(seconds) else max(1, int(seconds * 1000))


def _hurried(options: SqlOptions) -> Callable[..., object]:
    """Return what connects within the time that is left for the transaction."""

    def connect(
        dialect: Dialect,
        _record: object,
        arguments: Sequence[str],
        parameters: Mapping[str, object],
    ) -> object:
        seconds = min(options.connect_timeout_seconds, LEFT_SECONDS.get())
        limits = {"connect_timeout": 0 if isinf(seconds) else max(1, round(seconds))}
        return dialect.connect(*arguments, **{**parameters, **limits})

    return connect


class _Cursor(Protocol):
    def execute(self, statement: str, values: tuple[str, ...], /) -> object: ...


class _SqliteConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...


def _prepare(engine: Engine, options: SqlOptions, schemas: Sequence[str]) -> None:
    """Give SQLite what servers have: transactions, foreign keys, schemas, read-only."""
    event.listen(engine, "handle_error", as_sent, retval=True)
    if engine.dialect.name != "sqlite":
        event.listen(engine, "do_connect", _hurried(options))
        event.listen(engine, "connect", adapt_intervals)
        return

    def connect(connection: _SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin by itself
        for schema in schemas:
            quoted = engine.dialect.identifier_preparer.quote_identifier(schema)
            file = f"{engine.url.database}.{schema}"
            if not Path(file).exists():
                continue
            connection.cursor().execute(f"ATTACH DATABASE ? AS {quoted}", (file,))

    def begin(connection: Connection) -> None:
        asked = connection.get_execution_options().get("postgresql_readonly", False)
        read_only = int(bool(asked) or options.read_only)
        connection.exec_driver_sql(f"PRAGMA query_only = {read_only}")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
