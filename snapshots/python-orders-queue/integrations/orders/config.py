"""Settings of the Orders adapter, from arguments, the environment or secret files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from integrations.runtime.broker import QueueType
from integrations.runtime.broker_consumer import ConsumerOptions
from integrations.runtime.secrets import Secret, Settings

SERVICE = "orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersConfig:
    """How to reach the broker, and how to work on messages.

    Attributes:
        url: `amqps://user:password@host:5671/vhost`, or `memory:` for a broker inside
            this process.
        name_prefix: Put before every exchange and queue name, such as `staging.`.
        declare: Declare exchanges and queues; False when others look after them.
        queue_type: `quorum` is replicated, and stops messages that crash consumers.
        publish_timeout_seconds: Time to publish a message, retries included.
        consumer: How received messages are worked on.
    """

    url: Secret
    name_prefix: str = ""
    declare: bool = True
    queue_type: QueueType = "quorum"
    publish_timeout_seconds: float = 30.0
    consumer: ConsumerOptions = field(default_factory=ConsumerOptions)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `ORDERS_*`; raises `ConfigurationError` naming all that is wrong."""
        read = Settings(SERVICE, "ORDERS_", environ)
        retry_delays = read.text("RETRY_DELAYS_SECONDS", "1,5,30,120")
        config = cls(
            url=read.secret("URL"),
            name_prefix=read.text("NAME_PREFIX", ""),
            declare=read.flag("DECLARE", default=True),
            queue_type=queue_type(read.text("QUEUE_TYPE", "quorum"), read),
            publish_timeout_seconds=read.number("PUBLISH_TIMEOUT_SECONDS", 30.0),
            consumer=ConsumerOptions(
                prefetch=read.integer("PREFETCH", 20),
                retry_delays_seconds=delays(retry_delays, read),
                handler_timeout_seconds=read.number("HANDLER_TIMEOUT_SECONDS", 60.0),
                dedupe_seconds=read.number("DEDUPE_SECONDS", 3600.0),
                dedupe_entries=read.integer("DEDUPE_ENTRIES", 100_000),
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


def delays(text: str, read: Settings) -> tuple[float, ...]:
    """Return numbers that stand between commas, or add a problem to `read`."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = (0.0,)
    if min(numbers) <= 0:
        read.problem("ORDERS_RETRY_DELAYS_SECONDS is not numbers above 0, as in 1,5,30")
    return numbers
