"""Gives messages to handlers: done once, tried again later, or dead-lettered."""

from __future__ import annotations

import asyncio
import logging
import traceback
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeVar
from weakref import WeakValueDictionary

from integrations.runtime.broker import (
    Delivery,
    HeaderValue,
    Stop,
    Topology,
    Transport,
    dead_letter_queue,
    retry_queue,
)
from integrations.runtime.broker_messages import (
    ATTEMPT,
    ORIGINAL_EXCHANGE,
    ORIGINAL_ROUTING_KEY,
    IncomingType,
    Received,
    attempt,
    parameters,
    received,
)
from integrations.runtime.cache import TtlCache
from integrations.runtime.calls import Calls
from integrations.runtime.errors import (
    ConfigurationError,
    IntegrationError,
    UnexpectedResponse,
)
from integrations.runtime.events import correlation_id, current_correlation_id
from integrations.runtime.secrets import redact

LOG = logging.getLogger(__name__)
DEAD_REASON = "x-dead-reason"
DEAD_ERROR = "x-dead-error"
DEAD_ATTEMPTS = "x-dead-attempts"
ERROR_LENGTH = 500
GIVE_BACK_SECONDS = 1.0

P = TypeVar("P")
H = TypeVar("H")
Handler = Callable[[P, Received[H]], Awaitable[None]]
DeadReason = Literal["undecodable", "rejected", "attempts_exhausted"]


class Reject(Exception):
    """Raised by a handler that will never accept this message."""


class Undecodable(UnexpectedResponse):
    """The bytes are not the message they should be; trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class ConsumerOptions:
    """How messages are worked on.

    Attributes:
        prefetch: Messages under way at once, for each queue.
        retry_delays_seconds: Waits before the second, third, … attempt; when they are
            used up the message is dead-lettered.
        handler_timeout_seconds: A handler that takes longer has failed.
        dedupe_seconds: How long a handled message is remembered.
        dedupe_entries: How many handled messages are remembered at most.
        shutdown_seconds: How long `stop` waits for handlers before it cancels them.
    """

    prefetch: int = 20
    retry_delays_seconds: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0)
    handler_timeout_seconds: float = 60.0
    dedupe_seconds: float = 3600.0
    dedupe_entries: int = 100_000
    shutdown_seconds: float = 30.0


Key = tuple[str, str, str]
"""One message: its queue, its type, its id."""

Work = Callable[[], Awaitable[None]]
Reader = Callable[[Delivery], Work]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue, the messages that may come in it, and who handles them.

    Attributes:
        queue: Its name at the broker.
        address: The routing key, with `{names}` for its parameters.
        expected: Names of the messages its description promises.
        correlation_headers: Where to look when the correlation id property is empty.
        is_bound_wider: The queue also gets what does not fit the address.
    """

    queue: str
    address: str
    expected: tuple[str, ...]
    correlation_headers: tuple[str, ...] = ()
    is_bound_wider: bool = False
    readers: dict[str, Reader] = field(default_factory=dict[str, Reader])

    def add(self, message_type: IncomingType[P, H], handler: Handler[P, H]) -> None:
        """Let `handler` have the messages of one type."""

        def read(delivery: Delivery) -> Work:
            payload, headers = message_type.decode(delivery.message)
            correlation = current_correlation_id() or self.correlation(delivery)
            info = received(delivery, headers, self.address, correlation)
            return lambda: handler(payload, info)

        self.readers[message_type.name] = read

    def missing(self) -> list[str]:
        """Return which messages nobody handles, unless nobody handles any."""
        return [
            each for each in self.expected if self.readers and each not in self.readers
        ]

    def operation(self, delivery: Delivery) -> str:
        """Return the name that events and metrics give to handling a delivery."""
        kind = delivery.message.type
        return f"receive.{kind if kind in self.readers else 'unknown'}"

    def correlation(self, delivery: Delivery) -> str:
        """Return the correlation id that came with a delivery, or nothing."""
        headers = delivery.message.headers
        found = (str(headers.get(name) or "") for name in self.correlation_headers)
        return delivery.message.correlation_id or next(filter(None, found), "")

    def concerns(self, delivery: Delivery) -> bool:
        """Return whether the address fits; what was put into the queue itself does."""
        origin = _origin(delivery)
        if not self.is_bound_wider or not origin[ORIGINAL_EXCHANGE]:
            return True
        return bool(parameters(self.address, str(origin[ORIGINAL_ROUTING_KEY])))

    def read(self, delivery: Delivery) -> Work:
        """Decode by the message's type; without one, as the only type that fits."""
        kind = delivery.message.type
        if kind:
            if kind not in self.readers:
                raise ValueError(f"unknown message type {kind!r}")
            return self.readers[kind](delivery)
        fitting: list[Work] = []
        for reader in self.readers.values():
            with suppress(ValueError):
                fitting.append(reader(delivery))
        if len(fitting) != 1:
            raise ValueError(f"it has no type, and {len(fitting)} messages fit")
        return fitting[0]


