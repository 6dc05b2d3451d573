"""The adapter at a real RabbitMQ, and the same at the broker in memory.

Set ORDERS_TEST_URL, such as `amqp://guest:guest@127.0.0.1:5672/`. What is declared
there has names of its own and is deleted afterwards.
"""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

import aio_pika
import pytest

from integrations.orders import topology
from integrations.orders.config import OrdersConfig
from integrations.orders.consumer import OrdersConsumer
from integrations.orders.publisher import OrdersPublisher
from integrations.orders.tests import samples
from integrations.orders.tests.samples import asynchronous
from integrations.runtime.broker import (
    Binding,
    Delivery,
    Message,
    Queue,
    Topology,
    Transport,
)
from integrations.runtime.broker_consumer import ConsumerOptions, Reject
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.broker_messages import Received
from integrations.runtime.errors import AuthenticationError, Conflict, Unavailable
from integrations.runtime.secrets import Secret

URL = os.environ.get("ORDERS_TEST_URL", "")
live = pytest.mark.skipif(not URL, reason="test_live: ORDERS_TEST_URL is not set")
brokers = pytest.mark.parametrize(
    "kind", ["memory", pytest.param("rabbitmq", marks=live)]
)


@dataclass
class Place:
    """A broker, and settings whose names nobody else uses."""

    config: OrdersConfig
    transport: Transport

    async def take(self, queue: str) -> Message:
        """Return the next message of a queue."""
        arrived: asyncio.Queue[Delivery] = asyncio.Queue()
        stop = await self.transport.consume(queue, arrived.put_nowait, prefetch=1)
        delivery = await asyncio.wait_for(arrived.get(), 10)
        await stop()
        await delivery.ack()
        return delivery.message


@asynccontextmanager
async def place(kind: str) -> AsyncGenerator[Place]:
    """Open a broker; delete afterwards what was declared."""
    config = OrdersConfig(
        url=Secret(URL if kind == "rabbitmq" else "memory:"),
        name_prefix=f"integrate-test-{uuid.uuid4().hex[:8]}.",
        consumer=ConsumerOptions(
            retry_delays_seconds=(0.05, 0.1), shutdown_seconds=5.0
        ),
    )
    transport = MemoryTransport() if kind == "memory" else topology.transport(config)
    await transport.open()
    try:
        yield Place(config, transport)
    finally:
        with suppress(Unavailable):
            await transport.close()
        if kind == "rabbitmq":
            await clean(config)


async def clean(config: OrdersConfig) -> None:
    """Delete what was declared; fails when a message was left unsettled."""
    left: list[str] = []
    async with await aio_pika.connect(URL) as connection:
        channel = await connection.channel()
        for declared in (topology.sending(config), topology.receiving(config)):
            for queue in declared.queues:
                deleted = await channel.queue_delete(queue.name)
                left += [queue.name] * (deleted.message_count or 0)
            for exchange in declared.exchanges:
                await channel.exchange_delete(exchange.name)
        await channel.queue_delete(config.name_prefix + "out")
    assert left == []


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@brokers
@asynchronous
async def test_live_publish_order_created_arrives(kind: str) -> None:
    async with place(kind) as there:
        prefix = there.config.name_prefix
        out = prefix + "out"
        async with OrdersPublisher(there.config, transport=there.transport) as adapter:
            bindings = (Binding(prefix + topology.ORDERS, "orders.events"),)
            await there.transport.declare(
                Topology(queues=(Queue(out, "quorum", bindings),))
            )
            sent = await adapter.publish_order_created(
                samples.ORDER_CREATED, samples.ORDER_CREATED_HEADERS
            )
            message = await there.take(out)
        assert (message.id, message.type) == (sent, "OrderCreated")
        assert json.loads(message.body) == samples.ORDER_CREATED_JSON


@brokers
@asynchronous
async def test_live_publish_order_cancelled_arrives(kind: str) -> None:
    async with place(kind) as there:
        prefix = there.config.name_prefix
        out = prefix + "out"
        async with OrdersPublisher(there.config, transport=there.transport) as adapter:
            bindings = (Binding(prefix + topology.ORDERS, "orders.events"),)
            await there.transport.declare(
                Topology(queues=(Queue(out, "quorum", bindings),))
            )
            sent = await adapter.publish_order_cancelled(
                samples.ORDER_CANCELLED, samples.ORDER_CANCELLED_HEADERS
            )
            message = await there.take(out)
        assert (message.id, message.type) == (sent, "OrderCancelled")
        assert json.loads(message.body) == samples.ORDER_CANCELLED_JSON


