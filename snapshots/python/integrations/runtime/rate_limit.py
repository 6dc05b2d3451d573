"""Keeps calls under a rate, and pauses them when the service says so."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

from integrations.runtime.clock import SYSTEM, Clock

EPOCH_FROM = 1_000_000_000.0
"""A reset at or above this is a moment in Unix time; below, seconds from now."""

MILLISECONDS_FROM = 100_000_000_000.0
"""A reset at or above this is a moment in milliseconds."""

MAX_PAUSE_SECONDS = 3_600.0
"""Longest pause: after it a call may find out whether the service means it."""

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


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
        self._paused_until: dict[str, float] = {}
        self._resources: dict[str, str] = {}

    def reserve(
        self, at_most: float | None = None, operation: str = ""
    ) -> float | None:
        """Take a token and return the seconds to wait before using it.

        Takes none and returns None when the wait would be longer than `at_most`.
        """
        with self._lock:
            now = self._clock.now()
            full_at = max(self._full_at, now)
            turn = max(full_at - self._tolerance, self._until(""), now)
            wait = max(turn, self._until(operation)) - now
            if at_most is not None and wait > at_most:
                return None
            self._full_at = max(full_at, turn) + self._interval
            return wait

    def paused_seconds(self, operation: str = "") -> float:
        """Return how long calls must still wait because the service said so."""
        with self._lock:
            return max(0.0, self._until(operation) - self._clock.now())

    def pause_for(
        self, seconds: float, operation: str = "", resource: str = ""
    ) -> None:
        """Hold every call for `seconds`, then resume at the rate, without a burst.

        Holds for `MAX_PAUSE_SECONDS` at most. With a `resource`, a quota that only some
        operations share, it holds those that were seen to use it.
        """
        with self._lock:
            until = self._clock.now() + min(seconds, MAX_PAUSE_SECONDS)
            before = self._paused_until.get(resource, until)
            self._paused_until[resource] = max(before, until)
            if resource:
                self._resources[operation] = resource
            else:
                self._full_at = max(self._full_at, until + self._tolerance)

    def _until(self, operation: str) -> float:
        resource = self._resources.get(operation, "")
        paused = self._paused_until
        return max(paused.get("", 0.0), paused.get(resource, 0.0))


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
    found = NUMBER.fullmatch((text or "").strip())
    return float(found.group()) if found else None


def _from_now(reset: float, unix_now: float) -> float:
    if reset >= MILLISECONDS_FROM:
        reset /= 1_000.0
    return max(0.0, reset - unix_now if reset >= EPOCH_FROM else reset)
