"""A broker inside the process, for tests and development. Nothing survives it.

Keeps to what RabbitMQ does: routing, unroutable messages, unsettled messages coming
back as redelivered, messages that wait, dead-letter queues.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from integrations.runtime.broker import (
    Binding,
    Deliver,
    Delivery,
    Exchange,
    HeaderValue,
    Message,
    Queue,
    Stop,
    Topology,
    Unroutable,
    matches,
)
from integrations.runtime.clock import SYSTEM, Clock
from integrations.runtime.errors import NotFound, Unavailable


@dataclass(slots=True, eq=False)
class _Copy:
    message: Message
    exchange: str
    routing_key: str
    redelivered: bool = False


@dataclass(slots=True, eq=False)
class _Consumer:
    deliver: Deliver
    prefetch: int
    unsettled: list[_Copy] = field(default_factory=list[_Copy])


@dataclass(slots=True, eq=False)
class _Store:
    queue: Queue
    ready: deque[_Copy] = field(default_factory=deque[_Copy])
    consumers: list[_Consumer] = field(default_factory=list[_Consumer])


class MemoryTransport:
    """An in-memory broker; connections are all the same one."""

    def __init__(
        self,
        service: str = "memory",
        *,
        clock: Clock = SYSTEM,
        unrouted: str | None = None,
    ) -> None:
        """Start without exchanges and queues.

        Args:
            service: The adapter's name, for errors.
            clock: How long messages wait.
            unrouted: A queue for what no queue takes; None makes that an error.
        """
        self._service = service
        self._clock = clock
        self._exchanges: dict[str, Exchange] = {}
        self._queues: dict[str, _Store] = {}
        self._bindings: dict[str, set[Binding]] = {}
        self._timers: set[asyncio.Task[None]] = set()
        self._unrouted = unrouted
        if unrouted is not None:
            self._queues[unrouted] = _Store(Queue(unrouted, "classic"))

    async def open(self) -> None:
        """Do nothing: it is always open."""

    async def close(self) -> None:
        """Do nothing: messages stay, for whoever comes next."""

    async def declare(self, topology: Topology) -> None:
        """Make sure that exchanges, queues and bindings exist."""
        for exchange in topology.exchanges:
            self._exchanges.setdefault(exchange.name, exchange)
        for queue in topology.queues:
            self._queues.setdefault(queue.name, _Store(queue))
            self._bindings.setdefault(queue.name, set()).update(queue.bindings)

    async def publish(
        self, operation: str, message: Message, *, exchange: str, routing_key: str
    ) -> None:
        """Put a copy into every queue that is bound."""
        if exchange and exchange not in self._exchanges:
            raise NotFound(self._service, operation, f"no exchange `{exchange}`")
        queues = list(self._routes(exchange, routing_key))
        if not queues and self._unrouted is not None:
            queues = [self._store(self._unrouted)]
        if not queues:
            reason = f"no queue takes `{routing_key}` from exchange `{exchange}`"
            raise Unroutable(self._service, operation, reason)
        for store in queues:
            self._put(store, _Copy(message, exchange, routing_key))

    async def consume(self, queue: str, deliver: Deliver, *, prefetch: int) -> Stop:
        """Hand over messages as they come."""
        store = self._store(queue)
        consumer = _Consumer(deliver, prefetch)
        store.consumers.append(consumer)
        self._pump(store)

        async def stop() -> None:
            if consumer in store.consumers:
                store.consumers.remove(consumer)

        return stop

    def disconnect(self) -> None:
        """Lose every connection, and let all consumers come back at once."""
        for store in self._queues.values():
            for consumer in store.consumers:
                self._give_back(store, consumer.unsettled)
                consumer.unsettled = []
            self._pump(store)

    def messages(self, queue: str) -> list[Message]:
        """Return the messages that wait in a queue, oldest first."""
        return [copy.message for copy in self._store(queue).ready]

    def unsettled(self, queue: str) -> int:
        """Return how many messages the consumers of a queue hold."""
        return sum(len(each.unsettled) for each in self._store(queue).consumers)

    async def settled(self) -> None:
        """Wait until no message waits for a time."""
        while self._timers:
            await asyncio.gather(*self._timers)

    def _store(self, queue: str) -> _Store:
        if queue not in self._queues:
            raise NotFound(self._service, "consume", f"no queue `{queue}`")
        return self._queues[queue]

    def _routes(self, exchange: str, routing_key: str) -> Iterator[_Store]:
        if not exchange and routing_key in self._queues:
            yield self._queues[routing_key]
        kind = self._exchanges[exchange].type if exchange else "direct"
        for name, bindings in self._bindings.items():
            keys = [
                bound.routing_key for bound in bindings if bound.exchange == exchange
            ]
            if any(_accepts(kind, key, routing_key) for key in keys):
                yield self._queues[name]

    def _put(self, store: _Store, copy: _Copy) -> None:
        store.ready.append(copy)
        if store.queue.ttl_seconds is not None:
            timer = asyncio.create_task(
                self._expire(store, copy, store.queue.ttl_seconds)
            )
            self._timers.add(timer)
            timer.add_done_callback(self._timers.discard)
        self._pump(store)

    async def _expire(self, store: _Store, copy: _Copy, seconds: float) -> None:
        await self._clock.sleep_async(seconds)
        if copy in store.ready and store.queue.dead_letter_queue is not None:
            store.ready.remove(copy)
            target = store.queue.dead_letter_queue
            self._put(self._store(target), _Copy(copy.message, "", target))

    def _pump(self, store: _Store) -> None:
        for consumer in list(store.consumers):
            while store.ready and len(consumer.unsettled) < consumer.prefetch:
                self._hand_over(store, consumer, store.ready.popleft())

    def _give_back(self, store: _Store, copies: list[_Copy]) -> None:
        back = [replace(copy, redelivered=True) for copy in copies]
        store.ready.extendleft(reversed(back))

    def _hand_over(self, store: _Store, consumer: _Consumer, copy: _Copy) -> None:
        consumer.unsettled.append(copy)

        def settle() -> None:
            if copy not in consumer.unsettled:
                raise Unavailable(self._service, "settle", "the connection was lost")
            consumer.unsettled.remove(copy)

        async def ack() -> None:
            settle()
            self._pump(store)

        async def requeue() -> None:
            settle()
            self._give_back(store, [copy])
            self._pump(store)

        async def move(queue: str, headers: Mapping[str, HeaderValue]) -> None:
            merged = {**copy.message.headers, **headers}
            message = replace(copy.message, headers=merged)
            await self.publish("move", message, exchange="", routing_key=queue)
            await ack()

        delivery = Delivery(
            copy.message,
            copy.exchange,
            copy.routing_key,
            copy.redelivered,
            ack,
            requeue,
            move,
        )
        consumer.deliver(delivery)


def _accepts(kind: str, pattern: str, routing_key: str) -> bool:
    if kind == "topic":
        return matches(pattern, routing_key)
    return kind == "fanout" or pattern == routing_key
