"""Settings of the partner adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.secrets import Secret, Settings

SERVICE: Final = "partner"
ISSUER: Final = "https://login.example.com"
ENDPOINT: Final = "https://login.example.com/oauth2/token"
SCOPES: Final = ("orders:read",)
RESOURCE: Final = "https://api.example.com"
EARLY_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerConfig:
    """Who this service is at the issuer, and what its tokens are for.

    Attributes:
        client_id: The name the issuer knows this service by.
        client_secret: What proves it (`client_secret_basic`).
        issuer: The issuer, compared letter by letter.
        token_url: Where tokens are asked for; None asks the issuer's metadata.
        scopes: What the tokens must allow.
        resource: The API the tokens are for (RFC 8707); None sends none.
        early_seconds: How long before its end a token is replaced.
    """

    client_id: str
    client_secret: Secret
    issuer: str = ISSUER
    token_url: str | None = ENDPOINT
    scopes: tuple[str, ...] = SCOPES
    resource: str | None = RESOURCE
    early_seconds: float = EARLY_SECONDS

    def __post_init__(self) -> None:
        """Refuse settings that would show the secret to strangers."""
        for url in filter(None, (self.issuer, self.token_url)):
            check_url(url)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `PARTNER_*`, or the files that `PARTNER_*_FILE` name.

        Raises:
            ConfigurationError: A setting is missing or malformed; it names all of them.
        """
        settings = Settings(SERVICE, "PARTNER_", environ)
        client_id = settings.text("CLIENT_ID")
        client_secret = settings.secret("CLIENT_SECRET")
        issuer = settings.text("ISSUER", ISSUER)
        token_url = settings.text("TOKEN_URL", ENDPOINT if issuer == ISSUER else "")
        scopes = settings.text("SCOPES", " ".join(SCOPES))
        resource = settings.optional_text("RESOURCE", RESOURCE)
        early_seconds = settings.number("EARLY_SECONDS", EARLY_SECONDS)
        settings.check()
        return cls(
            client_id=client_id,
            client_secret=client_secret,
            issuer=issuer,
            token_url=token_url or None,
            scopes=tuple(scopes.split()),
            resource=resource,
            early_seconds=early_seconds,
        )


def check_url(url: str) -> str:
    """Return `url`; refuse one that others could read or change on the way."""
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or parts.scheme not in (
        {"https", "http"} if local else {"https"}
    ):
        reason = f"`{url}` must be an https URL (http only on this machine)"
        raise ConfigurationError(SERVICE, "configure", reason)
    return url
