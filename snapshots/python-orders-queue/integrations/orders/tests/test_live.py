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

from integrations.orders import (
    OrdersConfig,
    OrdersConsumer,
    OrdersPublisher,
    Reject,
    Unroutable,
    messages,
    topology,
)
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
from integrations.runtime.broker_consumer import ConsumerOptions
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.broker_messages import Received
from integrations.runtime.errors import AuthenticationError, Conflict, Unavailable
from integrations.runtime.secrets import Secret

URL = os.environ.get("ORDERS_TEST_URL", "")
live = pytest.mark.skipif(not URL, reason="test_live: ORDERS_TEST_URL is not set")
brokers = pytest.mark.parametrize(
    "kind", ["memory", pytest.param("rabbitmq", marks=live)]
)
Info = Received[messages.PaymentHeaders]


@dataclass
class Place:
    """A broker, and settings whose names nobody else uses."""

    config: OrdersConfig
    transport: Transport

    async def take(self, queue: str, count: int) -> list[Message]:
        """Return the next messages of a queue."""
        arrived: asyncio.Queue[Delivery] = asyncio.Queue()
        stop = await self.transport.consume(queue, arrived.put_nowait, prefetch=count)
        deliveries = [await asyncio.wait_for(arrived.get(), 10) for _ in range(count)]
        await stop()
        for delivery in deliveries:
            await delivery.ack()
        return [delivery.message for delivery in deliveries]

    async def pay(self, body: bytes, **properties: str) -> None:
        """Publish as a payment provider would."""
        message = Message(
            body, type="PaymentCaptured", headers={"provider": "adyen"}, **properties
        )
        exchange = self.config.name_prefix + topology.PAYMENTS
        key = "payments.adyen.events"
        await self.transport.publish(
            "test", message, exchange=exchange, routing_key=key
        )


@asynccontextmanager
async def place(kind: str, **settings: str) -> AsyncGenerator[Place]:
    """Open a broker; delete afterwards what was declared."""
    options = ConsumerOptions(retry_delays_seconds=(0.05, 0.1), shutdown_seconds=5.0)
    config = OrdersConfig(
        url=Secret(settings.get("url", URL) if kind == "rabbitmq" else "memory:"),
        name_prefix=f"integrate-test-{uuid.uuid4().hex[:8]}.",
        consumer=options,
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
async def test_live_what_is_published_arrives(kind: str) -> None:
    async with place(kind) as there:
        out = there.config.name_prefix + "out"
        exchange = there.config.name_prefix + topology.ORDERS
        async with OrdersPublisher(there.config, transport=there.transport) as orders:
            binding = Binding(exchange, topology.ORDER_EVENTS)
            await there.transport.declare(
                Topology(queues=(Queue(out, "quorum", (binding,)),))
            )
            sent = await orders.publish_order_created(
                samples.ORDER_CREATED, samples.EVENT_HEADERS
            )
            [message] = await there.take(out, 1)
        assert (message.id, message.type) == (sent, "OrderCreated")
        assert message.headers == {"tenant": "acme"}
        assert json.loads(message.body) == samples.ORDER_CREATED_JSON


@brokers
@asynchronous
async def test_live_a_message_that_no_queue_takes_is_an_error(kind: str) -> None:
    async with (
        place(kind) as there,
        OrdersPublisher(there.config, transport=there.transport) as orders,
    ):
        with pytest.raises(Unroutable):
            await orders.publish_reserve_stock(samples.RESERVE_STOCK, region="eu")


@brokers
@asynchronous
async def test_live_messages_are_retried_rejected_and_put_aside(kind: str) -> None:
    attempts: list[tuple[str, int, str]] = []

    async def handler(payload: messages.PaymentCaptured, info: Info) -> None:
        attempts.append((payload.payment_id, info.attempt, info.routing_key))
        if payload.payment_id == "bad":
            raise Reject("no such order")
        if payload.payment_id == "unlucky" or info.attempt < 2:
            raise RuntimeError("try later")

    async def other(_: messages.PaymentFailed, __: Info) -> None: ...

    async with place(kind) as there:
        consumer = OrdersConsumer(there.config, transport=there.transport)
        consumer.on_payment_captured(handler)
        consumer.on_payment_failed(other)
        dead = there.config.name_prefix + topology.PAYMENT_EVENTS_QUEUE + ".dead"
        body = (
            '{{"orderId": "{}", "paymentId": "{}", "amountCents": 1, "method": "card"}}'
        )
        async with consumer:
            for name in ("bad", "unlucky", "good"):
                await there.pay(body.format(samples.ORDER_ID, name).encode(), id=name)
            await there.pay(b"not json", id="poison")
            await until(lambda: len(attempts) == 6)
            await consumer.idle()
            letters = await there.take(dead, 3)
        assert {m.id: m.headers["x-dead-reason"] for m in letters} == {
            "bad": "rejected",
            "unlucky": "attempts_exhausted",
            "poison": "undecodable",
        }
        key = "payments.adyen.events"
        assert [a for a in attempts if a[0] == "good"] == [
            ("good", 1, key),
            ("good", 2, key),
        ]


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
        assert incoming.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert (incoming.message_id, incoming.correlation_id) == ("m-1", "c-1")


@live
@asynchronous
async def test_live_both_sides_come_back_after_the_connection_was_cut() -> None:
    async with Proxy(URL) as proxy, place("rabbitmq", url=proxy.url) as there:
        seen: list[str] = []

        async def handler(_: messages.PaymentCaptured, info: Info) -> None:
            seen.append(info.message_id)

        async def other(_: messages.PaymentFailed, __: Info) -> None: ...

        consumer = OrdersConsumer(there.config, transport=there.transport)
        consumer.on_payment_captured(handler)
        consumer.on_payment_failed(other)
        body = (
            b'{"orderId": "%s", "paymentId": "p", "amountCents": 1, "method": "card"}'
        )
        body = body % str(samples.ORDER_ID).encode()
        async with consumer:
            await there.pay(body, id="before")
            await until(lambda: seen == ["before"])
            proxy.cut()
            await asyncio.sleep(0.1)
            await there.pay(body, id="after")
            await until(lambda: seen == ["before", "after"])


@live
@asynchronous
async def test_live_a_wrong_password_is_an_authentication_error() -> None:
    parts = urlsplit(URL)
    wrong = urlunsplit(
        parts._replace(netloc=f"guest:wr0ng@{parts.hostname}:{parts.port}")
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


class Proxy:
    """Passes a connection on to the broker until it is cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = parts.hostname or "localhost", parts.port or 5672
        self._parts = parts
        self._writers: list[asyncio.StreamWriter] = []
        self.url = ""

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        login = self._parts.netloc.rpartition("@")[0]
        self.url = urlunsplit(self._parts._replace(netloc=f"{login}@127.0.0.1:{port}"))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers += [writer, far_writer]
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                self._copy(reader, far_writer), self._copy(far_reader, writer)
            )

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
