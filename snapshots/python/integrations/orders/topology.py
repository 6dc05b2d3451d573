"""Exchanges and queues of Orders, version 1.2.0, from asyncapi.yaml.

What we send to is declared by name and kind only: its queues belong to the receivers.
What we receive from gets a queue of ours, its retry queues and its dead-letter queue.
"""

from __future__ import annotations

from typing import Final

from integrations.orders.config import SERVICE, OrdersConfig
from integrations.runtime.broker import (
    Binding,
    Exchange,
    Topology,
    Transport,
    work_queues,
)
from integrations.runtime.broker_memory import MemoryTransport
from integrations.runtime.broker_rabbitmq import RabbitTransport

ORDERS: Final = "orders"
WAREHOUSE: Final = "warehouse"
PAYMENTS: Final = "payments"

ORDER_EVENTS: Final = "orders.events"
STOCK_RESERVATIONS: Final = "stock.{region}.reserve"
PAYMENT_EVENTS: Final = "payments.{provider}.events"

PAYMENT_EVENTS_QUEUE: Final = "orders.payment-events"

_MEMORY: Final = MemoryTransport(SERVICE, unrouted="unrouted")


def sending(config: OrdersConfig) -> Topology:
    """Return what must exist before messages are sent."""
    name = config.name_prefix
    return Topology(
        exchanges=(
            Exchange(name + ORDERS, "topic"),
            Exchange(name + WAREHOUSE, "direct"),
        )
    )


def receiving(config: OrdersConfig) -> Topology:
    """Return what must exist before messages are received."""
    name = config.name_prefix
    return Topology(
        exchanges=(Exchange(name + PAYMENTS, "topic"),),
        queues=(
            *work_queues(
                name + PAYMENT_EVENTS_QUEUE,
                (Binding(name + PAYMENTS, "payments.*.events"),),
                type=config.queue_type,
                retry_delays_seconds=config.consumer.retry_delays_seconds,
            ),
        ),
    )


def transport(config: OrdersConfig) -> Transport:
    """Return a connection to the broker that `config.url` names."""
    if config.url.reveal().startswith("memory:"):
        return _MEMORY
    return RabbitTransport(SERVICE, config.url)
