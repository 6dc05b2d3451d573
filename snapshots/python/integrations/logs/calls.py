"""Logs what the project's adapters do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from structlog.stdlib import BoundLogger

from integrations.logs.config import Level
from integrations.runtime.errors import IntegrationError
from integrations.runtime.events import Event

LEVELS: dict[str, Level] = {"started": "debug", "completed": "info", "slow": "warning"}


def log_calls(logger: BoundLogger) -> Callable[[Event], None]:
    """Return a listener that logs each event of a call in one line."""

    def listen(event: Event) -> None:
        fields: dict[str, object] = {
            "service": event.service,
            "operation": event.operation,
            "correlation_id": event.correlation_id,
            "attempt": event.attempt,
            "seconds": round(event.seconds, 6),
        }
        if event.error is not None:
            fields |= {"error": type(event.error).__name__, "reason": str(event.error)}
        number = logging.getLevelNamesMapping()[level(event).upper()]
        logger.log(number, "call %s", event.kind, **fields)

    return listen


def level(event: Event) -> Level:
    """Return how much attention an event needs: a failure, as much as its error."""
    if event.kind != "failed":
        return LEVELS.get(event.kind, "info")
    if isinstance(event.error, IntegrationError):
        return event.error.severity
    return "error"
