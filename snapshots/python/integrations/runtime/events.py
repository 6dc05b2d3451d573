"""Tells listeners what the adapters do, under one correlation id a call."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

LOG = logging.getLogger(__name__)

EventKind = Literal["started", "completed", "failed", "cancelled", "slow"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one call.

    Attributes:
        kind: `cancelled` when its caller gave it up; `slow` comes after the `completed`
            or `failed` of the same call.
        service: The adapter's name.
        operation: The operation's name.
        correlation_id: The same for all events of a call, and in its error.
        attempt: Number of the last attempt, counting from 1.
        seconds: Time since the call started, waits included.
        error: What ended the call; None unless it failed or was cancelled.
    """

    kind: EventKind
    service: str
    operation: str
    correlation_id: str
    attempt: int = 1
    seconds: float = 0.0
    error: BaseException | None = None


Listener = Callable[[Event], None]


class Events:
    """Passes events on to listeners. Safe to share."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event; returns a function that stops it."""
        self._listeners = (*self._listeners, listener)

        def stop() -> None:
            self._listeners = tuple(
                other for other in self._listeners if other is not listener
            )

        return stop

    def emit(self, event: Event) -> None:
        """Tell every listener; one that raises is logged and does not stop the call."""
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                LOG.exception("a listener failed on %s", event.kind)


EVENTS = Events()
"""Where adapters report, unless they are given another."""

_CURRENT: ContextVar[str] = ContextVar("correlation_id", default="")


@contextmanager
def correlation_id(value: str = "") -> Generator[str]:
    """Give the calls inside the block one id: `value`, the outer block's, or a new one.

    The id follows tasks started inside the block.
    """
    chosen = value or _CURRENT.get() or uuid.uuid4().hex
    token = _CURRENT.set(chosen)
    try:
        yield chosen
    finally:
        _CURRENT.reset(token)


def current_correlation_id() -> str | None:
    """Return the id of the block in hand; None outside of any."""
    return _CURRENT.get() or None
