"""Accepts or refuses the bearer tokens of https://login.example.com.

Written by integrate from login.openid-configuration.json. Yours to edit.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from integrations.login.claims import Claims
from integrations.login.config import SERVICE, LoginConfig
from integrations.login.keys import (
    AsyncIssuerKeys,
    AsyncKeys,
    AsyncLocalKeys,
    IssuerKeys,
    Keys,
    LocalKeys,
    UnknownKey,
)
from integrations.runtime.calls import Calls
from integrations.runtime.clock import SYSTEM, Clock
from integrations.runtime.errors import (
    AuthenticationError,
    IntegrationError,
    PermissionDenied,
)
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_site import Site
from integrations.runtime.retry import Retry

BEARER = re.compile(r"bearer +([\w.-]+)", re.ASCII | re.IGNORECASE)
LONGEST_HEADER = 16_384


class TokenVerifier:
    """Accepts or refuses bearer tokens. Share one between threads, for its keys."""

    def __init__(
        self,
        config: LoginConfig,
        *,
        keys: Keys | None = None,
        http: HttpTransport | None = None,
        calls: Calls | None = None,
    ) -> None:
        """Verify with `keys`; None means the issuer's, or the settings' local ones."""
        self._calls = calls or Calls(SERVICE)
        self._http = http or HttpTransport(site(config, self._calls.clock))
        self._checks = _Checks(config, self._calls.clock)
        if keys is None and config.local_keys is not None:
            keys = LocalKeys(config.local_keys)
        self._keys = keys or IssuerKeys(config, self._calls.clock, self._http)

    def authenticate(
        self, authorization: str | None, *, scopes: Collection[str] = ()
    ) -> Claims:
        """Verify an `Authorization` header and return the claims of its token.

        Args:
            authorization: The header as it came; None when there was none.
            scopes: What the token must allow, besides the settings' required scopes.

        Raises:
            AuthenticationError: Answer 401 with `challenge(error)`, and nothing else:
                why is in the error's `context`, for your logs only.
            PermissionDenied: Answer 403 with `challenge(error)`: a scope is missing.
            Unavailable: Answer 503: the issuer's keys cannot be fetched.
        """

        def attempt(_left: float) -> Claims:
            token = self._checks.read(authorization)
            try:
                key = self._keys.find(token.kid, token.algorithm)
            except UnknownKey as cause:
                raise refused("no key of the issuer fits") from cause
            return self._checks.verify(token, key, scopes)

        return self._calls.run("authenticate", attempt, repeatable=False)

    def close(self) -> None:
        """Close the connections to the issuer."""
        self._http.close()

    def __enter__(self) -> Self:
        """Return the verifier; the block's end closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections to the issuer."""
        self.close()


class AsyncTokenVerifier:
    """Accepts or refuses bearer tokens without blocking. One for each event loop."""

    def __init__(
        self,
        config: LoginConfig,
        *,
        keys: AsyncKeys | None = None,
        http: AsyncHttpTransport | None = None,
        calls: Calls | None = None,
    ) -> None:
        """Verify with `keys`; None means the issuer's, or the settings' local ones."""
        self._calls = calls or Calls(SERVICE)
        self._http = http or AsyncHttpTransport(site(config, self._calls.clock))
        self._checks = _Checks(config, self._calls.clock)
        if keys is None and config.local_keys is not None:
            keys = AsyncLocalKeys(config.local_keys)
        self._keys = keys or AsyncIssuerKeys(config, self._calls.clock, self._http)

    async def authenticate(
        self, authorization: str | None, *, scopes: Collection[str] = ()
    ) -> Claims:
        """Verify an `Authorization` header like `TokenVerifier.authenticate`."""

        async def attempt(_left: float) -> Claims:
            token = self._checks.read(authorization)
            try:
                key = await self._keys.find(token.kid, token.algorithm)
            except UnknownKey as cause:
                raise refused("no key of the issuer fits") from cause
            return self._checks.verify(token, key, scopes)

        return await self._calls.run_async("authenticate", attempt, repeatable=False)

    async def close(self) -> None:
        """Close the connections to the issuer."""
        await self._http.close()

    async def __aenter__(self) -> Self:
        """Return the verifier; the block's end closes it."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections to the issuer."""
        await self.close()


