"""Which credentials a request carries, out of those that are set."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.http_encoding import is_header_text
from integrations.runtime.http_request import Credentials, Security
from integrations.runtime.secrets import Secret

Token = Secret | Callable[[], Secret]
"""A secret, or a function that is asked on each attempt, so that it may be renewed."""

Scheme = Callable[[], Credentials | None]
"""Gives the credentials of one scheme, or None when it is not set."""

UNSENDABLE = "holds a line break or another character that a header does not take"


class UnsendableSecret(ValueError):
    """A secret cannot stand in a header. Does not say what it is."""


@dataclass(frozen=True, slots=True)
class Authorizer:
    """Picks, for each operation, the first alternative whose schemes are all set.

    Attributes:
        service: The adapter's name.
        schemes: What each scheme gives.
        usual: What allows an operation that says nothing else.
    """

    service: str
    schemes: Mapping[str, Scheme]
    usual: Security

    def __call__(self, operation: str, security: Security | None) -> Credentials:
        """Return the credentials; raises `ConfigurationError` when none are set."""
        alternatives = self.usual if security is None else security
        for names in sorted(alternatives, key=lambda names: not names):
            try:
                found = [self.schemes[name]() for name in names]
            except UnsendableSecret as cause:
                reason = f"the secret for {' with '.join(names)} {UNSENDABLE}"
                raise ConfigurationError(self.service, operation, reason) from cause
            given = [credentials for credentials in found if credentials is not None]
            if len(given) == len(names):
                return _together(given)
        wanted = ", or ".join(" with ".join(names) for names in alternatives)
        reason = f"none of its credentials are set: {wanted}"
        raise ConfigurationError(self.service, operation, reason)


def bearer(token: Token | None) -> Credentials | None:
    """Send a token as `Authorization: Bearer`. Source: RFC 6750."""
    value = _reveal(token)
    if value is None:
        return None
    return Credentials({"authorization": f"Bearer {_header_text(value)}"})


def basic(username: str | None, password: Secret | None) -> Credentials | None:
    """Send a name and a password as `Authorization: Basic`. Source: RFC 7617."""
    if not username or password is None:
        return None
    pair = b64encode(f"{username}:{password.reveal()}".encode()).decode()
    return Credentials({"authorization": f"Basic {pair}"})


def in_header(name: str, key: Token | None) -> Credentials | None:
    """Send a key in a header."""
    value = _reveal(key)
    return None if value is None else Credentials({name.lower(): _header_text(value)})


def in_query(name: str, key: Token | None) -> Credentials | None:
    """Send a key in the query."""
    value = _reveal(key)
    return None if value is None else Credentials(query={name: value})


def in_cookie(name: str, key: Token | None) -> Credentials | None:
    """Send a key in a cookie."""
    value = _reveal(key)
    if value is None:
        return None
    return Credentials({"cookie": f"{name}={quote(value, safe='')}"})


def is_sendable(token: Token | None) -> bool:
    """Return whether a secret can stand in a header; what is asked later, then."""
    return not isinstance(token, Secret) or is_header_text(token.reveal())


def _header_text(value: str) -> str:
    if not is_header_text(value):
        raise UnsendableSecret
    return value


def _reveal(token: Token | None) -> str | None:
    if token is None:
        return None
    return (token if isinstance(token, Secret) else token()).reveal()


def _together(given: list[Credentials]) -> Credentials:
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    for credentials in given:
        cookies = [headers.get("cookie"), credentials.headers.get("cookie")]
        headers |= credentials.headers
        query |= credentials.query
        if cookie := "; ".join(filter(None, cookies)):
            headers["cookie"] = cookie
    return Credentials(headers, query)
