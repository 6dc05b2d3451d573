"""The issuer's public keys: fetched, cached, and refreshed when they rotate."""

from __future__ import annotations

import asyncio
import json
import math
import threading
from dataclasses import dataclass, replace
from typing import NoReturn, Protocol, TypeGuard

from joserfc.errors import JoseError
from joserfc.jwk import DictKey, Key, import_key
from joserfc.jws import JWSRegistry

from integrations.login.config import SERVICE, LoginConfig, check_url
from integrations.runtime.clock import Clock
from integrations.runtime.errors import IntegrationError, Unavailable
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_request import Operation, Request

SHORTEST_RSA = 342
"""Characters of a modulus of 2048 bits, the least (RFC 7518, section 3.3)."""


class UnknownKey(Exception):
    """No key of the issuer fits the token."""


class Keys(Protocol):
    """Finds the key a token says it was signed with."""

    def find(self, kid: str | None, algorithm: str) -> Key:
        """Return the key; raises `UnknownKey` when there is none."""
        ...


class AsyncKeys(Protocol):
    """Finds keys like `Keys`, awaiting."""

    async def find(self, kid: str | None, algorithm: str) -> Key:
        """Return the key; raises `UnknownKey` when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class KeySet:
    """Public signature keys, by what the issuer published."""

    keys: tuple[Key, ...] = ()

    @classmethod
    def parse(cls, text: str | bytes) -> KeySet:
        """Read a JWK Set, leaving out keys that cannot verify a signature.

        Raises:
            ValueError: It is no JWK Set, or no key in it is of use.
        """
        match json.loads(text):
            case {"keys": [*entries]}:
                keys = tuple(key for entry in entries if (key := _public_key(entry)))
            case _:
                raise ValueError("not a JWK Set")
        if not keys:
            raise ValueError("the JWK Set has no key for signatures")
        return cls(keys)

    def get(self, kid: str | None, algorithm: str) -> Key | None:
        """Return the key with this id, or without an id the only one that fits."""
        fits = [key for key in self.keys if _fits(key, algorithm)]
        if kid is None:
            return fits[0] if len(fits) == 1 else None
        return next((key for key in fits if key.kid == kid), None)


class LocalKeys:
    """A key set that never changes, for tests and development."""

    def __init__(self, jwks: str | bytes) -> None:
        """Use the keys of this JWK Set."""
        self._keys = KeySet.parse(jwks)

    def find(self, kid: str | None, algorithm: str) -> Key:
        """Return the key; raises `UnknownKey` when there is none."""
        key = self._keys.get(kid, algorithm)
        if key is None:
            raise UnknownKey
        return key


class AsyncLocalKeys:
    """Local keys for `AsyncTokenVerifier`."""

    def __init__(self, jwks: str | bytes) -> None:
        """Use the keys of this JWK Set."""
        self._keys = LocalKeys(jwks)

    async def find(self, kid: str | None, algorithm: str) -> Key:
        """Return the key; raises `UnknownKey` when there is none."""
        return self._keys.find(kid, algorithm)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What is known of the issuer's keys at one moment."""

    keys: KeySet = KeySet()
    fetched_at: float = -math.inf
    tried_at: float = -math.inf
    error: IntegrationError | None = None


