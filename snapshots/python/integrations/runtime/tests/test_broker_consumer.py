"""What becomes of received messages: done, tried again, dead-lettered, given back."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import ParamSpec

import pytest
from pydantic import TypeAdapter

from integrations.runtime.broker import (
    Binding,
    Exchange,
    HeaderValue,
    Message,
    Topology,
    work_queues,
)
from integrations.runtime.broker_consumer import (
    Consumer,
    ConsumerOptions,
    Reject,
    Subscription,
)
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.broker_messages import IncomingType, Received
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import ConfigurationError, NotFound, Unavailable
from integrations.runtime.events import Event, Events, correlation_id
from integrations.runtime.models import Model
from integrations.runtime.retry import Retry
from integrations.runtime.secrets import Secret


class Captured(Model):
    payment: str
    method: str = "card"


class Failed(Model):
    code: str


class Headers(Model):
    provider: str


P = ParamSpec("P")
Info = Received[Headers]
QUEUE = "shop.payments"
DEAD = "shop.payments.dead"
BODY: dict[str, object] = {"payment": "p-1"}
HEADERS: dict[str, HeaderValue] = {"provider": "adyen"}
CAPTURED = IncomingType("Captured", TypeAdapter(Captured), TypeAdapter(Headers))
FAILED = IncomingType("Failed", TypeAdapter(Failed), TypeAdapter(Headers))
TOPOLOGY = Topology(
    exchanges=(Exchange("payments"),),
    queues=work_queues(
        QUEUE,
        (Binding("payments", "payments.*.events"),),
        type="quorum",
        retry_delays_seconds=(1.0, 5.0),
    ),
)


def asynchronous(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run a test in an event loop of its own."""

    @functools.wraps(test)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return wrapper


