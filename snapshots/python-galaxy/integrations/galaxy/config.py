"""Settings of the Galaxy adapter: from arguments, the environment or secret files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.http_auth import (
    Authorizer,
    Token,
    basic,
    bearer,
    in_cookie,
    in_header,
    in_query,
)
from integrations.runtime.secrets import Secret, Settings

BASE_URL = "https://galaxy.scalar.com"

USUAL = (
    ("bearerAuth",),
    ("basicAuth",),
    ("apiKeyQuery",),
    ("apiKeyHeader",),
    ("apiKeyCookie",),
    ("oAuth2",),
    ("openIdConnect",),
)
"""What allows an operation that names nothing else: the first of these that is set."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """How to reach Galaxy, and as whom.

    Attributes:
        base_url: What the operations' paths are below.
        bearer_auth: JWT Bearer token authentication.
        basic_auth_username: Basic HTTP authentication: the name.
        basic_auth_password: Basic HTTP authentication: the password.
        api_key_query: API key query parameter.
        api_key_header: API key request header.
        api_key_cookie: API key browser cookie.
        oauth2: OAuth 2.0 authentication: the access token.
        open_id_connect: OpenID Connect Authentication: the access token.
        anonymous: Go without credentials, for the operations that need none.
        timeout_seconds: Time for a whole call, retries included.
        attempt_seconds: Longest wait to connect, or between two pieces of a reply.
        attempts: How often a call that may be repeated is tried.
        calls_per_second: Highest rate of calls on average; `inf` is no limit.
        burst: Calls that may go out at once.
    """

    base_url: str = BASE_URL
    bearer_auth: Token | None = None
    basic_auth_username: str | None = None
    basic_auth_password: Secret | None = None
    api_key_query: Token | None = None
    api_key_header: Token | None = None
    api_key_cookie: Token | None = None
    oauth2: Token | None = None
    open_id_connect: Token | None = None
    anonymous: bool = False
    timeout_seconds: float = 60.0
    attempt_seconds: float = 30.0
    attempts: int = 3
    calls_per_second: float = math.inf
    burst: int = 1

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `GALAXY_*`; raises one `ConfigurationError` for all that is wrong."""
        settings = Settings("galaxy", "GALAXY_", environ)
        config = cls(
            base_url=settings.text("BASE_URL", BASE_URL),
            bearer_auth=settings.optional_secret("BEARER_AUTH"),
            basic_auth_username=settings.optional_text("BASIC_AUTH_USERNAME"),
            basic_auth_password=settings.optional_secret("BASIC_AUTH_PASSWORD"),
            api_key_query=settings.optional_secret("API_KEY_QUERY"),
            api_key_header=settings.optional_secret("API_KEY_HEADER"),
            api_key_cookie=settings.optional_secret("API_KEY_COOKIE"),
            oauth2=settings.optional_secret("OAUTH2"),
            open_id_connect=settings.optional_secret("OPEN_ID_CONNECT"),
            anonymous=settings.flag("ANONYMOUS", default=False),
            timeout_seconds=settings.number("TIMEOUT_SECONDS", 60.0),
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
        if not self.base_url.startswith(("https://", "http://")):
            found.append("GALAXY_BASE_URL is not an http or https URL")
        if (self.basic_auth_username is None) != (self.basic_auth_password is None):
            found.append("GALAXY_BASIC_AUTH_USERNAME and _PASSWORD need one another")
        credentials = (
            self.bearer_auth,
            self.basic_auth_username,
            self.api_key_query,
            self.api_key_header,
            self.api_key_cookie,
            self.oauth2,
            self.open_id_connect,
        )
        if not self.anonymous and all(given is None for given in credentials):
            found.append(
                "no credentials: set one of GALAXY_BEARER_AUTH, "
                "GALAXY_BASIC_AUTH_USERNAME, GALAXY_API_KEY_QUERY, "
                "GALAXY_API_KEY_HEADER, GALAXY_API_KEY_COOKIE, GALAXY_OAUTH2, "
                "GALAXY_OPEN_ID_CONNECT, or GALAXY_ANONYMOUS=true to go without"
            )
        return found

    def check(self) -> None:
        """Raise one `ConfigurationError` for all that is missing or cannot work."""
        if problems := self.problems():
            raise ConfigurationError(
                "galaxy",
                "configure",
                "; ".join(problems),
                context={"problems": problems},
            )

    def authorizer(self) -> Authorizer:
        """Return what gives each operation its credentials."""
        return Authorizer(
            "galaxy",
            {
                "bearerAuth": lambda: bearer(self.bearer_auth),
                "basicAuth": lambda: basic(
                    self.basic_auth_username, self.basic_auth_password
                ),
                "apiKeyQuery": lambda: in_query("api_key", self.api_key_query),
                "apiKeyHeader": lambda: in_header("X-API-Key", self.api_key_header),
                "apiKeyCookie": lambda: in_cookie("api_key", self.api_key_cookie),
                "oAuth2": lambda: bearer(self.oauth2),
                "openIdConnect": lambda: bearer(self.open_id_connect),
            },
            USUAL,
        )
