"""Keeps calls under a rate, and pauses them when the service says so."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

from integrations.runtime.clock import SYSTEM, Clock

EPOCH_FROM = 1_000_000_000.0
"""A reset at or above this is a moment in Unix time; below, seconds from now."""


class RateLimiter:
    """A token bucket, shared by threads and tasks. `inf` per second only pauses.

    Kept as the moment the bucket will be full again (the generic cell rate algorithm),
    so that each caller reserves its own moment and nobody wakes in vain.
    """

    def __init__(
        self, per_second: float, burst: int = 1, *, clock: Clock = SYSTEM
    ) -> None:
        """Let `per_second` calls through on average, `burst` of them at once."""
        if per_second <= 0 or burst < 1:
            raise ValueError("per_second must be above 0 and burst at least 1")
        self._interval = 1.0 / per_second
        self._tolerance = self._interval * (burst - 1)
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at = clock.now()
        self._paused_until = self._full_at

    def reserve(self, at_most: float | None = None) -> float | None:
        """Take a token and return the seconds to wait before using it.

        Takes none and returns None when the wait would be longer than `at_most`.
        """
        with self._lock:
            now = self._clock.now()
            full_at = max(self._full_at, now)
            wait = max(full_at - self._tolerance, self._paused_until, now) - now
            if at_most is not None and wait > at_most:
                return None
            self._full_at = max(full_at, now + wait) + self._interval
            return wait

    def paused_seconds(self) -> float:
        """Return how long calls must still wait because the service said so."""
        with self._lock:
            return max(0.0, self._paused_until - self._clock.now())

    def pause_for(self, seconds: float) -> None:
        """Hold every call for `seconds`, then resume at the rate, without a burst."""
        with self._lock:
            until = self._clock.now() + seconds
            self._paused_until = max(self._paused_until, until)
            self._full_at = max(self._full_at, until + self._tolerance)


def reset_seconds(headers: Mapping[str, str], unix_now: float) -> float | None:
    """Return how long the service wants no call, or None while it allows more.

    Reads `X-RateLimit-Remaining` and `-Reset`, their form without `X-`, and
    `RateLimit` in both drafts: `limit=9, remaining=0, reset=5` and `"name";r=0;t=5`.
    Names are looked up in lower case.
    """
    for prefix in ("x-ratelimit-", "ratelimit-", "x-rate-limit-"):
        remaining = _number(headers.get(prefix + "remaining"))
        reset = _number(headers.get(prefix + "reset"))
        if remaining is not None and reset is not None:
            return _from_now(reset, unix_now) if remaining <= 0 else None
    waits: list[float] = []
    for policy in headers.get("ratelimit", "").split(', "'):
        remaining = _field(policy, "r|remaining")
        reset = _field(policy, "t|reset")
        if remaining is not None and reset is not None and remaining <= 0:
            waits.append(_from_now(reset, unix_now))
    return max(waits, default=None)


def _field(text: str, names: str) -> float | None:
    found = re.search(rf"(?:^|[;,\s])(?:{names})=(\d+)", text)
    return _number(found.group(1)) if found else None


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _from_now(reset: float, unix_now: float) -> float:
    return max(0.0, reset - unix_now if reset >= EPOCH_FROM else reset)
