"""Settings of the adapter `orders`, from arguments, the environment or secret files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from integrations.runtime.broker import QueueType
from integrations.runtime.broker_consumer import ConsumerOptions
from integrations.runtime.secrets import Secret, Settings

SERVICE = "orders"
RETRY_DELAYS_SECONDS = (1.0, 5.0, 30.0, 120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersConfig:
    """How to reach the broker, and how to work on messages.

    Attributes:
        url: `amqps://user:password@host:5671/vhost`, or `memory:` for a broker inside
            this process.
        name_prefix: Put before every exchange and queue name, such as `staging.`.
        declare: Declare exchanges and queues; False when others look after them.
        publish_timeout_seconds: Time to publish a message, retries included.
        queue_type: `quorum` is replicated, and stops messages that crash consumers.
        consumer: How received messages are worked on.
    """

    url: Secret
    name_prefix: str = ""
    declare: bool = True
    publish_timeout_seconds: float = 30.0
    queue_type: QueueType = "quorum"
    consumer: ConsumerOptions = field(
        default_factory=lambda: ConsumerOptions(
            prefetch=20,
            retry_delays_seconds=RETRY_DELAYS_SECONDS,
            handler_timeout_seconds=60.0,
            dedupe_seconds=3600.0,
            dedupe_entries=100000,
            shutdown_seconds=30.0,
        )
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `ORDERS_*`; raises `ConfigurationError` naming all that is wrong."""
        read = Settings(SERVICE, "ORDERS_", environ)
        config = cls(
            url=read.secret("URL"),
            name_prefix=read.text("NAME_PREFIX", ""),
            declare=read.flag("DECLARE", default=True),
            publish_timeout_seconds=read.number("PUBLISH_TIMEOUT_SECONDS", 30.0),
            queue_type=queue_type(read.text("QUEUE_TYPE", "quorum"), read),
            consumer=ConsumerOptions(
                prefetch=read.integer("PREFETCH", 20),
                retry_delays_seconds=delays(read),
                handler_timeout_seconds=read.number("HANDLER_TIMEOUT_SECONDS", 60.0),
                dedupe_seconds=read.number("DEDUPE_SECONDS", 3600.0),
                dedupe_entries=read.integer("DEDUPE_ENTRIES", 100000),
                shutdown_seconds=read.number("SHUTDOWN_SECONDS", 30.0),
            ),
        )
        read.check()
        return config


def queue_type(text: str, read: Settings) -> QueueType:
    """Return a kind of queue, or add a problem to `read`."""
    if text == "classic":
        return "classic"
    if text != "quorum":
        read.problem("ORDERS_QUEUE_TYPE is neither quorum nor classic")
    return "quorum"


def delays(read: Settings) -> tuple[float, ...]:
    """Return numbers that stand between commas, or add a problem to `read`."""
    text = read.optional_text("RETRY_DELAYS_SECONDS")
    if text is None:
        return RETRY_DELAYS_SECONDS
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = (0.0,)
    if not all(0 < number < float("inf") for number in numbers):
        read.problem("ORDERS_RETRY_DELAYS_SECONDS is not numbers above 0, as in 1,5,30")
    return numbers
