"""Names, routing and topology, the same for every broker."""

from __future__ import annotations

import pytest

from integrations.runtime.broker import Binding, Queue, matches, work_queues
from integrations.runtime.broker_messages import parameters, routing_key


@pytest.mark.parametrize(
    ("pattern", "key", "fits"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a", False),
        ("a.*", "a.b", True),
        ("a.*", "a", False),
        ("a.*", "a.b.c", False),
        ("#", "", True),
        ("#", "a.b", True),
        ("a.#", "a", True),
        ("a.#.c", "a.b.b.c", True),
        ("a.#.c", "a.b", False),
        ("*", "", False),
    ],
)
def test_topic_patterns(pattern: str, key: str, *, fits: bool) -> None:
    assert matches(pattern, key) is fits


def test_a_work_queue_has_a_queue_for_each_delay_and_one_for_dead_letters() -> None:
    bindings = (Binding("e", "a.*"),)
    queues = work_queues(
        "q", bindings, type="quorum", retry_delays_seconds=(0.5, 2.0, 2.0)
    )
    assert queues == (
        Queue("q", "quorum", bindings, "q.dead"),
        Queue("q.retry.500ms", "quorum", (), "q", 0.5),
        Queue("q.retry.2000ms", "quorum", (), "q", 2.0),
        Queue("q.dead", "quorum"),
    )


def test_parameters_are_filled_in_and_read_back() -> None:
    address = "stock.{region}.reserve.{sku}"
    key = routing_key(address, region="eu", sku="A-1")
    assert key == "stock.eu.reserve.A-1"
    assert parameters(address, key) == {"region": "eu", "sku": "A-1"}
    assert parameters(address, "stock.eu.reserve") == {}
    assert parameters("stock.reserve", "stock.reserve") == {}