class Scene:
    """A consumer at a broker in memory, and what its handlers were given."""

    def __init__(self, **settings: float) -> None:
        self.clock = FakeClock()
        self.broker = MemoryTransport(clock=self.clock)
        self.events: list[Event] = []
        events = Events()
        events.listen(self.events.append)
        calls = Calls("shop", clock=self.clock, events=events, retry=Retry(attempts=1))
        self.subscription = Subscription(
            QUEUE,
            "payments.{provider}.events",
            expected=("Captured", "Failed"),
            correlation_headers=("x-request-id",),
            is_bound_wider=True,
        )
        options = ConsumerOptions(
            prefetch=int(settings.get("prefetch", 10)),
            retry_delays_seconds=(1.0, 5.0),
            handler_timeout_seconds=settings.get("handler_timeout_seconds", 5.0),
            shutdown_seconds=settings.get("shutdown_seconds", 5.0),
        )
        self.consumer = Consumer(self.broker, calls, (self.subscription,), options)
        self.captured: list[Captured] = []
        self.failed: list[Failed] = []
        self.infos: list[Info] = []
        self.errors: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.subscription.add(CAPTURED, self.on_captured)
        self.subscription.add(FAILED, self.on_failed)

    async def __aenter__(self) -> Scene:
        await self.consumer.start(TOPOLOGY)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()

    async def on_captured(self, payload: Captured, info: Info) -> None:
        self.captured.append(payload)
        self.infos.append(info)
        await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)

    async def on_failed(self, payload: Failed, info: Info) -> None:
        self.failed.append(payload)
        self.infos.append(info)

    async def send(
        self,
        body: Mapping[str, object] | bytes = BODY,
        *,
        type_: str = "Captured",
        message_id: str = "m-1",
        headers: Mapping[str, HeaderValue] = HEADERS,
        **properties: str,
    ) -> None:
        """Publish as a payment provider would."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        message = Message(raw, message_id, type_, headers=headers, **properties)
        key = "payments.adyen.events"
        await self.broker.publish("test", message, exchange="payments", routing_key=key)

    async def quiet(self) -> None:
        """Wait until nothing is under way and nothing waits to be tried again."""
        for _ in range(20):
            await self.consumer.idle()
            await self.broker.settled()
            await asyncio.sleep(0)

    def dead(self) -> list[tuple[HeaderValue, HeaderValue]]:
        """Return reason and error of each dead letter."""
        letters = self.broker.messages(DEAD)
        return [
            (m.headers["x-dead-reason"], m.headers["x-dead-error"]) for m in letters
        ]


@asynchronous
async def test_a_message_without_type_is_the_only_one_that_fits() -> None:
    scene = Scene()
    async with scene:
        await scene.send({"code": "insufficient_funds"}, type_="")
        await scene.quiet()
    assert [payload.code for payload in scene.failed] == ["insufficient_funds"]
    assert scene.captured == []


@asynchronous
async def test_a_message_put_into_the_queue_itself_needs_no_key_that_fits() -> None:
    scene = Scene()
    message = Message(json.dumps(BODY).encode(), type="Captured", headers=HEADERS)
    async with scene:
        await scene.broker.publish("test", message, exchange="", routing_key=QUEUE)
        await scene.quiet()
    assert [info.parameters for info in scene.infos] == [{}]


@asynchronous
async def test_a_value_and_a_field_of_tomorrow_are_accepted() -> None:
    scene = Scene()
    async with scene:
        body = {**BODY, "method": "crypto", "fee": 3}
        await scene.send(body)
        await scene.quiet()
    assert [payload.method for payload in scene.captured] == ["crypto"]


@asynchronous
async def test_a_failed_handler_gets_the_message_again_after_each_delay() -> None:
    scene = Scene()
    scene.errors = [RuntimeError("first"), RuntimeError("second")]
    async with scene:
        await scene.send()
        await scene.quiet()
    assert [info.attempt for info in scene.infos] == [1, 2, 3]
    assert scene.clock.sleeps == [1.0, 5.0]
    assert {info.routing_key for info in scene.infos} == {"payments.adyen.events"}
    assert scene.dead() == []


@asynchronous
async def test_after_the_last_attempt_the_message_is_dead_lettered() -> None:
    scene = Scene()
    scene.errors = [RuntimeError("database is down")] * 3
    async with scene:
        await scene.send()
        await scene.quiet()
    assert len(scene.captured) == 3
    assert scene.dead() == [("attempts_exhausted", "RuntimeError: database is down")]


@asynchronous
async def test_a_rejected_message_is_dead_lettered_at_once() -> None:
    scene = Scene()
    scene.errors = [Reject("no such order")]
    async with scene:
        await scene.send()
        await scene.quiet()
    assert len(scene.captured) == 1
    assert scene.dead() == [("rejected", "Reject: no such order")]


@pytest.mark.parametrize(
    ("body", "type_", "headers", "problem"),
    [
        (b"\xff not json", "Captured", {"provider": "adyen"}, "Invalid JSON"),
        (b'{"method": "card"}', "Captured", {"provider": "adyen"}, "payment"),
        (b"{}", "Captured", {}, "provider: Field required"),
        (b"{}", "Moved", {"provider": "adyen"}, "unknown message type"),
        (b"{}", "", {"provider": "adyen"}, "no type, and 0 messages fit"),
    ],
)
@asynchronous
async def test_a_message_nobody_can_read_is_dead_lettered_at_once(
    body: bytes, type_: str, headers: Mapping[str, HeaderValue], problem: str
) -> None:
    scene = Scene()
    async with scene:
        await scene.send(body, type_=type_, headers=headers)
        await scene.quiet()
    [(reason, error)] = scene.dead()
    assert reason == "undecodable"
    assert problem in str(error)
    assert scene.captured == []
    assert scene.clock.sleeps == []
    assert scene.broker.messages(DEAD)[0].body == body


@asynchronous
async def test_no_secret_reaches_a_dead_letter() -> None:
    scene = Scene()
    secret = Secret("hunter2")
    scene.errors = [Reject(f"login with {secret.reveal()} failed")]
    async with scene:
        await scene.send()
        await scene.quiet()
    assert scene.dead() == [("rejected", "Reject: login with *** failed")]


@asynchronous
async def test_a_message_that_comes_twice_is_handled_once() -> None:
    scene = Scene()
    async with scene:
        await scene.send(message_id="m-1")
        await scene.send(message_id="m-1")
        await scene.send(message_id="m-2")
        await scene.quiet()
        assert scene.broker.unsettled(QUEUE) == 0
    assert [info.message_id for info in scene.infos] == ["m-1", "m-2"]
    assert scene.broker.messages(QUEUE) == []


@asynchronous
async def test_a_copy_waits_for_the_one_under_way() -> None:
    scene = Scene()
    scene.gate.clear()
    scene.errors = [RuntimeError("first")]
    async with scene:
        await scene.send(message_id="m-1")
        await scene.send(message_id="m-1")
        await asyncio.sleep(0)
        assert len(scene.captured) == 1
        scene.gate.set()
        await scene.quiet()
    assert len(scene.captured) == 2
    assert scene.dead() == []


@asynchronous
async def test_a_handled_message_whose_acknowledgement_was_lost_is_not_repeated() -> (
    None
):
    scene = Scene()
    scene.gate.clear()
    async with scene:
        await scene.send()
        await asyncio.sleep(0)
        scene.broker.disconnect()
        scene.gate.set()
        await scene.quiet()
    assert len(scene.captured) == 1
    assert scene.broker.messages(QUEUE) == []


@asynchronous
async def test_messages_of_two_types_may_have_one_id() -> None:
    scene = Scene()
    async with scene:
        await scene.send()
        await scene.send({"code": "e-1"}, type_="Failed")
        await scene.quiet()
    assert (len(scene.captured), len(scene.failed)) == (1, 1)


@asynchronous
async def test_a_copy_that_is_passed_over_can_be_seen() -> None:
    scene = Scene()
    async with scene:
        await scene.send()
        await scene.send()
        await scene.quiet()
    seen = [event.operation for event in scene.events if event.kind == "completed"]
    assert seen == ["receive.Captured", "receive.duplicate"]


@asynchronous
async def test_why_an_attempt_failed_is_logged_without_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    secret = Secret("hunter2-hunter2")
    scene.errors = [KeyError(secret.reveal()), ValueError(), ValueError()]
    async with scene:
        await scene.send()
        await scene.quiet()
    first, _, last = [record.getMessage() for record in caplog.records]
    assert "attempt 1 of message m-1 failed" in first
    assert "KeyError" in first and "in on_captured" in first
    assert "hunter2" not in caplog.text
    assert "attempts_exhausted" in last and "in on_captured" in last


@asynchronous
async def test_a_dead_letter_that_is_moved_back_gets_all_attempts_again() -> None:
    scene = Scene()
    scene.errors = [ValueError(str(number)) for number in range(6)]
    async with scene:
        await scene.send()
        await scene.quiet()
        [letter] = scene.broker.messages(DEAD)
        await scene.broker.publish("test", letter, exchange="", routing_key=QUEUE)
        await scene.quiet()
    assert letter.headers["x-dead-attempts"] == 3
    assert [info.attempt for info in scene.infos] == [1, 2, 3, 1, 2, 3]


@asynchronous
async def test_a_start_that_fails_leaves_no_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene()
    closed: list[bool] = []

    async def close() -> None:
        closed.append(True)

    monkeypatch.setattr(scene.broker, "close", close)
    other = Subscription("not declared", "a", expected=())
    other.add(CAPTURED, scene.on_captured)
    calls = Calls("shop", clock=scene.clock)
    consumer = Consumer(scene.broker, calls, (other,), ConsumerOptions())
    with pytest.raises(NotFound):
        await consumer.start(TOPOLOGY)
    assert closed == [True]


@asynchronous
async def test_messages_without_id_are_all_handled() -> None:
    scene = Scene()
    async with scene:
        await scene.send(message_id="")
        await scene.send(message_id="")
        await scene.quiet()
    assert len(scene.captured) == 2


@asynchronous
async def test_a_handler_that_takes_too_long_has_failed() -> None:
    scene = Scene(handler_timeout_seconds=0.01)
    scene.gate.clear()
    async with scene:
        await scene.send()
        await scene.quiet()
    assert len(scene.captured) == 3
    [(reason, error)] = scene.dead()
    assert (reason, "DeadlineExceeded" in str(error)) == ("attempts_exhausted", True)


@asynchronous
async def test_no_more_messages_are_under_way_than_prefetch_allows() -> None:
    scene = Scene(prefetch=2)
    scene.gate.clear()
    async with scene:
        for number in range(5):
            await scene.send(message_id=f"m-{number}")
        await asyncio.sleep(0.01)
        assert len(scene.captured) == 2
        scene.gate.set()
        await scene.quiet()
    assert len(scene.captured) == 5


@asynchronous
async def test_stopping_finishes_what_is_under_way_and_takes_no_more() -> None:
    scene = Scene(prefetch=1)
    scene.gate.clear()
    async with scene:
        await scene.send(message_id="m-1")
        await scene.send(message_id="m-2")
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.01, scene.gate.set)
    assert [info.message_id for info in scene.infos] == ["m-1"]
    assert [message.id for message in scene.broker.messages(QUEUE)] == ["m-2"]


@asynchronous
async def test_stopping_gives_back_what_does_not_finish_in_time() -> None:
    scene = Scene(shutdown_seconds=0.01)
    scene.gate.clear()
    async with scene:
        await scene.send()
        await asyncio.sleep(0)
    assert [message.id for message in scene.broker.messages(QUEUE)] == ["m-1"]


@asynchronous
async def test_a_message_without_handler_is_refused_at_the_start() -> None:
    scene = Scene()
    del scene.subscription.readers["Failed"]
    with pytest.raises(ConfigurationError, match="no handler for Failed"):
        await scene.__aenter__()


@pytest.mark.parametrize("place", ["property", "header"])
@asynchronous
async def test_the_correlation_id_of_the_message_is_that_of_the_work(
    place: str,
) -> None:
    scene = Scene()
    ids: list[str] = []

    async def handler(_: Captured, info: Info) -> None:
        with correlation_id() as current:
            ids.extend([current, info.correlation_id])

    scene.subscription.add(CAPTURED, handler)
    async with scene:
        if place == "property":
            await scene.send(correlation_id="request-1")
        else:
            await scene.send(headers={"provider": "a", "x-request-id": "request-1"})
        await scene.quiet()
    assert ids == ["request-1", "request-1"]
    assert [(e.kind, e.operation, e.correlation_id) for e in scene.events] == [
        ("started", "receive.Captured", "request-1"),
        ("completed", "receive.Captured", "request-1"),
    ]


@asynchronous
async def test_a_dead_letter_queue_that_fails_leaves_the_message_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene()
    scene.errors = [Reject("no such order")]

    async def down(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise Unavailable("shop", "move", "the broker is full")

    async with scene:
        await scene.send()
        monkeypatch.setattr(scene.broker, "publish", down)
        await scene.quiet()
    assert len(scene.captured) == 2
    assert scene.broker.messages(QUEUE) == []
    assert scene.dead() == []
