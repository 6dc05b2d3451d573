"""Keeps a service token of https://login.example.com fresh.

Written by integrate from login.openid-configuration.json. Yours to edit.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self, TypeVar

import httpx2 as httpx

from integrations.partner.config import SERVICE, PartnerConfig
from integrations.partner.request import (
    Grant,
    explained,
    grant_request,
    metadata,
    read_grant,
)
from integrations.runtime.cache import TtlCache
from integrations.runtime.cached import cached, cached_async
from integrations.runtime.calls import Calls
from integrations.runtime.clock import Clock
from integrations.runtime.errors import AuthenticationError, IntegrationError
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_site import Site
from integrations.runtime.retry import Retry
from integrations.runtime.secrets import Secret

T = TypeVar("T")

METADATA_SECONDS = 86_400.0
"""How long it is remembered where the issuer gives tokens."""

PAUSE_SECONDS = 5.0
"""Shortest time between two requests when they fail, or when their tokens do."""


class ServiceTokens:
    """One token, asked for by one thread at a time. Share it between threads."""

    def __init__(
        self,
        config: PartnerConfig,
        *,
        client: httpx.Client | None = None,
        calls: Calls | None = None,
    ) -> None:
        """Ask through `client`, as the settings say; nothing is sent yet."""
        self._config = config
        self._calls = calls or Calls(SERVICE, retry=RETRY)
        self._client = client or httpx.Client()
        self._cache = _Cache(config, self._calls.clock)
        self._metadata = TtlCache[str](1, METADATA_SECONDS, clock=self._calls.clock)
        self._token_url = cached(self._metadata)(self._discover)
        self._lock = threading.Lock()

    def token(self) -> Secret:
        """Return a token that is good for a while.

        Raises:
            AuthenticationError: The issuer does not accept the client.
            PermissionDenied: It does not grant the scopes, or not for the resource.
            Unavailable: It cannot be reached.
        """
        token, due = self._cache.get()
        if token is None or (due and not self._lock.locked()):
            with self._lock:
                token, due = self._cache.get()
                if token is None or due:
                    token = self._refresh()
        return token

    def invalidate(self, token: Secret) -> bool:
        """Forget a token that a service refused; tells whether a new one may help."""
        return self._cache.invalidate(token)

    def retrying(self, call: Callable[[], T]) -> T:
        """Make a call that sends the token; once more if it was refused (401)."""
        token = self.token()
        try:
            return call()
        except AuthenticationError as error:
            if error.service == SERVICE or not self.invalidate(token):
                raise
        return call()

    def _refresh(self) -> Secret:
        asked_at = self._calls.clock.now()

        def attempt(left: float) -> Grant:
            url = self._config.token_url or self._token_url()
            reply = self._http(url).send(grant_request(self._config, url), left)
            return read_grant(reply, self._config.scopes)

        try:
            grant = self._calls.run("token", attempt, repeatable=True)
        except IntegrationError as error:
            self._metadata.clear()  # tokens may be given elsewhere now
            return self._cache.failed(explained(error))
        return self._cache.store(grant, asked_at)

    def _discover(self) -> str:
        asked = metadata(self._config.issuer)
        return self._http(asked.path).send(asked, RETRY.deadline_seconds)

    def _http(self, url: str) -> HttpTransport:
        return HttpTransport(_site(url, self._calls.clock), self._client)

    def close(self) -> None:
        """Close the connections to the issuer."""
        self._client.close()

    def __enter__(self) -> Self:
        """Return the tokens; the block's end closes them."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections to the issuer."""
        self.close()


