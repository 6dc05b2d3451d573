"""What an accepted token says about its bearer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, TypeGuard


@dataclass(frozen=True, slots=True)
class Claims:
    """What an accepted token says about its bearer."""

    subject: str
    """Who is calling: unique at the issuer, and never used again (`sub`)."""

    audience: tuple[str, ...]
    """Whom the token is for (`aud`)."""

    expires_at: datetime
    """When the token ends (UTC, `exp`)."""

    scopes: frozenset[str]
    """What the bearer may do (`scope`, or `scp`)."""

    client_id: str | None
    """The application that got the token (`client_id`, or `azp`)."""

    token_id: str | None
    """Unique for each token (`jti`)."""

    tenant: str
    """Required of every token (`tenant`)."""

    email: str | None
    """`email`."""

    all: Mapping[str, object]
    """Every claim under its own name, as decoded JSON."""

    @classmethod
    def from_json(cls, claims: Mapping[str, object]) -> Self:
        """Read verified claims; raises ValueError when one is not what it should be."""
        return cls(
            subject=_text(claims, "sub"),
            audience=_texts(claims, "aud"),
            expires_at=_moment(claims, "exp"),
            scopes=frozenset(_words(claims, "scope") or _words(claims, "scp")),
            client_id=_optional_text(claims, "client_id")
            or _optional_text(claims, "azp"),
            token_id=_optional_text(claims, "jti"),
            tenant=_text(claims, "tenant"),
            email=_optional_text(claims, "email"),
            all=claims,
        )


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"claim `{name}` is missing or not a text")
    return value


def _optional_text(claims: Mapping[str, object], name: str) -> str | None:
    return None if claims.get(name) is None else _text(claims, name)


def _texts(claims: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = claims.get(name)
    values = value if _is_list(value) else [value]
    texts = tuple(item for item in values if isinstance(item, str))
    if len(texts) != len(values):
        raise ValueError(f"claim `{name}` is neither a text nor a list of texts")
    return texts


def _words(claims: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Read a list of texts, or one text with spaces between them; absent means none."""
    if claims.get(name) is None:
        return ()
    return tuple(word for text in _texts(claims, name) for word in text.split())


def _moment(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (OverflowError, OSError, ValueError) as cause:
        raise ValueError(f"claim `{name}` is not a moment") from cause


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)
