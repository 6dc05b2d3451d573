"""What is received: one test a message, and what happens when handlers fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import pytest

from integrations.orders import OrdersConsumer, Reject, messages
from integrations.orders.tests import samples
from integrations.orders.tests.samples import asynchronous
from integrations.runtime.broker import HeaderValue, Message
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.broker_messages import Received
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import ConfigurationError
from integrations.runtime.events import Events
from integrations.runtime.retry import Retry


class Scene:
    """A consumer at a broker in memory, and what its handlers were given."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.broker = MemoryTransport(clock=self.clock)
        calls = Calls(
            "orders", clock=self.clock, events=Events(), retry=Retry(attempts=1)
        )
        self.consumer = OrdersConsumer(
            samples.config(), transport=self.broker, calls=calls
        )
        self.handled: list[tuple[str, object, Received[object]]] = []
        self.errors: list[Exception] = []
        self.consumer.on_payment_captured(self.handler("on_payment_captured"))
        self.consumer.on_payment_failed(self.handler("on_payment_failed"))

    def handler(
        self, method: str
    ) -> Callable[[object, Received[object]], Awaitable[None]]:
        async def handle(payload: object, info: Received[object]) -> None:
            self.handled.append((method, payload, info))
            if self.errors:
                raise self.errors.pop(0)

        return handle

    async def send(
        self,
        exchange: str,
        key: str,
        *,
        body: bytes,
        type_: str,
        headers: Mapping[str, HeaderValue],
    ) -> None:
        """Publish as another application would."""
        message = Message(body, "m-1", type_, headers=headers)
        await self.broker.publish("test", message, exchange=exchange, routing_key=key)

    async def send_lead(self, body: bytes = samples.PAYMENT_CAPTURED_BODY) -> None:
        await self.send(
            "payments",
            "payments.a1.events",
            body=body,
            type_="PaymentCaptured",
            headers=samples.PAYMENT_CAPTURED_HEADERS,
        )

    async def quiet(self) -> None:
        """Wait until nothing is under way and nothing waits to be tried again."""
        for _ in range(20):
            await self.consumer.idle()
            await self.broker.settled()

    def dead(self, queue: str) -> list[HeaderValue]:
        """Return why each dead letter of a queue is one."""
        letters = self.broker.messages(queue + ".dead")
        return [letter.headers["x-dead-reason"] for letter in letters]


@asynchronous
async def test_on_payment_captured_gets_the_message() -> None:
    scene = Scene()
    async with scene.consumer:
        await scene.send(
            "payments",
            "payments.a1.events",
            body=samples.PAYMENT_CAPTURED_BODY,
            type_="PaymentCaptured",
            headers=samples.PAYMENT_CAPTURED_HEADERS,
        )
        await scene.quiet()
    [(method, payload, info)] = scene.handled
    expected = messages.PAYMENT_CAPTURED.decode(
        Message(samples.PAYMENT_CAPTURED_BODY, headers=samples.PAYMENT_CAPTURED_HEADERS)
    )
    assert (payload, info.headers) == expected
    assert (method, info.attempt) == ("on_payment_captured", 1)
    assert info.parameters == {"provider": "a1"}
    assert scene.broker.messages("orders.payment-events") == []
    assert scene.broker.messages("orders.payment-events" + ".dead") == []


@asynchronous
async def test_on_payment_failed_gets_the_message() -> None:
    scene = Scene()
    async with scene.consumer:
        await scene.send(
            "payments",
            "payments.a1.events",
            body=samples.PAYMENT_FAILED_BODY,
            type_="PaymentFailed",
            headers=samples.PAYMENT_FAILED_HEADERS,
        )
        await scene.quiet()
    [(method, payload, info)] = scene.handled
    expected = messages.PAYMENT_FAILED.decode(
        Message(samples.PAYMENT_FAILED_BODY, headers=samples.PAYMENT_FAILED_HEADERS)
    )
    assert (payload, info.headers) == expected
    assert (method, info.attempt) == ("on_payment_failed", 1)
    assert info.parameters == {"provider": "a1"}
    assert scene.broker.messages("orders.payment-events") == []
    assert scene.broker.messages("orders.payment-events" + ".dead") == []


@asynchronous
async def test_a_failed_handler_gets_the_message_again_after_each_delay() -> None:
    scene = Scene()
    scene.errors = [RuntimeError("first"), RuntimeError("second")]
    async with scene.consumer:
        await scene.send_lead()
        await scene.quiet()
    assert [info.attempt for _, _, info in scene.handled] == [1, 2, 3]
    assert scene.clock.sleeps == [1.0, 5.0]
    assert {info.routing_key for _, _, info in scene.handled} == {"payments.a1.events"}
    assert scene.dead("orders.payment-events") == []


@asynchronous
async def test_a_rejected_message_is_dead_lettered_at_once() -> None:
    scene = Scene()
    scene.errors = [Reject("we do not know it")]
    async with scene.consumer:
        await scene.send_lead()
        await scene.quiet()
    assert (len(scene.handled), scene.dead("orders.payment-events")) == (
        1,
        ["rejected"],
    )


@asynchronous
async def test_a_message_nobody_can_read_is_dead_lettered_at_once() -> None:
    scene = Scene()
    async with scene.consumer:
        await scene.send_lead(b"\xff not json")
        await scene.quiet()
    assert (scene.handled, scene.dead("orders.payment-events")) == ([], ["undecodable"])


@asynchronous
async def test_a_message_that_comes_twice_is_handled_once() -> None:
    scene = Scene()
    async with scene.consumer:
        await scene.send_lead()
        await scene.send_lead()
        await scene.quiet()
    assert len(scene.handled) == 1


@asynchronous
async def test_a_message_without_handler_is_refused_at_the_start() -> None:
    consumer = OrdersConsumer(samples.config(), transport=MemoryTransport())
    consumer.on_payment_captured(Scene().handler("on_payment_captured"))
    with pytest.raises(ConfigurationError, match="no handler for"):
        await consumer.__aenter__()
