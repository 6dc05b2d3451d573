"""Everything an adapter can raise. Catch `IntegrationError` to catch it all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Literal

Severity = Literal["warning", "error", "critical"]


class IntegrationError(Exception):
    """An operation of a service failed.

    Attributes:
        service: The adapter's name, such as `galaxy`.
        operation: The operation's name, such as `planets.get`.
        reason: What went wrong, for people.
        retryable: The same call may succeed later.
        not_applied: The service did nothing, so that even a write may be repeated.
        retry_after_seconds: How long the service asked to wait; None when it did not.
        severity: `warning` passes by itself, `critical` needs an operator.
        context: What else is known, such as the body of the service's reply.
        correlation_id: The id that events and logs of the same call carry.
        status: HTTP status or the service's own code; None when no reply came.
    """

    retryable: bool = False
    not_applied: bool = False
    severity: Severity = "error"

    def __init__(
        self,
        service: str,
        operation: str,
        reason: str,
        *,
        retryable: bool | None = None,
        not_applied: bool | None = None,
        retry_after_seconds: float | None = None,
        severity: Severity | None = None,
        context: Mapping[str, object] | None = None,
        correlation_id: str = "",
        status: int | None = None,
    ) -> None:
        """Describe the failure; None leaves what the class says."""
        super().__init__(service, operation, reason)
        self.service = service
        self.operation = operation
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        self.context = dict(context or {})
        self.correlation_id = correlation_id
        self.status = status
        if retryable is not None:
            self.retryable = retryable
        if not_applied is not None:
            self.not_applied = not_applied
        if severity is not None:
            self.severity = severity

    def __str__(self) -> str:
        """Return the place, the reason and the correlation id in one line."""
        mark = f" [{self.correlation_id}]" if self.correlation_id else ""
        return f"{self.service} {self.operation}: {self.reason}{mark}"


class ConfigurationError(IntegrationError):
    """Settings are missing or make no sense; nothing was sent."""

    severity = "critical"


class InvalidRequest(IntegrationError):
    """The service does not accept what was sent (400, 422)."""


class AuthenticationError(IntegrationError):
    """The service does not accept the credentials (401)."""

    severity: Severity = "critical"


class PermissionDenied(IntegrationError):
    """The credentials are good and do not allow this (403)."""


class NotFound(IntegrationError):
    """The thing asked for does not exist (404, 410)."""


class Conflict(IntegrationError):
    """The thing is in a state that does not allow this (409, 412)."""


class RateLimited(IntegrationError):
    """Too many calls (429). The service did nothing."""

    retryable = True
    not_applied = True
    severity = "warning"


class Unavailable(IntegrationError):
    """The service could not be reached, or failed by itself (5xx)."""

    retryable = True
    severity = "warning"


class DeadlineExceeded(IntegrationError):
    """The time for the whole call, retries included, was used up."""


class UnexpectedResponse(IntegrationError):
    """The reply is not what the service's description promises."""


_COUNTS: Counter[tuple[str, str, str]] = Counter()
_LOCK = threading.Lock()


def count_error(
    error: IntegrationError, service: str = "", operation: str = ""
) -> None:
    """Count an error that ended an operation, by its own names unless there are others.

    `Calls` does this; call it for errors raised elsewhere.
    """
    key = (service or error.service, operation or error.operation)
    with _LOCK:
        _COUNTS[*key, type(error).__name__] += 1


def error_counts() -> dict[tuple[str, str, str], int]:
    """Return how many errors ended operations, by service, operation and kind."""
    with _LOCK:
        return dict(_COUNTS)
