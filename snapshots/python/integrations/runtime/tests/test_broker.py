"""Names, routing and topology, the same for every broker."""

from __future__ import annotations

import pytest
from pydantic import JsonValue, TypeAdapter

from integrations.runtime.broker import Binding, Queue, matches, work_queues
from integrations.runtime.broker_messages import (
    IncomingType,
    OutgoingType,
    RawHeaders,
    parameters,
    routing_key,
)


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


def test_where_an_address_has_slashes_they_part_its_words() -> None:
    assert parameters("light/{id}", "light/a1") == {"id": "a1"}
    assert parameters("light/{id}", "light/a/1") == {}
    with pytest.raises(ValueError, match="cannot be part of a routing key"):
        routing_key("light/{id}", id="a/1")
    assert routing_key("light.{id}", id="a/1") == "light.a/1"


@pytest.mark.parametrize(("may_be_empty", "body"), [(True, b""), (False, b"null")])
def test_a_payload_of_none_is_an_empty_body_where_there_may_be_one(
    body: bytes, *, may_be_empty: bool
) -> None:
    nothing = TypeAdapter[JsonValue](JsonValue)
    headers = TypeAdapter[RawHeaders](RawHeaders)
    sent = OutgoingType[JsonValue, None]("Ping", may_be_empty=may_be_empty)
    message = sent.encode(None, None, message_id="m-1", correlation_id="")
    assert message.body == body
    got = IncomingType("Ping", nothing, headers, may_be_empty=may_be_empty)
    assert got.decode(message) == (None, {})