class AsyncServiceTokens:
    """One token, asked for by one task at a time. One for each event loop."""

    def __init__(
        self,
        config: PartnerConfig,
        *,
        client: httpx.AsyncClient | None = None,
        calls: Calls | None = None,
    ) -> None:
        """Ask through `client`, as the settings say; nothing is sent yet."""
        self._config = config
        self._calls = calls or Calls(SERVICE, retry=RETRY)
        self._client = client or httpx.AsyncClient()
        self._cache = _Cache(config, self._calls.clock)
        self._metadata = TtlCache[str](1, METADATA_SECONDS, clock=self._calls.clock)
        self._token_url = cached_async(self._metadata)(self._discover)
        self._lock = asyncio.Lock()

    async def token(self) -> Secret:
        """Return a token like `ServiceTokens.token`."""
        token, due = self._cache.get()
        if token is None or (due and not self._lock.locked()):
            async with self._lock:
                token, due = self._cache.get()
                if token is None or due:
                    token = await self._refresh()
        return token

    def invalidate(self, token: Secret) -> bool:
        """Forget a token that a service refused; tells whether a new one may help."""
        return self._cache.invalidate(token)

    async def retrying(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call that sends the token; once more if it was refused (401)."""
        token = await self.token()
        try:
            return await call()
        except AuthenticationError as error:
            if error.service == SERVICE or not self.invalidate(token):
                raise
        await self.token()
        return await call()

    def held(self) -> Secret:
        """Return the token that `retrying` got; other adapters ask for it so."""
        token, _ = self._cache.get()
        if token is None:
            raise AuthenticationError(SERVICE, "token", "call inside `retrying`")
        return token

    async def _refresh(self) -> Secret:
        asked_at = self._calls.clock.now()

        async def attempt(left: float) -> Grant:
            url = self._config.token_url or await self._token_url()
            reply = await self._http(url).send(grant_request(self._config, url), left)
            return read_grant(reply, self._config.scopes)

        try:
            grant = await self._calls.run_async("token", attempt, repeatable=True)
        except IntegrationError as error:
            self._metadata.clear()  # tokens may be given elsewhere now
            return self._cache.failed(explained(error))
        return self._cache.store(grant, asked_at)

    async def _discover(self) -> str:
        asked = metadata(self._config.issuer)
        return await self._http(asked.path).send(asked, RETRY.deadline_seconds)

    def _http(self, url: str) -> AsyncHttpTransport:
        return AsyncHttpTransport(_site(url, self._calls.clock), self._client)

    async def close(self) -> None:
        """Close the connections to the issuer."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        """Return the tokens; the block's end closes them."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections to the issuer."""
        await self.close()


RETRY = Retry(attempts=3, base_seconds=0.2, deadline_seconds=10.0)


def _site(url: str, clock: Clock) -> Site:
    """Return the origin of `url`, where who we are may go. `RETRY` repeats."""
    calls = Calls(SERVICE, retry=Retry(attempts=1), clock=clock)
    return Site(calls, url, attempt_seconds=5.0)


@dataclass(frozen=True, slots=True)
class _Held:
    token: Secret | None = None
    asked_at: float = -math.inf
    expires_at: float = -math.inf
    refresh_at: float = -math.inf
    error: IntegrationError | None = None


class _Cache:
    """The token at hand. Its state is replaced whole, so reading needs no lock."""

    def __init__(self, config: PartnerConfig, clock: Clock) -> None:
        self._early_seconds = config.early_seconds
        self._clock = clock
        self._held = _Held()

    def get(self) -> tuple[Secret | None, bool]:
        """Return the token if it still lasts, and whether to ask for another.

        Raises the last error while it is too early to ask again.
        """
        held, now = self._held, self._clock.now()
        token, due = held.token, now >= held.refresh_at
        if now >= held.expires_at:
            token = None
        if token is None and not due and held.error is not None:
            raise held.error.with_traceback(None)
        return token, due

    def store(self, grant: Grant, asked_at: float) -> Secret:
        lifetime = grant.lifetime_seconds
        early = min(self._early_seconds, lifetime / 2)
        expires_at = asked_at + lifetime
        self._held = _Held(grant.token, asked_at, expires_at, expires_at - early)
        return grant.token

    def failed(self, error: IntegrationError) -> Secret:
        """Return the token at hand if it still lasts; else raise, and go on raising."""
        held, now = self._held, self._clock.now()
        if held.token is not None and now < held.expires_at:
            at = min(now + PAUSE_SECONDS, held.expires_at)
            self._held = replace(held, refresh_at=at)
            return held.token
        self._held = _Held(refresh_at=now + PAUSE_SECONDS, error=error)
        raise error

    def invalidate(self, token: Secret) -> bool:
        held = self._held
        if held.token != token:
            return True
        if self._clock.now() - held.asked_at < PAUSE_SECONDS:
            return False
        self._held = _Held()
        return True
