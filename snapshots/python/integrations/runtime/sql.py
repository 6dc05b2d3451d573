"""Transactions through SQLAlchemy, repeated as a whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import TIMEOUT_MAX, BoundedSemaphore
from typing import Literal, Protocol, Self, TypeVar

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, RootTransaction, event, text
from sqlalchemy.orm import Session

from integrations.runtime.calls import Calls
from integrations.runtime.errors import Conflict, DeadlineExceeded, Unavailable
from integrations.runtime.sql_engine import (
    LEFT_SECONDS,
    SqlOptions,
    open_async_engine,
    open_engine,
)
from integrations.runtime.sql_errors import ROW_FAILURES, SQL_FAILURES, sql_error

T = TypeVar("T")

STEP_SECONDS = 0.02
"""A statement's time is set anew when this much of it has gone."""

Isolation = Literal["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]


class Scope(Protocol):
    """Where statements run: a database, each in its own transaction, or one open."""

    @property
    def service(self) -> str:
        """The adapter's name."""
        ...

    def run(self, operation: str, work: Callable[[Session], T], *, reads: bool) -> T:
        """Run `work`; `reads` says that it changes nothing."""
        ...


class SqlTransaction:
    """One open transaction. It ends with the function it was given to."""

    def __init__(self, service: str, session: Session) -> None:
        """Work in `session`."""
        self.service = service
        self.session = session

    def run(self, operation: str, work: Callable[[Session], T], *, reads: bool) -> T:
        """Run `work` in this transaction."""
        del reads
        try:
            return work(self.session)
        except (*SQL_FAILURES, *ROW_FAILURES) as cause:
            raise sql_error(self.service, operation, cause) from cause


class SqlDatabase:
    """A database and its pool of connections. Safe to share between threads."""

    def __init__(
        self, options: SqlOptions, calls: Calls, schemas: Sequence[str] = ()
    ) -> None:
        """Connect when first used; `schemas` are those the tables name."""
        self.service = calls.service
        self.engine = open_engine(calls.service, options, schemas)
        places = max(1, options.pool_size + options.pool_overflow)
        self._free = BoundedSemaphore(places)
        self._options = options
        self._calls = calls

    def run(self, operation: str, work: Callable[[Session], T], *, reads: bool) -> T:
        """Run `work` in a transaction of its own."""
        return self.transaction(
            lambda transaction: transaction.run(operation, work, reads=reads),
            operation=operation,
            read_only=reads,
        )

    def transaction(
        self,
        work: Callable[[SqlTransaction], T],
        *,
        operation: str = "transaction",
        read_only: bool = False,
        isolation: Isolation | None = None,
        timeout_seconds: float | None = None,
    ) -> T:
        """Run `work` and commit; roll back when it raises.

        A transaction that surely changed nothing is repeated when its failure passes:
        deadlock, serialization failure, lock timeout, lost connection. One that was
        lost while committing is not, unless it only reads.
        """
        options = replace(self._options, read_only=read_only or self._options.read_only)

        def attempt(left: float) -> T:
            unit = _Unit(self._calls, operation, left)
            with unit, self._turn(unit), self.engine.connect() as connection:
                return unit.run(connection, work, options, isolation)

        return self._calls.run(
            operation,
            attempt,
            repeatable=options.read_only,
            timeout_seconds=timeout_seconds,
        )

    @contextmanager
    def _turn(self, unit: _Unit) -> Generator[None]:
        """Wait until the pool has a connection to give, but not past the deadline."""
        unit.wait_for(self._free, self._options.pool_wait_seconds)
        try:
            yield
        finally:
            self._free.release()

    def close(self) -> None:
        """Close the pool's connections."""
        self.engine.dispose()


class AsyncSqlDatabase:
    """A database and its pool of connections. Safe to share between tasks."""

    def __init__(
        self, options: SqlOptions, calls: Calls, schemas: Sequence[str] = ()
    ) -> None:
        """Connect when first used; `schemas` are those the tables name."""
        self.service = calls.service
        self.engine = open_async_engine(calls.service, options, schemas)
        self._options = options
        self._calls = calls

    async def transaction(
        self,
        work: Callable[[SqlTransaction], T],
        *,
        operation: str = "transaction",
        read_only: bool = False,
        isolation: Isolation | None = None,
        timeout_seconds: float | None = None,
    ) -> T:
        """Run `work` like `SqlDatabase.transaction`, never blocking the event loop.

        `work` is a plain function: SQLAlchemy suspends it while the database answers.
        """
        options = replace(self._options, read_only=read_only or self._options.read_only)

        async def attempt(left: float) -> T:
            with _Unit(self._calls, operation, left) as unit:
                async with self.engine.connect() as connection:
                    return await connection.run_sync(unit.run, work, options, isolation)

        return await self._calls.run_async(
            operation,
            attempt,
            repeatable=options.read_only,
            timeout_seconds=timeout_seconds,
        )

    async def close(self) -> None:
        """Close the pool's connections."""
        await self.engine.dispose()


class _Unit:
    """One attempt at one transaction; as a context it says what failures mean."""

    def __init__(self, calls: Calls, operation: str, left: float) -> None:
        self._service = calls.service
        self._clock = calls.clock
        self._operation = operation
        self._deadline = calls.clock.now() + left
        self._statement_seconds = math.inf
        self._committing = False

    def __enter__(self) -> Self:
        self._token = LEFT_SECONDS.set(self.left())
        return self

    def left(self) -> float:
        """Return the seconds left; raises `DeadlineExceeded` when there are none."""
        left = self._deadline - self._clock.now()
        if left <= 0:
            raise self._late("no time left")
        return left

    def wait_for(self, free: BoundedSemaphore, longest_seconds: float) -> None:
        """Take a place in the pool."""
        left = self.left()
        if free.acquire(timeout=min(left, longest_seconds, TIMEOUT_MAX)):
            return
        if left <= longest_seconds:
            raise self._late("no connection became free")
        reason = f"no connection became free within {longest_seconds:g} s"
        raise Unavailable(self._service, self._operation, reason, not_applied=True)

    def _late(self, reason: str) -> DeadlineExceeded:
        return DeadlineExceeded(
            self._service, self._operation, reason, not_applied=True
        )

    def __exit__(
        self, _kind: object, error: BaseException | None, _trace: object
    ) -> None:
        LEFT_SECONDS.reset(self._token)
        if isinstance(error, SQL_FAILURES):
            raise sql_error(
                self._service, self._operation, error, committing=self._committing
            ) from error

    def run(
        self,
        connection: Connection,
        work: Callable[[SqlTransaction], T],
        options: SqlOptions,
        isolation: Isolation | None,
    ) -> T:
        """Begin, do the work, commit."""
        transaction = self._begin(connection, options, isolation)
        with Session(connection, expire_on_commit=False) as session:
            value = work(SqlTransaction(self._service, session))
            session.flush()
        if _is_aborted(connection):
            reason = "an earlier statement failed, so nothing can be committed"
            raise Conflict(self._service, self._operation, reason)
        self.left()
        self._committing = True
        try:
            transaction.commit()
        except SQL_FAILURES:
            connection.invalidate()  # it may still be in the transaction
            raise
        return value

    def _begin(
        self, connection: Connection, options: SqlOptions, isolation: Isolation | None
    ) -> RootTransaction:
        is_postgresql = connection.dialect.name == "postgresql"
        if options.read_only:
            connection.execution_options(postgresql_readonly=True)
        if isolation and is_postgresql:
            connection.execution_options(isolation_level=isolation)
        transaction = connection.begin()
        if is_postgresql:
            self._statement_seconds = options.statement_timeout_seconds
        event.listen(connection, "before_cursor_execute", self._before)
        return transaction

    def _before(self, connection: Connection, *_: object) -> None:
        """Let no statement begin without time, or run on after it."""
        left = self.left()
        is_new = left < self._statement_seconds - STEP_SECONDS
        if not is_new or _is_aborted(connection):
            return
        if connection.dialect.name != "postgresql":
            return
        self._statement_seconds = left
        connection.execute(
            text("SELECT set_config('statement_timeout', :value, true)"),
            {"value": str(max(1, int(left * 1000)))},
        )


def _is_aborted(connection: Connection) -> bool:
    """Return whether PostgreSQL would answer COMMIT by silently rolling back."""
    info = getattr(connection.connection.driver_connection, "info", None)
    return getattr(info, "transaction_status", None) == TransactionStatus.INERROR
