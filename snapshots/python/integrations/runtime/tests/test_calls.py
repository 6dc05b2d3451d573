"""What every operation gets: retries, a deadline, events, metrics, one id."""

import asyncio
import math
from collections.abc import Callable

import pytest

from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    Conflict,
    DeadlineExceeded,
    IntegrationError,
    NotFound,
    RateLimited,
    Unavailable,
    error_counts,
)
from integrations.runtime.events import Event, Events, correlation_id
from integrations.runtime.metrics import Metrics
from integrations.runtime.rate_limit import RateLimiter
from integrations.runtime.retry import Retry


class Fixture:
    """Calls on a fake clock, and an attempt that fails as it is told."""

    def __init__(self, *failures: BaseException, limiter_rate: float = 0) -> None:
        self.clock = FakeClock()
        self.events: list[Event] = []
        self.metrics = Metrics()
        self.attempts = 0
        self._failures = list(failures)
        events = Events()
        events.listen(self.events.append)
        self.calls = Calls(
            "svc",
            retry=Retry(base_seconds=1.0, jitter=lambda: 1.0),
            limiter=RateLimiter(limiter_rate, clock=self.clock)
            if limiter_rate
            else None,
            metrics=self.metrics,
            events=events,
            clock=self.clock,
        )

    def attempt(self, _left: float) -> int:
        self.attempts += 1
        if self._failures:
            raise self._failures.pop(0)
        return self.attempts

    async def attempt_async(self, left: float) -> int:
        return self.attempt(left)

    def run_sync(self, *, repeatable: bool = True, seconds: float | None = None) -> int:
        return self.calls.run(
            "get", self.attempt, repeatable=repeatable, timeout_seconds=seconds
        )

    def run_async(
        self, *, repeatable: bool = True, seconds: float | None = None
    ) -> int:
        return asyncio.run(
            self.calls.run_async(
                "get",
                self.attempt_async,
                repeatable=repeatable,
                timeout_seconds=seconds,
            )
        )


def unavailable(*, not_applied: bool = False) -> Unavailable:
    return Unavailable("svc", "get", "down", not_applied=not_applied)


both = pytest.mark.parametrize("run", [Fixture.run_sync, Fixture.run_async])
Run = Callable[..., int]


@both
def test_what_may_be_repeated_is_retried_with_growing_waits(run: Run) -> None:
    fixture = Fixture(unavailable(), unavailable())
    assert run(fixture) == 3
    assert fixture.clock.sleeps == [1.0, 2.0]


@both
def test_the_last_error_is_raised_after_the_last_attempt(run: Run) -> None:
    fixture = Fixture(unavailable(), unavailable(), unavailable(), unavailable())
    with pytest.raises(Unavailable):
        run(fixture)
    assert fixture.attempts == 3


@both
def test_a_write_is_not_repeated(run: Run) -> None:
    fixture = Fixture(unavailable())
    with pytest.raises(Unavailable):
        run(fixture, repeatable=False)
    assert fixture.attempts == 1


@both
def test_a_write_is_repeated_when_the_service_did_nothing(run: Run) -> None:
    fixture = Fixture(unavailable(not_applied=True))
    assert run(fixture, repeatable=False) == 2


@both
def test_what_cannot_succeed_is_not_repeated(run: Run) -> None:
    fixture = Fixture(NotFound("svc", "get", "gone"))
    with pytest.raises(NotFound):
        run(fixture)
    assert fixture.attempts == 1


@both
def test_a_pause_beyond_the_deadline_ends_the_call_at_once(run: Run) -> None:
    fixture = Fixture(RateLimited("svc", "get", "slow down", retry_after_seconds=90))
    with pytest.raises(RateLimited):
        run(fixture)
    assert (fixture.attempts, fixture.clock.sleeps) == (1, [])


@both
def test_the_deadline_of_one_call_can_be_shorter(run: Run) -> None:
    fixture = Fixture(unavailable())
    with pytest.raises(Unavailable):
        run(fixture, seconds=0.5)
    assert fixture.attempts == 1


@both
def test_no_attempt_is_made_when_the_rate_allows_none_in_time(run: Run) -> None:
    fixture = Fixture(limiter_rate=0.01)
    assert run(fixture) == 1
    with pytest.raises(DeadlineExceeded, match="rate limit"):
        run(fixture)
    assert fixture.attempts == 1


@both
def test_attempts_wait_for_their_turn(run: Run) -> None:
    fixture = Fixture(limiter_rate=0.5)
    assert run(fixture) == 1
    assert run(fixture) == 2
    assert fixture.clock.sleeps == [2.0]


