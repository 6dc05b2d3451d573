"""Sends the messages of Orders.

Written by integrate from asyncapi.yaml and yours to edit.
"""

from __future__ import annotations

from typing import Literal, Self

from integrations.orders import messages, topology
from integrations.orders.config import SERVICE, OrdersConfig
from integrations.runtime.broker import Topology, Transport
from integrations.runtime.broker_messages import routing_key
from integrations.runtime.broker_publisher import Publisher
from integrations.runtime.calls import Calls
from integrations.runtime.retry import Retry


class OrdersPublisher:
    """Publishes to the broker; one may be shared between tasks.

    Each method returns the id of the message once the broker has it safe in a queue.
    It raises `Unroutable` when no queue takes the message, `Unavailable` when there is
    no broker, and `DeadlineExceeded` when it does not confirm in time: the message may
    have been sent then, so send it again with the same `message_id`.
    """

    def __init__(
        self,
        config: OrdersConfig,
        *,
        transport: Transport | None = None,
        calls: Calls | None = None,
    ) -> None:
        """Use `transport`, or a connection of its own. `async with` opens it."""
        retry = Retry(deadline_seconds=config.publish_timeout_seconds)
        self._config = config
        self._publisher = Publisher(
            transport or topology.transport(config),
            calls or Calls(SERVICE, retry=retry),
        )

    async def __aenter__(self) -> Self:
        """Connect, and declare the exchanges we send to."""
        declared = (
            topology.sending(self._config) if self._config.declare else Topology()
        )
        await self._publisher.open(declared)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self._publisher.close()

    async def publish_order_created(
        self,
        payload: messages.OrderInput,
        headers: messages.EventHeadersInput,
        *,
        message_id: str | None = None,
        timeout_seconds: float | None = None,
    ) -> str:
        """Publish `OrderCreated`: a customer placed an order.

        Source: operation `publishOrderEvents`, channel `orders.events`.
        """
        return await self._publisher.send(
            messages.ORDER_CREATED,
            payload,
            headers,
            exchange=self._config.name_prefix + topology.ORDERS,
            routing_key=topology.ORDER_EVENTS,
            message_id=message_id,
            timeout_seconds=timeout_seconds,
        )

    async def publish_order_cancelled(
        self,
        payload: messages.OrderCancelledInput,
        headers: messages.EventHeadersInput,
        *,
        message_id: str | None = None,
        timeout_seconds: float | None = None,
    ) -> str:
        """Publish `OrderCancelled`: an order was given up before it was shipped.

        Source: operation `publishOrderEvents`, channel `orders.events`.
        """
        return await self._publisher.send(
            messages.ORDER_CANCELLED,
            payload,
            headers,
            exchange=self._config.name_prefix + topology.ORDERS,
            routing_key=topology.ORDER_EVENTS,
            message_id=message_id,
            timeout_seconds=timeout_seconds,
        )

    async def publish_reserve_stock(
        self,
        payload: messages.ReserveStockInput,
        *,
        region: Literal["eu", "us"] | str,
        message_id: str | None = None,
        timeout_seconds: float | None = None,
    ) -> str:
        """Publish `ReserveStock`: goods to put aside for an order.

        Args:
            payload: The message.
            region: Where the warehouse stands.
            message_id: Given again when a message is sent again; None makes a new one.
            timeout_seconds: Time for the whole call; None means the settings' own.

        Source: operation `requestStock`, channel `stock.{region}.reserve`.
        """
        return await self._publisher.send(
            messages.RESERVE_STOCK,
            payload,
            None,
            exchange=self._config.name_prefix + topology.WAREHOUSE,
            routing_key=routing_key(topology.STOCK_RESERVATIONS, region=region),
            message_id=message_id,
            timeout_seconds=timeout_seconds,
        )
