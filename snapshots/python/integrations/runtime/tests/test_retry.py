"""How long to wait before which attempt."""

from email.utils import formatdate

import pytest

from integrations.runtime.errors import NotFound, RateLimited, Unavailable
from integrations.runtime.retry import Retry, retry_after_seconds

NOW = 1_700_000_000.0
DOWN = Unavailable("svc", "get", "down")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("2.5", 2.5),
        ("-3", 0.0),
        (formatdate(NOW + 120, usegmt=True), 120.0),
        (formatdate(NOW - 120, usegmt=True), 0.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after_seconds(value, NOW) == seconds


def test_waits_double_up_to_the_cap() -> None:
    retry = Retry(attempts=9, cap_seconds=3.0, jitter=lambda: 1.0)
    waits = [
        retry.wait_seconds(DOWN, attempt=n, repeatable=True, left=60.0)
        for n in (1, 2, 3, 4, 5)
    ]
    assert waits == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_jitter_takes_any_share_of_the_wait() -> None:
    retry = Retry(jitter=lambda: 0.25)
    wait = retry.wait_seconds(DOWN, attempt=1, repeatable=True, left=60.0)
    assert wait == 0.125


def test_the_wait_is_never_shorter_than_the_service_asks() -> None:
    error = RateLimited("svc", "get", "wait", retry_after_seconds=40.0)
    wait = Retry().wait_seconds(error, attempt=1, repeatable=False, left=60.0)
    assert wait == 40.0


@pytest.mark.parametrize(
    ("error", "attempt", "repeatable", "left"),
    [
        (NotFound("svc", "get", "gone"), 1, True, 60.0),
        (DOWN, 3, True, 60.0),
        (DOWN, 1, False, 60.0),
        (DOWN, 1, True, 0.25),
    ],
)
def test_some_failures_are_final(
    error: NotFound | Unavailable, attempt: int, *, repeatable: bool, left: float
) -> None:
    retry = Retry(jitter=lambda: 1.0)
    wait = retry.wait_seconds(error, attempt=attempt, repeatable=repeatable, left=left)
    assert wait is None
