"""What adapters ask of a message broker, whichever broker it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from integrations.runtime.errors import NotFound

HeaderValue = str | int | float | bool | None
QueueType = Literal["classic", "quorum"]
ExchangeType = Literal["topic", "direct", "fanout", "headers"]

DELIVERY_LIMIT = 20
"""Deliveries a quorum queue makes of one message that crashes its consumer."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it travels.

    Attributes:
        id: The same for every copy of one message; empty when the sender gave none.
        type: Name of the message, such as `OrderCreated`; may be empty.
        correlation_id: Ties the message to the work that caused it; may be empty.
    """

    body: bytes
    id: str = ""
    type: str = ""
    correlation_id: str = ""
    content_type: str = "application/json"
    headers: Mapping[str, HeaderValue] = field(default_factory=dict[str, HeaderValue])


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message the broker handed over, to be settled once.

    Attributes:
        redelivered: The broker has handed it over before.
        ack: Say that it is done; the broker forgets it.
        requeue: Give it back; the broker delivers it again at once.
        move: Put it into another queue, with more headers, and say that it is done.
    """

    message: Message
    exchange: str
    routing_key: str
    redelivered: bool
    ack: Callable[[], Awaitable[None]]
    requeue: Callable[[], Awaitable[None]]
    move: Callable[[str, Mapping[str, HeaderValue]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where messages are sent to."""

    name: str
    type: ExchangeType = "topic"
    durable: bool = True


@dataclass(frozen=True, slots=True)
class Binding:
    """Which messages of an exchange a queue gets."""

    exchange: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Where messages wait. All queues survive a restart of the broker.

    Attributes:
        dead_letter_queue: Gets what this queue gives up on; None means nothing does.
        ttl_seconds: How long a message waits before it is given up on.
    """

    name: str
    type: QueueType
    bindings: tuple[Binding, ...] = ()
    dead_letter_queue: str | None = None
    ttl_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Topology:
    """What must exist at the broker. Declaring it twice changes nothing."""

    exchanges: tuple[Exchange, ...] = ()
    queues: tuple[Queue, ...] = ()


class Unroutable(NotFound):
    """No queue takes the message; the broker did not keep it."""


Deliver = Callable[[Delivery], None]
Stop = Callable[[], Awaitable[None]]


class Transport(Protocol):
    """A connection to a broker. Failures are raised as `IntegrationError`."""

    async def open(self) -> None:
        """Connect, unless another user of this transport has."""
        ...

    async def declare(self, topology: Topology) -> None:
        """Make sure that exchanges, queues and bindings exist."""
        ...

    async def publish(
        self, operation: str, message: Message, *, exchange: str, routing_key: str
    ) -> None:
        """Send a message; returns when the broker has it safe in a queue."""
        ...

    async def consume(self, queue: str, deliver: Deliver, *, prefetch: int) -> Stop:
        """Hand over messages, at most `prefetch` unsettled; returns what ends it."""
        ...

    async def close(self) -> None:
        """Disconnect, when no user is left; what is not settled comes again."""
        ...


def dead_letter_queue(queue: str) -> str:
    """Return the name of the queue for what `queue` gave up on."""
    return f"{queue}.dead"


def retry_queue(queue: str, delay_seconds: float) -> str:
    """Return the name of the queue where messages wait before `queue` sees them again.

    The delay is part of the name because a queue's time cannot be changed.
    """
    return f"{queue}.retry.{round(delay_seconds * 1000)}ms"


def work_queues(
    name: str,
    bindings: tuple[Binding, ...],
    *,
    type: QueueType,
    retry_delays_seconds: tuple[float, ...],
) -> tuple[Queue, ...]:
    """Return a queue to consume from, its retry queues and its dead-letter queue."""
    dead = dead_letter_queue(name)
    waiting = (
        Queue(retry_queue(name, delay), type, (), name, delay)
        for delay in dict.fromkeys(retry_delays_seconds)
    )
    return Queue(name, type, bindings, dead), *waiting, Queue(dead, type)


def matches(pattern: str, routing_key: str) -> bool:
    """Return whether a topic pattern fits: `*` is one word, `#` any number of words."""
    return _fits(pattern.split("."), routing_key.split(".") if routing_key else [])


def _fits(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        return any(_fits(rest, words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and first in ("*", words[0]) and _fits(rest, words[1:])
