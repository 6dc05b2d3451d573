"""What is sent: encoded once, tried again under one id."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from integrations.runtime.broker import Binding, Exchange, Message, Queue, Topology
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.broker_messages import OutgoingType
from integrations.runtime.broker_publisher import Publisher
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import Unavailable
from integrations.runtime.events import Events, correlation_id

TOPOLOGY = Topology(
    exchanges=(Exchange("events"),),
    queues=(Queue("out", "classic", (Binding("events", "#"),)),),
)
PLACED = OutgoingType[dict[str, datetime], None](
    "Placed", correlation_header="x-request-id"
)


class Broker(MemoryTransport):
    """A broker in memory whose confirmations are lost as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.failures = failures

    async def publish(
        self, operation: str, message: Message, *, exchange: str, routing_key: str
    ) -> None:
        await super().publish(
            operation, message, exchange=exchange, routing_key=routing_key
        )
        if self.failures:
            self.failures -= 1
            raise Unavailable("shop", operation, "the confirmation was lost")


async def send(broker: Broker) -> str:
    publisher = Publisher(broker, Calls("shop", clock=FakeClock(), events=Events()))
    await publisher.open(TOPOLOGY)
    moment = {"at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC)}
    with correlation_id("request-1"):
        sent = await publisher.send(
            PLACED, moment, None, exchange="events", routing_key="placed"
        )
    await publisher.close()
    return sent


def test_a_message_says_what_it_is_and_what_caused_it() -> None:
    broker = Broker()
    sent = asyncio.run(send(broker))
    [message] = broker.messages("out")
    assert (message.id, message.type) == (sent, "Placed")
    assert json.loads(message.body) == {"at": "2026-11-20T09:30:00Z"}
    assert message.correlation_id == message.headers["x-request-id"] == "request-1"


def test_a_lost_confirmation_is_tried_again_under_the_same_id() -> None:
    broker = Broker(failures=2)
    sent = asyncio.run(send(broker))
    assert [message.id for message in broker.messages("out")] == [sent] * 3


def test_a_broker_that_stays_away_is_an_error() -> None:
    with pytest.raises(Unavailable, match="the confirmation was lost"):
        asyncio.run(send(Broker(failures=3)))