class Consumer:
    """Runs handlers on the messages of subscriptions. `calls` must not retry."""

    def __init__(
        self,
        transport: Transport,
        calls: Calls,
        subscriptions: tuple[Subscription, ...],
        options: ConsumerOptions,
    ) -> None:
        """Consume through `transport`; nothing happens before `start`."""
        self._transport = transport
        self._calls = calls
        self._subscriptions = subscriptions
        self._options = options
        self._handled: TtlCache[None] = TtlCache(
            options.dedupe_entries, options.dedupe_seconds, clock=calls.clock
        )
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[None]] = set()
        self._stops: list[Stop] = []

    async def start(self, topology: Topology) -> None:
        """Connect and consume; raises when a queue's message has no handler."""
        missing = [name for each in self._subscriptions for name in each.missing()]
        if missing:
            reason = f"no handler for {', '.join(missing)}"
            raise ConfigurationError(self._calls.service, "start", reason)
        await self._transport.open()
        try:
            await self._transport.declare(topology)
            for subscription in self._subscriptions:
                if subscription.readers:
                    await self._consume(subscription)
        except BaseException:
            await self.stop()
            raise

    async def _consume(self, subscription: Subscription) -> None:
        stop = await self._transport.consume(
            subscription.queue,
            partial(self._accept, subscription),
            prefetch=self._options.prefetch,
        )
        self._stops.append(stop)

    async def stop(self) -> None:
        """Take no more messages and finish those under way, or give them back."""
        stops, self._stops = self._stops, []
        for stop in stops:
            with suppress(IntegrationError):
                await stop()
        await self.idle(self._options.shutdown_seconds)
        for task in self._under_way:
            task.cancel()
        await self.idle()
        await self._transport.close()

    async def idle(self, timeout_seconds: float | None = None) -> None:
        """Wait until no handler is at work, at most `timeout_seconds`."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=timeout_seconds)

    def _accept(self, subscription: Subscription, delivery: Delivery) -> None:
        task = asyncio.create_task(self._take(subscription, delivery))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _take(self, subscription: Subscription, delivery: Delivery) -> None:
        """See to it that a delivery is settled, whatever happens."""
        message = delivery.message
        key = (subscription.queue, message.type, message.id or uuid.uuid4().hex)
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                await self._settle(subscription, delivery, key)
        except asyncio.CancelledError:
            with suppress(IntegrationError):
                await delivery.requeue()
        except IntegrationError as error:
            LOG.warning("%s: cannot settle a message: %s", subscription.queue, error)
            await self._calls.clock.sleep_async(GIVE_BACK_SECONDS)
            with suppress(IntegrationError):
                await delivery.requeue()

    async def _settle(
        self, subscription: Subscription, delivery: Delivery, key: Key
    ) -> None:
        if not subscription.concerns(delivery):
            await self._pass_over(subscription, delivery, "receive.foreign")
            return
        if self._is_handled(key):
            await self._pass_over(subscription, delivery, "receive.duplicate")
            return
        try:
            await self._handle(subscription, delivery)
        except Undecodable as error:
            await self._dead_letter(subscription, delivery, "undecodable", error)
        except Reject as error:
            await self._dead_letter(subscription, delivery, "rejected", error)
        except Exception as error:
            await self._try_later(subscription, delivery, error)
        else:
            self._handled.put(key, None)
            await delivery.ack()

    def _is_handled(self, key: Key) -> bool:
        try:
            self._handled.get(key)
        except KeyError:
            return False
        return True

    async def _pass_over(
        self, subscription: Subscription, delivery: Delivery, operation: str
    ) -> None:
        """Acknowledge what no handler is to have, as an operation that can be seen."""

        async def once(_: float) -> None:
            await delivery.ack()

        with correlation_id(subscription.correlation(delivery)):
            await self._calls.run_async(operation, once, repeatable=False)

    async def _handle(self, subscription: Subscription, delivery: Delivery) -> None:
        operation = subscription.operation(delivery)

        async def once(_: float) -> None:
            try:
                work = subscription.read(delivery)
            except ValueError as error:
                raise Undecodable(self._calls.service, operation, str(error)) from error
            await work()

        with correlation_id(subscription.correlation(delivery)):
            await self._calls.run_async(
                operation,
                once,
                repeatable=False,
                timeout_seconds=self._options.handler_timeout_seconds,
            )

    async def _try_later(
        self, subscription: Subscription, delivery: Delivery, error: Exception
    ) -> None:
        number = attempt(delivery.message)
        delays = self._options.retry_delays_seconds
        if number > len(delays):
            await self._dead_letter(subscription, delivery, "attempts_exhausted", error)
            return
        queue = retry_queue(subscription.queue, delays[number - 1])
        LOG.warning(
            "%s: attempt %d of message %s failed, the next is in %g s: %s",
            subscription.queue,
            number,
            delivery.message.id or "without id",
            delays[number - 1],
            _traced(error),
        )
        await delivery.move(queue, {**_origin(delivery), ATTEMPT: number + 1})

    async def _dead_letter(
        self,
        subscription: Subscription,
        delivery: Delivery,
        reason: DeadReason,
        error: Exception,
    ) -> None:
        text = redact(f"{type(error).__name__}: {error}")[:ERROR_LENGTH]
        LOG.error(
            "%s: message %s is dead-lettered, %s: %s",
            subscription.queue,
            delivery.message.id or "without id",
            reason,
            _traced(error) if reason == "attempts_exhausted" else text,
        )
        why: dict[str, HeaderValue] = {
            DEAD_REASON: reason,
            DEAD_ERROR: text,
            DEAD_ATTEMPTS: attempt(delivery.message),
            ATTEMPT: 1,  # moved back, it gets all of them again
        }
        await delivery.move(
            dead_letter_queue(subscription.queue), {**_origin(delivery), **why}
        )


def _traced(error: Exception) -> str:
    """Return the traceback, without secrets."""
    return redact("".join(traceback.format_exception(error)).rstrip())


def _origin(delivery: Delivery) -> dict[str, HeaderValue]:
    known = delivery.message.headers
    return {
        ORIGINAL_EXCHANGE: known.get(ORIGINAL_EXCHANGE, delivery.exchange),
        ORIGINAL_ROUTING_KEY: known.get(ORIGINAL_ROUTING_KEY, delivery.routing_key),
    }
