"""Runs the operations of an adapter: events, metrics, rate limit, retry, deadline."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from integrations.runtime.clock import SYSTEM, Clock
from integrations.runtime.errors import DeadlineExceeded, IntegrationError, count_error
from integrations.runtime.events import EVENTS, Event, EventKind, Events, correlation_id
from integrations.runtime.metrics import METRICS, Metrics
from integrations.runtime.rate_limit import RateLimiter
from integrations.runtime.retry import Retry

T = TypeVar("T")


class Calls:
    """What all operations of one adapter share. Threads and tasks may share it.

    Attributes:
        service: The adapter's name, for events, metrics and errors.
        retry: When to try again.
        limiter: Keeps the rate; always there, because services ask for pauses.
        metrics: Where calls are counted.
        events: Where calls are reported.
        clock: The only source of time.
        slow_seconds: A call that takes longer is reported as `slow`.
    """

    def __init__(
        self,
        service: str,
        *,
        retry: Retry | None = None,
        limiter: RateLimiter | None = None,
        metrics: Metrics = METRICS,
        events: Events = EVENTS,
        clock: Clock = SYSTEM,
        slow_seconds: float = 5.0,
    ) -> None:
        """Use the defaults for what is None: `Retry()`, and no limit of our own."""
        self.service = service
        self._given = retry, limiter
        self.retry = retry or Retry()
        self.limiter = limiter or RateLimiter(math.inf, clock=clock)
        self.metrics = metrics
        self.events = events
        self.clock = clock
        self.slow_seconds = slow_seconds

    def with_defaults(self, *, retry: Retry, per_second: float, burst: int) -> Calls:
        """Return the same calls, these in place of what they were made without."""
        given, limiter = self._given
        if limiter is None and math.isfinite(per_second):
            limiter = RateLimiter(per_second, burst, clock=self.clock)
        return Calls(
            self.service,
            retry=given or retry,
            limiter=limiter or self.limiter,
            metrics=self.metrics,
            events=self.events,
            clock=self.clock,
            slow_seconds=self.slow_seconds,
        )

    def run(
        self,
        operation: str,
        attempt: Callable[[float], T],
        *,
        repeatable: bool,
        timeout_seconds: float | None = None,
    ) -> T:
        """Run one operation until it succeeds or must not be tried again.

        Args:
            operation: Its name, such as `planets.get`.
            attempt: Tries once, in at most the seconds it is given; raises an
                `IntegrationError` that says whether to try again.
            repeatable: Doing the operation twice does no harm.
            timeout_seconds: Time for the whole call; None means the retry's deadline.
        """
        with correlation_id() as correlation:
            call = _Call(self, operation, correlation, repeatable, timeout_seconds)
            while True:
                try:
                    while wait := call.turn():
                        self.clock.sleep(wait)
                    value = attempt(call.left())
                except BaseException as error:
                    if not call.retries(error):
                        raise
                else:
                    call.finish("completed")
                    return value

    async def run_async(
        self,
        operation: str,
        attempt: Callable[[float], Awaitable[T]],
        *,
        repeatable: bool,
        timeout_seconds: float | None = None,
    ) -> T:
        """Run one operation like `run`, cancelling an attempt at the deadline."""
        with correlation_id() as correlation:
            call = _Call(self, operation, correlation, repeatable, timeout_seconds)
            while True:
                try:
                    while wait := call.turn():
                        await self.clock.sleep_async(wait)
                    value = await call.bounded(attempt)
                except BaseException as error:
                    if not call.retries(error):
                        raise
                else:
                    call.finish("completed")
                    return value


@dataclass(slots=True)
class _Call:
    """One operation under way."""

    calls: Calls
    operation: str
    correlation: str
    repeatable: bool
    timeout_seconds: float | None
    attempt: int = 1
    pause: float = 0.0
    reserved: bool = False
    started_at: float = field(init=False)
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        seconds = self.timeout_seconds
        if seconds is None:
            seconds = self.calls.retry.deadline_seconds
        self.started_at = self.calls.clock.now()
        self.deadline = self.started_at + seconds
        self._emit("started")

    def left(self) -> float:
        """Return the seconds left; raises `DeadlineExceeded` when there are none."""
        left = self.deadline - self.calls.clock.now()
        if left <= 0:
            raise self._late("no time left")
        return left

    def turn(self) -> float:
        """Return how long to wait before an attempt, or 0 when it is our turn."""
        if self.pause:
            pause, self.pause = self.pause, 0.0
            return pause
        limiter, left = self.calls.limiter, self.left()
        if self.reserved:
            wait: float | None = limiter.paused_seconds(self.operation)
        else:
            wait = limiter.reserve(left, self.operation)
        if wait is None or wait > left:
            raise self._late("the rate limit allows no call before the deadline")
        self.reserved = True
        return wait

    async def bounded(self, attempt: Callable[[float], Awaitable[T]]) -> T:
        """Try once, and cancel the attempt at the deadline."""
        left = self.left()
        scope = asyncio.timeout(left)
        try:
            async with scope:
                return await attempt(left)
        except TimeoutError as cause:
            if not scope.expired():
                raise
            raise self._late("no time left") from cause

    def retries(self, error: BaseException) -> bool:
        """Return whether to try again after `error`, and plan the pause before it."""
        if not isinstance(error, Exception):
            self.finish("cancelled", error)
            return False
        pause = None
        if isinstance(error, IntegrationError):
            known, error.correlation_id = error.correlation_id, self.correlation
            pause = self.calls.retry.wait_seconds(
                error,
                attempt=self.attempt,
                repeatable=self.repeatable,
                left=self.deadline - self.calls.clock.now(),
            )
            if pause is None and known != self.correlation:  # not by a call inside
                count_error(error, self.calls.service, self.operation)
        if pause is None:
            self.finish("failed", error)
            return False
        self.attempt, self.pause, self.reserved = self.attempt + 1, pause, False
        return True

    def finish(self, kind: EventKind, error: BaseException | None = None) -> None:
        """Count the finished call and tell how it went."""
        seconds = self.calls.clock.now() - self.started_at
        self.calls.metrics.record(
            self.calls.service,
            self.operation,
            seconds=seconds,
            failed=kind == "failed",
            cancelled=kind == "cancelled",
            retries=self.attempt - 1,
        )
        self._emit(kind, seconds, error)
        if kind != "cancelled" and seconds >= self.calls.slow_seconds:
            self._emit("slow", seconds, error)

    def _emit(
        self, kind: EventKind, seconds: float = 0.0, error: BaseException | None = None
    ) -> None:
        event = Event(
            kind=kind,
            service=self.calls.service,
            operation=self.operation,
            correlation_id=self.correlation,
            attempt=self.attempt,
            seconds=seconds,
            error=error,
        )
        self.calls.events.emit(event)

    def _late(self, reason: str) -> DeadlineExceeded:
        return DeadlineExceeded(self.calls.service, self.operation, reason)
