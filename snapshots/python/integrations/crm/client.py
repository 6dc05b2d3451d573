"""The database crm: start with `Crm()` or `AsyncCrm()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, TypeVar

from integrations.crm.config import Config
from integrations.crm.tables import CustomerRepository, OrderRepository
from integrations.runtime.calls import Calls
from integrations.runtime.sql import (
    AsyncSqlDatabase,
    Isolation,
    Scope,
    SqlDatabase,
    SqlTransaction,
)

T = TypeVar("T")


class Tables:
    """Every table, one repository each."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self.customer = CustomerRepository(scope)
        self.order = OrderRepository(scope)


class Transaction(Tables):
    """Every table, in one open transaction.

    Attributes:
        session: SQLAlchemy's session, for statements of your own.
    """

    def __init__(self, transaction: SqlTransaction) -> None:
        """Work in `transaction`."""
        super().__init__(transaction)
        self.session = transaction.session


class Crm(Tables):
    """Every table, each operation in a transaction of its own. Threads may share it."""

    def __init__(
        self, config: Config | None = None, *, calls: Calls | None = None
    ) -> None:
        """Connect when first used; None means `Config.from_env()`."""
        config = config or Config.from_env()
        self._database = SqlDatabase(config, calls or config.calls())
        super().__init__(self._database)

    def transaction(
        self,
        work: Callable[[Transaction], T],
        *,
        operation: str = "transaction",
        read_only: bool = False,
        isolation: Isolation | None = None,
        timeout_seconds: float | None = None,
    ) -> T:
        """Run `work` and commit; roll back when it raises.

        Args:
            work: Does the work. It may run again, so it should change nothing else.
            operation: The name that events, metrics and errors carry.
            read_only: Refuse writes, and repeat even when the outcome is unknown.
            isolation: Isolation level; None means the server's.
            timeout_seconds: Time for all attempts; None means the retry's deadline.
        """
        return self._database.transaction(
            lambda transaction: work(Transaction(transaction)),
            operation=operation,
            read_only=read_only,
            isolation=isolation,
            timeout_seconds=timeout_seconds,
        )

    def close(self) -> None:
        """Close the pool's connections."""
        self._database.close()

    def __enter__(self) -> Self:
        """Return the adapter itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the pool's connections."""
        self.close()


class AsyncCrm:
    """The same for asyncio: tables are reached through `transaction`."""

    def __init__(
        self, config: Config | None = None, *, calls: Calls | None = None
    ) -> None:
        """Connect when first used; None means `Config.from_env()`."""
        config = config or Config.from_env()
        self._database = AsyncSqlDatabase(config, calls or config.calls())

    async def transaction(
        self,
        work: Callable[[Transaction], T],
        *,
        operation: str = "transaction",
        read_only: bool = False,
        isolation: Isolation | None = None,
        timeout_seconds: float | None = None,
    ) -> T:
        """Run `work` like `Crm.transaction`, without blocking the event loop.

        `work` is a plain function; SQLAlchemy suspends it while the database answers.
        It returns rows, not iterators: `list(tx.table.list())`.
        """
        return await self._database.transaction(
            lambda transaction: work(Transaction(transaction)),
            operation=operation,
            read_only=read_only,
            isolation=isolation,
            timeout_seconds=timeout_seconds,
        )

    async def close(self) -> None:
        """Close the pool's connections."""
        await self._database.close()

    async def __aenter__(self) -> Self:
        """Return the adapter itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the pool's connections."""
        await self.close()
