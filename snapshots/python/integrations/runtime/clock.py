"""Time as the adapters see it: the system's, and one that tests can turn."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """The only source of time and of waiting."""

    def now(self) -> float:
        """Return seconds that only go forward, from any origin."""
        ...

    def unix(self) -> float:
        """Return seconds since 1970-01-01 UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, blocking this thread."""
        ...

    async def sleep_async(self, seconds: float) -> None:
        """Wait, letting other tasks run."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return `time.monotonic()`."""
        return time.monotonic()

    def unix(self) -> float:
        """Return `time.time()`."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait, blocking this thread."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait, letting other tasks run."""
        await asyncio.sleep(seconds)


class FakeClock:
    """A clock for tests: waiting takes no time and is remembered in `sleeps`."""

    def __init__(self, *, now: float = 1_000.0, unix: float = 1_700_000_000.0) -> None:
        """Start at `now`, which is `unix` seconds after 1970."""
        self.sleeps: list[float] = []
        self._now = now
        self._offset = unix - now

    def now(self) -> float:
        """Return the time this clock was turned to."""
        return self._now

    def unix(self) -> float:
        """Return the same moment in seconds since 1970."""
        return self._now + self._offset

    def advance(self, seconds: float) -> None:
        """Turn the clock forward."""
        self._now += seconds

    def sleep(self, seconds: float) -> None:
        """Turn the clock forward at once, and remember the wait."""
        self.sleeps.append(seconds)
        self.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Turn the clock forward and let other tasks run once."""
        self.sleep(seconds)
        await asyncio.sleep(0)


SYSTEM: Clock = SystemClock()
