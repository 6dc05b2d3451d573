"""Settings of the Bookshop adapter: from arguments, the environment or secret files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.http_auth import (
    UNSENDABLE,
    Authorizer,
    Token,
    bearer,
    in_header,
    is_sendable,
)
from integrations.runtime.http_site import is_base_url
from integrations.runtime.secrets import Settings

BASE_URL = "https://api.bookshop.test/v1"

USUAL = (("token",), ("key",))
"""What allows an operation that names nothing else: the first of these that is set."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """How to reach Bookshop, and as whom.

    Attributes:
        base_url: What the operations' paths are below.
        token: The token of a clerk.
        key: The key that goes into `X-Api-Key`.
        anonymous: Go without credentials, for the operations that need none.
        timeout_seconds: Time for a whole call, retries included.
        attempt_seconds: Longest wait to connect, or between two pieces of a reply.
        attempts: How often a call that may be repeated is tried.
        calls_per_second: Highest rate of calls on average; `inf` is no limit.
        burst: Calls that may go out at once.
    """

    base_url: str = BASE_URL
    token: Token | None = None
    key: Token | None = None
    anonymous: bool = False
    timeout_seconds: float = 60
    attempt_seconds: float = 30.0
    attempts: int = 3
    calls_per_second: float = math.inf
    burst: int = 1

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `BOOKSHOP_*`; raises one `ConfigurationError` for all that is wrong."""
        settings = Settings("bookshop", "BOOKSHOP_", environ)
        config = cls(
            base_url=settings.text("BASE_URL", BASE_URL),
            token=settings.optional_secret("TOKEN"),
            key=settings.optional_secret("KEY"),
            anonymous=settings.flag("ANONYMOUS", default=False),
            timeout_seconds=settings.number("TIMEOUT_SECONDS", 60),
            attempt_seconds=settings.number("ATTEMPT_SECONDS", 30.0),
            attempts=settings.integer("ATTEMPTS", 3),
            calls_per_second=settings.number("CALLS_PER_SECOND", math.inf),
            burst=settings.integer("BURST", 1),
        )
        for problem in config.problems():
            settings.problem(problem)
        settings.check()
        return config

    def problems(self) -> list[str]:
        """Return what is missing or cannot work."""
        found: list[str] = []
        if not is_base_url(self.base_url):
            found.append("BOOKSHOP_BASE_URL is not an http or https URL")
        if not is_sendable(self.token):
            found.append(f"BOOKSHOP_TOKEN {UNSENDABLE}")
        if not is_sendable(self.key):
            found.append(f"BOOKSHOP_KEY {UNSENDABLE}")
        credentials = (self.token, self.key)
        if not self.anonymous and all(given is None for given in credentials):
            found.append(
                "no credentials: set one of "
                "BOOKSHOP_TOKEN, "
                "BOOKSHOP_KEY"
                ", or BOOKSHOP_ANONYMOUS=true to go without"
            )
        return found

    def check(self) -> None:
        """Raise one `ConfigurationError` for all that is missing or cannot work."""
        if problems := self.problems():
            raise ConfigurationError(
                "bookshop",
                "configure",
                "; ".join(problems),
                context={"problems": problems},
            )

    def authorizer(self) -> Authorizer:
        """Return what gives each operation its credentials."""
        return Authorizer(
            "bookshop",
            {
                "token": lambda: bearer(self.token),
                "key": lambda: in_header("X-Api-Key", self.key),
            },
            USUAL,
        )