def site(config: LoginConfig, clock: Clock = SYSTEM) -> Site:
    """Return where keys are fetched, in at most 5 seconds: callers are waiting."""
    retry = Retry(attempts=2, base_seconds=0.2, deadline_seconds=5.0)
    return Site(Calls(SERVICE, retry=retry, clock=clock), config.issuer)


def challenge(error: IntegrationError) -> str:
    """Return the `WWW-Authenticate` header of a refusal (RFC 6750, section 3)."""
    if isinstance(error, PermissionDenied):
        return f'Bearer error="insufficient_scope", scope="{error.context["scope"]}"'
    return 'Bearer error="invalid_token"' if error.context.get("token") else "Bearer"


class TokenRefused(AuthenticationError):
    """A caller's token is not accepted. Our own credentials have no part in it."""

    severity = "warning"


def refused(detail: str, *, token: bool = True) -> TokenRefused:
    """Return the error for a token that is not accepted; `detail` is for logs."""
    return TokenRefused(
        SERVICE,
        "authenticate",
        "the bearer token is not accepted",
        context={"detail": detail, "token": token},
        status=401,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    algorithm: str
    kid: str | None


class _Checks:
    """What makes a token acceptable, whoever finds its key."""

    def __init__(self, config: LoginConfig, clock: Clock) -> None:
        self._config = config
        self._types = {_media_type(name) for name in config.token_types}
        self._registry = jws.JWSRegistry(
            algorithms=config.algorithms, strict_check_header=False
        )
        # Headers may hold certificates; `LONGEST_HEADER` bounds the whole token.
        self._registry.max_header_length = LONGEST_HEADER
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock.unix()),
            leeway=config.leeway_seconds,
            iss={"essential": True, "value": config.issuer},
            aud={"essential": True, "values": list(config.audiences)},
            sub={"essential": True},
            exp={"essential": True},
        )

    def read(self, authorization: str | None) -> _Token:
        """Read a header, and refuse what no key could make good."""
        if not authorization:
            raise refused("no `Authorization` header", token=False)
        found = BEARER.fullmatch(authorization[: LONGEST_HEADER + 1].strip(" "))
        if found is None or len(authorization) > LONGEST_HEADER:
            raise refused("not a bearer token")
        try:
            header = jws.extract_compact(
                found[1].encode(), registry=self._registry
            ).headers()
            self._registry.check_header(header)
            self._registry.get_alg(header["alg"])
        except (JoseError, TypeError, ValueError) as cause:
            raise refused(f"unreadable: {cause}") from cause
        if _media_type(header.get("typ", "JWT")) not in self._types:
            raise refused("not an access token: `typ`")
        return _Token(found[1], header["alg"], header.get("kid"))

    def verify(self, token: _Token, key: Key, scopes: Collection[str]) -> Claims:
        """Check signature, claims and scopes, in this order."""
        try:
            decoded = jwt.decode(token.text, key, registry=self._registry)
            self._claims.validate(decoded.claims)
            claims = Claims.from_json(decoded.claims)
        except (JoseError, ValueError) as cause:
            raise refused(str(cause)) from cause
        missing = {*self._config.required_scopes, *scopes} - claims.scopes
        if missing:
            raise PermissionDenied(
                SERVICE,
                "authenticate",
                "the token lacks a scope",
                severity="warning",
                context={"scope": " ".join(sorted(missing)), "subject": claims.subject},
                status=403,
            )
        return claims


def _media_type(name: str) -> str:
    """Return `at+jwt` for `application/at+jwt`, in any case (RFC 7515, 4.1.9)."""
    return name.lower().removeprefix("application/")
