"""Who is told what, and under which id."""

import asyncio

import pytest

from integrations.runtime.events import (
    Event,
    Events,
    correlation_id,
    current_correlation_id,
)

EVENT = Event("started", "svc", "get", "c1")


def test_listeners_hear_events_until_they_stop() -> None:
    events, heard = Events(), list[Event]()
    stop = events.listen(heard.append)
    events.emit(EVENT)
    stop()
    events.emit(EVENT)
    assert heard == [EVENT]


def test_a_listener_that_fails_is_logged_and_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_event: Event) -> None:
        raise ZeroDivisionError

    events, heard = Events(), list[Event]()
    events.listen(fail)
    events.listen(heard.append)
    events.emit(EVENT)
    assert heard == [EVENT]
    assert "a listener failed on started" in caplog.text


def test_blocks_inside_a_block_share_its_id() -> None:
    with correlation_id("outer") as outer, correlation_id() as inner:
        assert outer == inner == "outer"
    with correlation_id() as first, correlation_id("own") as second:
        assert first != second == "own"
    with correlation_id() as later:
        assert later not in {first, "outer", "own"}


def test_the_id_in_hand_is_known_inside_a_block_only() -> None:
    with correlation_id("request"):
        assert current_correlation_id() == "request"
    assert current_correlation_id() is None


def test_tasks_started_in_a_block_share_its_id() -> None:
    async def read() -> str:
        with correlation_id() as found:
            return found

    async def main() -> list[str]:
        with correlation_id("request"):
            return [await asyncio.create_task(read()) for _ in range(2)]

    assert asyncio.run(main()) == ["request", "request"]
