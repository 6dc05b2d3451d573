"""The rate that calls keep, and the pauses that services ask for."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.runtime.clock import FakeClock
from integrations.runtime.rate_limit import RateLimiter, reset_seconds

NOW = 1_700_000_000.0


def test_a_burst_passes_at_once_and_the_rest_at_the_rate() -> None:
    limiter = RateLimiter(2.0, burst=3, clock=FakeClock())
    assert [limiter.reserve() for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]


def test_tokens_come_back_with_time() -> None:
    clock = FakeClock()
    limiter = RateLimiter(2.0, burst=2, clock=clock)
    assert [limiter.reserve(), limiter.reserve()] == [0.0, 0.0]
    clock.advance(0.5)
    assert [limiter.reserve(), limiter.reserve()] == [0.0, 0.5]


def test_a_turn_that_comes_too_late_takes_no_token() -> None:
    limiter = RateLimiter(1.0, clock=FakeClock())
    limiter.reserve()
    assert limiter.reserve(at_most=0.5) is None
    assert limiter.reserve(at_most=1.0) == 1.0


def test_a_pause_holds_everyone_and_ends_without_a_burst() -> None:
    limiter = RateLimiter(2.0, burst=5, clock=FakeClock())
    limiter.pause_for(10.0)
    limiter.pause_for(3.0)
    assert limiter.paused_seconds() == 10.0
    assert [limiter.reserve() for _ in range(3)] == [10.0, 10.5, 11.0]


def test_a_pause_ends_after_an_hour_whatever_a_service_says() -> None:
    limiter = RateLimiter(math.inf, clock=FakeClock())
    limiter.pause_for(1e300)
    assert limiter.paused_seconds() == 3_600.0


def test_a_pause_of_one_quota_holds_who_was_seen_to_use_it() -> None:
    limiter = RateLimiter(math.inf, clock=FakeClock())
    limiter.pause_for(9.0, "search", "search")
    assert [limiter.reserve(operation=name) for name in ("search", "get")] == [9.0, 0.0]
    limiter.pause_for(4.0, "get")
    assert limiter.paused_seconds("search") == 9.0
    assert limiter.paused_seconds("list") == 4.0


def test_without_a_rate_only_pauses_count() -> None:
    limiter = RateLimiter(math.inf, clock=FakeClock())
    assert [limiter.reserve() for _ in range(3)] == [0.0] * 3
    limiter.pause_for(4.0)
    assert limiter.reserve() == 4.0


def test_threads_share_one_rate() -> None:
    limiter = RateLimiter(10.0, clock=FakeClock())
    with ThreadPoolExecutor(8) as pool:
        waits = [pool.submit(limiter.reserve) for _ in range(50)]
    taken = sorted(wait.result() or 0.0 for wait in waits)
    assert taken == pytest.approx([n / 10 for n in range(50)])


@pytest.mark.parametrize("rate", [0.0, -1.0])
def test_a_rate_must_be_above_0(rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        RateLimiter(rate)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, 60.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000030"}, 30.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1600000000"}, 0.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000030000"}, 30.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "inf"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e300"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "tomorrow"}, None),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "5"}, 5.0),
        ({"ratelimit": "limit=9, remaining=0, reset=5"}, 5.0),
        ({"ratelimit": "limit=9, remaining=1, reset=5"}, None),
        ({"ratelimit": '"minute";r=0;t=5'}, 5.0),
        ({"ratelimit": '"minute";r=3;t=5, "day";r=0;t=900'}, 900.0),
    ],
)
def test_headers_say_how_long_to_wait(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert reset_seconds(headers, NOW) == seconds
