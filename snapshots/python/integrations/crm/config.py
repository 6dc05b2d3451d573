"""Settings of `crm`: from arguments, the environment or secret files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from integrations.runtime.calls import Calls
from integrations.runtime.retry import Retry
from integrations.runtime.secrets import Settings
from integrations.runtime.sql_engine import SqlOptions


@dataclass(frozen=True, kw_only=True)
class Config(SqlOptions):
    """How to reach `crm`, and how long to try.

    Attributes:
        timeout_seconds: Time for a whole transaction, retries included.
        attempts: How often a transaction is tried.
    """

    timeout_seconds: float = 60.0
    attempts: int = 3

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `CRM_*`; raises one `ConfigurationError` for all that is wrong."""
        settings = Settings("crm", "CRM_", environ)
        config = cls(
            url=settings.secret("DATABASE_URL"),
            read_only=settings.flag("READ_ONLY", default=False),
            pool_size=settings.integer("POOL_SIZE", 5),
            pool_overflow=settings.integer("POOL_OVERFLOW", 10),
            pool_wait_seconds=settings.number("POOL_WAIT_SECONDS", 10.0),
            pool_recycle_seconds=settings.number("POOL_RECYCLE_SECONDS", 1800.0),
            connect_timeout_seconds=settings.number("CONNECT_TIMEOUT_SECONDS", 10.0),
            statement_timeout_seconds=settings.number(
                "STATEMENT_TIMEOUT_SECONDS", 30.0
            ),
            lock_timeout_seconds=settings.number("LOCK_TIMEOUT_SECONDS", 5.0),
            timeout_seconds=settings.number("TIMEOUT_SECONDS", 60.0),
            attempts=settings.integer("ATTEMPTS", 3),
        )
        settings.check()
        return config

    def calls(self) -> Calls:
        """Return what runs the operations."""
        retry = Retry(attempts=self.attempts, deadline_seconds=self.timeout_seconds)
        return Calls("crm", retry=retry)