@brokers
@asynchronous
async def test_live_publish_reserve_stock_arrives(kind: str) -> None:
    async with place(kind) as there:
        prefix = there.config.name_prefix
        out = prefix + "out"
        async with OrdersPublisher(there.config, transport=there.transport) as adapter:
            bindings = (Binding(prefix + topology.WAREHOUSE, "stock.eu.reserve"),)
            await there.transport.declare(
                Topology(queues=(Queue(out, "quorum", bindings),))
            )
            sent = await adapter.publish_reserve_stock(
                samples.RESERVE_STOCK, region="eu"
            )
            message = await there.take(out)
        assert (message.id, message.type) == (sent, "ReserveStock")
        assert json.loads(message.body) == samples.RESERVE_STOCK_JSON


@brokers
@asynchronous
async def test_live_on_payment_captured_is_retried_and_then_rejected(kind: str) -> None:
    attempts: list[int] = []

    async def handler(_: object, info: Received[object]) -> None:
        attempts.append(info.attempt)
        raise RuntimeError("try later") if info.attempt == 1 else Reject("unknown")

    async def other(_: object, __: Received[object]) -> None: ...

    async with place(kind) as there:
        prefix = there.config.name_prefix
        consumer = OrdersConsumer(there.config, transport=there.transport)
        consumer.on_payment_captured(handler)
        consumer.on_payment_failed(other)
        async with consumer:
            message = Message(
                samples.PAYMENT_CAPTURED_BODY,
                "m-1",
                "PaymentCaptured",
                headers=samples.PAYMENT_CAPTURED_HEADERS,
            )
            await there.transport.publish(
                "test",
                message,
                exchange=prefix + topology.PAYMENTS,
                routing_key="payments.a1.events",
            )
            await until(lambda: len(attempts) == 2)
            await consumer.idle()
            letter = await there.take(prefix + "orders.payment-events" + ".dead")
        assert attempts == [1, 2]
        assert (letter.id, letter.headers["x-dead-reason"]) == ("m-1", "rejected")


@brokers
@asynchronous
async def test_live_on_payment_failed_is_retried_and_then_rejected(kind: str) -> None:
    attempts: list[int] = []

    async def handler(_: object, info: Received[object]) -> None:
        attempts.append(info.attempt)
        raise RuntimeError("try later") if info.attempt == 1 else Reject("unknown")

    async def other(_: object, __: Received[object]) -> None: ...

    async with place(kind) as there:
        prefix = there.config.name_prefix
        consumer = OrdersConsumer(there.config, transport=there.transport)
        consumer.on_payment_captured(other)
        consumer.on_payment_failed(handler)
        async with consumer:
            message = Message(
                samples.PAYMENT_FAILED_BODY,
                "m-1",
                "PaymentFailed",
                headers=samples.PAYMENT_FAILED_HEADERS,
            )
            await there.transport.publish(
                "test",
                message,
                exchange=prefix + topology.PAYMENTS,
                routing_key="payments.a1.events",
            )
            await until(lambda: len(attempts) == 2)
            await consumer.idle()
            letter = await there.take(prefix + "orders.payment-events" + ".dead")
        assert attempts == [1, 2]
        assert (letter.id, letter.headers["x-dead-reason"]) == ("m-1", "rejected")


@live
@asynchronous
async def test_live_what_is_sent_is_on_disk() -> None:
    async with place("rabbitmq") as there, await aio_pika.connect(URL) as raw:
        out = there.config.name_prefix + "out"
        await there.transport.declare(Topology(queues=(Queue(out, "quorum"),)))
        message = Message(b"{}", id="m-1", correlation_id="c-1")
        await there.transport.publish("test", message, exchange="", routing_key=out)
        queue = await (await raw.channel()).get_queue(out)
        incoming = await queue.get(timeout=5)
        await incoming.ack()
        assert incoming.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert (incoming.message_id, incoming.correlation_id) == ("m-1", "c-1")


@live
@asynchronous
async def test_live_a_wrong_password_is_an_authentication_error() -> None:
    parts = urlsplit(URL)
    wrong = urlunsplit(
        parts._replace(netloc=f"guest:wr0ng@{parts.hostname}:{parts.port or 5672}")
    )
    config = replace(samples.config(), url=Secret(wrong))
    with pytest.raises(AuthenticationError) as caught:
        await topology.transport(config).open()
    assert "wr0ng" not in str(caught.value)


@live
@asynchronous
async def test_live_a_queue_of_another_kind_is_a_conflict() -> None:
    async with place("rabbitmq") as there:
        out = there.config.name_prefix + "out"
        await there.transport.declare(Topology(queues=(Queue(out, "quorum"),)))
        with pytest.raises(Conflict, match="x-queue-type"):
            await there.transport.declare(Topology(queues=(Queue(out, "classic"),)))
