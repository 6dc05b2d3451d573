"""Settings of the login adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.secrets import Settings

SERVICE: Final = "login"
ISSUER: Final = "https://login.example.com"
KEYS_URL: Final = "https://login.example.com/oauth2/keys"
ALGORITHMS: Final = ("RS256", "ES256")
"""What the issuer signs with; never `none`, never an algorithm with a shared secret."""

TOKEN_TYPES: Final = ("at+jwt", "JWT")
REQUIRED_SCOPES: Final = ("orders:read",)
LEEWAY_SECONDS: Final = 30

ASYMMETRIC: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
    | {"ES256", "ES384", "ES512", "Ed25519", "EdDSA"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginConfig:
    """What a token must satisfy, and how its issuer's keys are kept.

    Attributes:
        audiences: Names of this API at the issuer; a token must be for one of them.
        issuer: The issuer, compared letter by letter.
        keys_url: Where the issuer publishes its keys; None asks the issuer's metadata.
        algorithms: Signature algorithms that are accepted.
        token_types: Accepted `typ` headers; a token without one counts as `JWT`.
        required_scopes: Scopes that every token must have.
        leeway_seconds: How far the clocks of issuer and machine may be apart.
        keys_ttl_seconds: How long fetched keys are used without asking again.
        keys_stale_seconds: How long they are still used while the issuer is down.
        refresh_pause_seconds: Shortest time between two fetches, whatever tokens say.
        local_keys: A JWK Set in place of the issuer's, for tests and development.
    """

    audiences: tuple[str, ...]
    issuer: str = ISSUER
    keys_url: str | None = KEYS_URL
    algorithms: tuple[str, ...] = ALGORITHMS
    token_types: tuple[str, ...] = TOKEN_TYPES
    required_scopes: tuple[str, ...] = REQUIRED_SCOPES
    leeway_seconds: int = LEEWAY_SECONDS
    keys_ttl_seconds: float = 600.0
    keys_stale_seconds: float = 86400.0
    refresh_pause_seconds: float = 10.0
    local_keys: str | None = None

    def __post_init__(self) -> None:
        """Refuse settings that would accept tokens of strangers."""
        if not self.audiences or "" in self.audiences:
            raise _wrong("an audience is required")
        if not self.algorithms or not ASYMMETRIC.issuperset(self.algorithms):
            raise _wrong(f"algorithms must be among {', '.join(sorted(ASYMMETRIC))}")
        for url in filter(None, (self.issuer, self.keys_url)):
            check_url(url)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `LOGIN_*`, or the files that `LOGIN_*_FILE` name.

        Raises:
            ConfigurationError: A setting is missing or malformed; it names all of them.
        """
        settings = Settings(SERVICE, "LOGIN_", environ)
        audiences = settings.text("AUDIENCES")
        issuer = settings.text("ISSUER", ISSUER)
        keys_url = settings.text("KEYS_URL", KEYS_URL if issuer == ISSUER else "")
        algorithms = settings.text("ALGORITHMS", " ".join(ALGORITHMS))
        token_types = settings.text("TOKEN_TYPES", " ".join(TOKEN_TYPES))
        required_scopes = settings.text("REQUIRED_SCOPES", " ".join(REQUIRED_SCOPES))
        leeway_seconds = settings.integer("LEEWAY_SECONDS", LEEWAY_SECONDS, least=0)
        local_keys = settings.optional_text("LOCAL_KEYS")
        settings.check()
        return cls(
            audiences=tuple(audiences.split()),
            issuer=issuer,
            keys_url=keys_url or None,
            algorithms=tuple(algorithms.split()),
            token_types=tuple(token_types.split()),
            required_scopes=tuple(required_scopes.split()),
            leeway_seconds=leeway_seconds,
            local_keys=local_keys,
        )


def check_url(url: str) -> str:
    """Return `url`; refuse one that others could read or change on the way."""
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or parts.scheme not in (
        {"https", "http"} if local else {"https"}
    ):
        raise _wrong(f"`{url}` must be an https URL (http only on this machine)")
    return url


def _wrong(reason: str) -> ConfigurationError:
    return ConfigurationError(SERVICE, "configure", reason)
