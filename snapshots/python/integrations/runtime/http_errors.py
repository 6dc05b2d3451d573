"""Which error an HTTP reply, or the lack of one, stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeGuard

import httpx2 as httpx

from integrations.runtime.errors import (
    AuthenticationError,
    Conflict,
    IntegrationError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.rate_limit import reset_seconds
from integrations.runtime.retry import retry_after_seconds
from integrations.runtime.secrets import redact

KINDS: Mapping[int, type[IntegrationError]] = {
    401: AuthenticationError,
    403: PermissionDenied,
    404: NotFound,
    408: Unavailable,
    409: Conflict,
    410: NotFound,
    412: Conflict,
    425: Unavailable,
    429: RateLimited,
}
NOT_RETRYABLE = frozenset({501, 505, 508, 510, 511})
BODY_LIMIT = 4_000
"""Most characters of a reply that is no JSON to keep in an error's context."""


def error_of_reply(
    service: str, operation: str, response: httpx.Response, content: bytes, unix: float
) -> IntegrationError:
    """Return the error for a reply that is not a success.

    The context holds `body`, and `request_id` where the service names one.
    """
    status, headers = response.status_code, response.headers
    wait = pause_of_reply(response, unix)
    kind = KINDS.get(status, Unavailable if status >= 500 else InvalidRequest)
    if status < 400:
        kind = UnexpectedResponse
    elif status == 403 and wait is not None:
        kind = RateLimited
    body = _body(content)
    context = {"body": body}
    for name in ("x-request-id", "request-id", "x-github-request-id"):
        if name in headers:
            context["request_id"] = headers[name]
    return kind(
        service,
        operation,
        f"HTTP {status}{_detail(body)}",
        retryable=False if status in NOT_RETRYABLE else None,
        retry_after_seconds=wait,
        context=context,
        status=status,
    )


def error_of_failure(
    service: str, operation: str, cause: httpx.RequestError | httpx.InvalidURL
) -> IntegrationError:
    """Return the error for an exchange that ended without a whole reply."""
    reason = redact(f"{type(cause).__name__}: {cause}".rstrip(": "))
    if isinstance(cause, httpx.TransportError):
        never_sent = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
        return Unavailable(
            service, operation, reason, not_applied=isinstance(cause, never_sent)
        )
    return UnexpectedResponse(service, operation, reason)


def pause_of_reply(response: httpx.Response, unix: float) -> float | None:
    """Return how long the service wants no more calls, or None."""
    if response.status_code in {403, 429, 503}:
        after = retry_after_seconds(response.headers.get("retry-after"), unix)
        if after is not None:
            return after
    return reset_seconds(response.headers, unix)


def _body(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return redact(content.decode(errors="replace")[:BODY_LIMIT])


def _detail(body: object) -> str:
    """Return what an error's body says about it, from where services usually say it."""
    if isinstance(body, str):
        return ""
    for name in ("detail", "message", "error_description", "title", "error"):
        value = body.get(name) if _is_mapping(body) else None
        if isinstance(value, str) and value:
            return f": {redact(value)}"
        if value is not None and (inner := _detail(value)):
            return inner
    return ""


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)