class _Cache:
    """Decides when to fetch. Its state is replaced whole, so reading needs no lock."""

    def __init__(self, config: LoginConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._now = _Fetched()

    def get(self, kid: str | None, algorithm: str) -> tuple[Key | None, bool]:
        """Return the key, and whether to fetch first: it is old, or not among ours."""
        state, now = self._now, self._clock.now()
        age = now - state.fetched_at
        may_fetch = now - state.tried_at >= self._config.refresh_pause_seconds
        key = state.keys.get(kid, algorithm)
        if age >= max(self._config.keys_ttl_seconds, self._config.keys_stale_seconds):
            key = None
        old = key is None or age >= self._config.keys_ttl_seconds
        return key, old and may_fetch

    def store(self, keys: KeySet) -> None:
        now = self._clock.now()
        self._now = _Fetched(keys, fetched_at=now, tried_at=now)

    def failed(self, error: IntegrationError) -> None:
        self._now = replace(self._now, tried_at=self._clock.now(), error=error)

    def refuse(self) -> NoReturn:
        """Blame the token, unless the issuer's keys could not be had."""
        if self._now.error is None:
            raise UnknownKey
        reason = "the keys of the issuer cannot be fetched"
        raise Unavailable(SERVICE, "authenticate", reason) from self._now.error


class IssuerKeys:
    """The issuer's keys, fetched by one thread at a time. Safe to share."""

    def __init__(self, config: LoginConfig, clock: Clock, http: HttpTransport) -> None:
        """Fetch through `http`, as the settings say."""
        self._config = config
        self._http = http
        self._cache = _Cache(config, clock)
        self._lock = threading.Lock()

    def find(self, kid: str | None, algorithm: str) -> Key:
        """Return the key; raises `UnknownKey`, or `Unavailable` without any keys."""
        key, fetch = self._cache.get(kid, algorithm)
        if key is None or (fetch and not self._lock.locked()):
            with self._lock:
                key, fetch = self._cache.get(kid, algorithm)
                if fetch:
                    self._fetch()
                    key, _ = self._cache.get(kid, algorithm)
        return key or self._cache.refuse()

    def _fetch(self) -> None:
        try:
            url = self._config.keys_url
            if url is None:
                url = self._http.send(metadata(self._config.issuer))
            self._cache.store(self._http.send(Request(GET_KEYS, url)))
        except IntegrationError as error:
            self._cache.failed(error)


class AsyncIssuerKeys:
    """The issuer's keys, fetched by one task at a time. For one event loop."""

    def __init__(
        self, config: LoginConfig, clock: Clock, http: AsyncHttpTransport
    ) -> None:
        """Fetch through `http`, as the settings say."""
        self._config = config
        self._http = http
        self._cache = _Cache(config, clock)
        self._lock = asyncio.Lock()

    async def find(self, kid: str | None, algorithm: str) -> Key:
        """Return the key; raises `UnknownKey`, or `Unavailable` without any keys."""
        key, fetch = self._cache.get(kid, algorithm)
        if key is None or (fetch and not self._lock.locked()):
            async with self._lock:
                key, fetch = self._cache.get(kid, algorithm)
                if fetch:
                    await self._fetch()
                    key, _ = self._cache.get(kid, algorithm)
        return key or self._cache.refuse()

    async def _fetch(self) -> None:
        try:
            url = self._config.keys_url
            if url is None:
                url = await self._http.send(metadata(self._config.issuer))
            self._cache.store(await self._http.send(Request(GET_KEYS, url)))
        except IntegrationError as error:
            self._cache.failed(error)


GET_KEYS = Operation("keys.get", "GET", "", KeySet.parse)


def metadata(issuer: str) -> Request[str]:
    """Return the request for the issuer's metadata, read as where its keys are.

    Source: OpenID Connect Discovery 1.0, section 4.
    """

    def keys_url(content: bytes) -> str:
        match json.loads(content):
            case {"issuer": str(stated), "jwks_uri": str(url)} if stated == issuer:
                return check_url(url)
            case _:
                raise ValueError("the metadata is of another issuer, or names no keys")

    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    return Request(Operation("metadata.get", "GET", "", keys_url), url)


def _public_key(entry: object) -> Key | None:
    """Read one key of a set; None when it is of no use: others may still be."""
    if not _is_key(entry) or entry.get("kty") not in {"RSA", "EC", "OKP"}:
        return None
    if entry["kty"] == "RSA" and len(entry.get("n", "")) < SHORTEST_RSA:
        return None
    try:
        return import_key(entry)
    except (JoseError, KeyError, ValueError):
        return None


def _is_key(entry: object) -> TypeGuard[DictKey]:
    return isinstance(entry, dict)


def _fits(key: Key, algorithm: str) -> bool:
    """Tell whether a key may verify this algorithm: kind, curve, `use` and `alg`."""
    try:
        JWSRegistry.algorithms[algorithm].check_key(key)
    except JoseError:
        return False
    return True
