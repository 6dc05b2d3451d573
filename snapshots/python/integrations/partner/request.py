"""What is sent to the token endpoint, and how its replies are read."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote_plus

from integrations.partner.config import SERVICE, PartnerConfig, check_url
from integrations.runtime.errors import (
    AuthenticationError,
    IntegrationError,
    InvalidRequest,
    PermissionDenied,
    UnexpectedResponse,
)
from integrations.runtime.http_encoding import form_body
from integrations.runtime.http_request import Operation, Request, raw
from integrations.runtime.secrets import Secret

DEFAULT_LIFETIME_SECONDS = 300.0
"""Assumed where the issuer does not say how long a token lasts."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as it was given."""

    token: Secret
    lifetime_seconds: float


def metadata(issuer: str) -> Request[str]:
    """Return the request for the issuer's metadata, read as where tokens are given.

    Source: OpenID Connect Discovery 1.0, section 4.
    """

    def token_url(content: bytes) -> str:
        match json.loads(content):
            case {"issuer": str(stated), "token_endpoint": str(url)} if (
                stated == issuer
            ):
                return check_url(url)
            case _:
                raise ValueError("it is of another issuer, or names no token endpoint")

    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    return Request(Operation("metadata.get", "GET", "", token_url), url)


def grant_request(config: PartnerConfig, url: str) -> Request[bytes]:
    """Return the request for a token. Source: RFC 6749, sections 2.3.1 and 4.4.2."""
    form = {"grant_type": "client_credentials"}
    if config.scopes:
        form["scope"] = " ".join(config.scopes)
    if config.resource is not None:
        form["resource"] = config.resource
    user, password = config.client_id, config.client_secret.reveal()
    pair = f"{quote_plus(user)}:{quote_plus(password)}".encode()
    headers = {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    operation = Operation("token.request", "POST", "", raw)
    return Request(operation, url, headers=headers, body=form_body(form))


def read_grant(content: bytes, scopes: tuple[str, ...]) -> Grant:
    """Read a reply. What it says never reaches an error: it may hold a token.

    Source: RFC 6749, section 5.1.
    """
    try:
        reply = json.loads(content)
    except ValueError:
        reply = None
    match reply:
        case {"access_token": str(token), "token_type": str(kind)} if token:
            if kind.lower() != "bearer":
                raise _unexpected("the token is not a bearer token")
        case _:
            raise _unexpected("the reply holds no token")
    try:
        lifetime = float(reply.get("expires_in", DEFAULT_LIFETIME_SECONDS))
    except (TypeError, ValueError):
        lifetime = -1.0
    if not lifetime > 0:
        raise _unexpected("`expires_in` is not a number above 0")
    granted = reply.get("scope")
    if isinstance(granted, str) and (missing := set(scopes) - set(granted.split())):
        reason = f"the issuer does not grant {', '.join(sorted(missing))}"
        raise PermissionDenied(SERVICE, "token", reason)
    return Grant(Secret(token), lifetime)


def explained(error: IntegrationError) -> IntegrationError:
    """Return the error that an OAuth error code stands for, whatever its status.

    Source: RFC 6749, section 5.2; RFC 8707, section 2.
    """
    if not isinstance(error, InvalidRequest):
        return error
    match error.context.get("body"):
        case {"error": "invalid_client" | "unauthorized_client"}:
            kind: type[IntegrationError] = AuthenticationError
        case {"error": "invalid_scope" | "invalid_target"}:
            kind = PermissionDenied
        case _:
            return error
    context = error.context
    return kind(SERVICE, "token", error.reason, context=context, status=error.status)


def _unexpected(reason: str) -> UnexpectedResponse:
    return UnexpectedResponse(SERVICE, "token", reason)
