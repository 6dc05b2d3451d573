"""What is sent: one test a message, and what happens when the broker fails."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from integrations.orders import OrdersPublisher, Unroutable
from integrations.orders.tests import samples
from integrations.orders.tests.samples import asynchronous
from integrations.runtime.broker import Binding, Message, Queue, Topology
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import IntegrationError, Unavailable
from integrations.runtime.events import Event, Events, correlation_id


class Broker(MemoryTransport):
    """A broker in memory that fails as often as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[Callable[[], IntegrationError]] = []
        self.attempts = 0

    async def publish(
        self, operation: str, message: Message, *, exchange: str, routing_key: str
    ) -> None:
        self.attempts += 1
        await super().publish(
            operation, message, exchange=exchange, routing_key=routing_key
        )
        if self.failures:
            raise self.failures.pop()()


def lost() -> IntegrationError:
    return Unavailable("orders", "publish", "the confirmation was lost")


async def listening(exchange: str, routing_key: str) -> Broker:
    """Return a broker with a queue that gets what is to be tested."""
    broker = Broker()
    name = "out" if exchange else routing_key
    bindings = (Binding(exchange, routing_key),) if exchange else ()
    await broker.declare(Topology(queues=(Queue(name, "classic", bindings),)))
    return broker


def publisher(broker: Broker, events: Events | None = None) -> OrdersPublisher:
    calls = Calls("orders", clock=FakeClock(), events=events or Events())
    return OrdersPublisher(samples.config(), transport=broker, calls=calls)


@asynchronous
async def test_publish_order_created_sends_the_message() -> None:
    broker = await listening("orders", "orders.events")
    async with publisher(broker) as adapter:
        sent = await adapter.publish_order_created(
            samples.ORDER_CREATED, samples.ORDER_CREATED_HEADERS
        )
    [message] = broker.messages("out")
    assert (message.id, message.type) == (sent, "OrderCreated")
    assert json.loads(message.body) == samples.ORDER_CREATED_JSON
    assert message.headers == {"tenant": "acme"}


@asynchronous
async def test_publish_order_cancelled_sends_the_message() -> None:
    broker = await listening("orders", "orders.events")
    async with publisher(broker) as adapter:
        sent = await adapter.publish_order_cancelled(
            samples.ORDER_CANCELLED, samples.ORDER_CANCELLED_HEADERS
        )
    [message] = broker.messages("out")
    assert (message.id, message.type) == (sent, "OrderCancelled")
    assert json.loads(message.body) == samples.ORDER_CANCELLED_JSON
    assert message.headers == {"tenant": "text", "schema-version": 1}


@asynchronous
async def test_publish_reserve_stock_sends_the_message() -> None:
    broker = await listening("warehouse", "stock.eu.reserve")
    async with publisher(broker) as adapter:
        sent = await adapter.publish_reserve_stock(samples.RESERVE_STOCK, region="eu")
    [message] = broker.messages("out")
    assert (message.id, message.type) == (sent, "ReserveStock")
    assert json.loads(message.body) == samples.RESERVE_STOCK_JSON
    assert message.headers == {}


@pytest.mark.parametrize("word", ["", "eu.north", "*", "#"])
@asynchronous
async def test_a_parameter_cannot_change_the_routing(word: str) -> None:
    broker = await listening("warehouse", "#")
    async with publisher(broker) as adapter:
        with pytest.raises(ValueError, match="cannot be part of a routing key"):
            await adapter.publish_reserve_stock(samples.RESERVE_STOCK, region=word)
    assert broker.attempts == 0


@asynchronous
async def test_a_message_that_no_queue_takes_is_an_error_and_not_tried_again() -> None:
    broker = Broker()
    async with publisher(broker) as adapter:
        with pytest.raises(Unroutable, match="no queue takes"):
            await adapter.publish_order_created(
                samples.ORDER_CREATED, samples.ORDER_CREATED_HEADERS
            )
    assert broker.attempts == 1


@asynchronous
async def test_a_broker_for_development_keeps_what_no_queue_takes() -> None:
    broker = MemoryTransport(unrouted="unrouted")
    async with OrdersPublisher(samples.config(), transport=broker) as adapter:
        sent = await adapter.publish_order_created(
            samples.ORDER_CREATED, samples.ORDER_CREATED_HEADERS
        )
    assert [message.id for message in broker.messages("unrouted")] == [sent]


@asynchronous
async def test_a_lost_confirmation_is_tried_again_under_the_same_id() -> None:
    broker = await listening("orders", "orders.events")
    broker.failures = [lost]
    async with publisher(broker) as adapter:
        sent = await adapter.publish_order_created(
            samples.ORDER_CREATED, samples.ORDER_CREATED_HEADERS
        )
    queue = "out"
    assert [message.id for message in broker.messages(queue)] == [sent, sent]


@asynchronous
async def test_a_broker_that_stays_away_is_an_error() -> None:
    broker = await listening("orders", "orders.events")
    broker.failures = [lost] * 3
    async with publisher(broker) as adapter:
        with pytest.raises(Unavailable, match="the confirmation was lost"):
            await adapter.publish_order_created(
                samples.ORDER_CREATED, samples.ORDER_CREATED_HEADERS
            )
    assert broker.attempts == 3


@asynchronous
async def test_the_caller_may_choose_the_id_and_the_correlation_id() -> None:
    broker = await listening("orders", "orders.events")
    seen: list[Event] = []
    events = Events()
    events.listen(seen.append)
    async with publisher(broker, events) as adapter:
        with correlation_id("request-1"):
            await adapter.publish_order_created(
                samples.ORDER_CREATED,
                samples.ORDER_CREATED_HEADERS,
                message_id="order-1",
            )
    [message] = broker.messages("out")
    assert (message.id, message.correlation_id) == ("order-1", "request-1")
    operation = "publish." + "OrderCreated"
    assert [(event.kind, event.operation) for event in seen] == [
        ("started", operation),
        ("completed", operation),
    ]
    assert {event.correlation_id for event in seen} == {"request-1"}