def test_a_pause_asked_for_while_waiting_is_obeyed_too() -> None:
    fixture = Fixture(limiter_rate=0.5)
    fixture.run_sync()
    sleep = fixture.clock.sleep

    def sleep_and_pause(seconds: float) -> None:
        sleep(seconds)
        if len(fixture.clock.sleeps) == 1:
            fixture.calls.limiter.pause_for(7.0)

    fixture.clock.sleep = sleep_and_pause  # type: ignore[method-assign]
    fixture.run_sync()
    assert fixture.clock.sleeps == [2.0, 7.0]


def test_an_attempt_is_cancelled_at_the_deadline() -> None:
    fixture = Fixture()

    async def hang(_left: float) -> int:
        await asyncio.Event().wait()
        return 0

    call = fixture.calls.run_async("get", hang, repeatable=True, timeout_seconds=0.001)
    with pytest.raises(DeadlineExceeded):
        asyncio.run(asyncio.wait_for(call, 5.0))
    assert [event.kind for event in fixture.events] == ["started", "failed"]


@both
def test_events_and_metrics_tell_how_it_went(run: Run) -> None:
    fixture = Fixture(unavailable())
    run(fixture)
    started, completed = fixture.events
    assert (started.kind, completed.kind) == ("started", "completed")
    assert started.correlation_id == completed.correlation_id
    assert (completed.attempt, completed.seconds) == (2, 1.0)
    counted = fixture.metrics.snapshot()["svc", "get"]
    assert (counted.calls, counted.failures, counted.retries) == (1, 0, 1)
    assert counted.seconds_total == 1.0


@both
def test_a_failed_and_slow_call_reports_both(run: Run) -> None:
    error = Unavailable("svc", "get", "down", retry_after_seconds=6.0)
    fixture = Fixture(error, NotFound("svc", "get", "gone"))
    with pytest.raises(NotFound) as raised:
        run(fixture)
    assert [event.kind for event in fixture.events] == ["started", "failed", "slow"]
    assert fixture.events[1].error is raised.value
    assert raised.value.correlation_id == fixture.events[0].correlation_id
    assert error_counts()["svc", "get", "NotFound"] >= 1


@both
def test_an_error_of_another_kind_passes_and_is_reported(run: Run) -> None:
    fixture = Fixture(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        run(fixture)
    assert fixture.events[-1].kind == "failed"
    assert fixture.metrics.snapshot()["svc", "get"].failures == 1


@both
def test_an_error_that_ends_calls_around_calls_is_counted_once(run: Run) -> None:
    error = Conflict("elsewhere", "find", "taken")
    fixture = Fixture(error)
    outer = Calls("outer", clock=fixture.clock, metrics=fixture.metrics)

    def attempt(_left: float) -> int:
        return run(fixture)

    before = error_counts()
    with pytest.raises(Conflict):
        outer.run("whole", attempt, repeatable=False)
    after = error_counts()
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {("svc", "get", "Conflict")}


@pytest.mark.parametrize("error", [asyncio.CancelledError(), KeyboardInterrupt()])
def test_what_the_caller_gives_up_is_cancelled_and_has_not_failed(
    error: BaseException,
) -> None:
    fixture = Fixture()

    def attempt(_left: float) -> int:
        raise error

    with pytest.raises(type(error)):
        fixture.calls.run("get", attempt, repeatable=True)
    assert [event.kind for event in fixture.events] == ["started", "cancelled"]
    counted = fixture.metrics.snapshot()["svc", "get"]
    assert (counted.calls, counted.failures, counted.cancellations) == (1, 0, 1)


@both
def test_calls_in_one_block_share_its_id(run: Run) -> None:
    fixture = Fixture()
    with correlation_id("request-7"):
        run(fixture)
    assert {event.correlation_id for event in fixture.events} == {"request-7"}


def test_an_error_says_where_why_and_under_which_id() -> None:
    error = IntegrationError("svc", "get", "it broke", correlation_id="c1")
    assert str(error) == "svc get: it broke [c1]"


def test_what_calls_were_made_without_is_taken_from_the_defaults() -> None:
    fixture, retry = Fixture(), Retry(attempts=7)
    plain = Calls("svc", metrics=fixture.metrics, clock=fixture.clock)
    filled = plain.with_defaults(retry=retry, per_second=2.0, burst=1)
    assert (filled.retry, filled.metrics) == (retry, fixture.metrics)
    assert [filled.limiter.reserve(), filled.limiter.reserve()] == [0.0, 0.5]
    given = fixture.calls.with_defaults(retry=retry, per_second=math.inf, burst=1)
    assert given.retry is fixture.calls.retry
    assert given.limiter is fixture.calls.limiter
