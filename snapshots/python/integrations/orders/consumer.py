"""Receives the messages of Orders.

Written by integrate from asyncapi.yaml and yours to edit.
"""

from __future__ import annotations

import asyncio
from typing import Self

from integrations.orders import messages, topology
from integrations.orders.config import SERVICE, OrdersConfig
from integrations.runtime.broker import Topology, Transport
from integrations.runtime.broker_consumer import Consumer, Handler, Subscription
from integrations.runtime.calls import Calls
from integrations.runtime.retry import Retry


class OrdersConsumer:
    """Gives received messages to handlers.

    A message is acknowledged after its handler returned. When the handler raises, it
    gets the message again after the next of `retry_delays_seconds`. After the last one,
    or when it raises `Reject`, the message goes to the dead-letter queue.

    A handled message is remembered, in this process only. When its acknowledgement is
    lost, another process may get it again: make handlers safe to repeat.
    """

    def __init__(
        self,
        config: OrdersConfig,
        *,
        transport: Transport | None = None,
        calls: Calls | None = None,
    ) -> None:
        """Use `transport`, or a connection of its own. `async with` opens it."""
        self._config = config
        self._payment_events = Subscription(
            config.name_prefix + topology.PAYMENT_EVENTS_QUEUE,
            topology.PAYMENT_EVENTS,
            expected=("PaymentCaptured", "PaymentFailed"),
            correlation_headers=("x-request-id",),
        )
        self._consumer = Consumer(
            transport or topology.transport(config),
            calls or Calls(SERVICE, retry=Retry(attempts=1)),
            (self._payment_events,),
            config.consumer,
        )

    def on_payment_captured(
        self, handler: Handler[messages.PaymentCaptured, messages.PaymentHeaders]
    ) -> Handler[messages.PaymentCaptured, messages.PaymentHeaders]:
        """Handle `PaymentCaptured`: the money for an order has arrived.

        Source: operation `followPayments`, channel `payments.{provider}.events`.
        """
        self._payment_events.add(messages.PAYMENT_CAPTURED, handler)
        return handler

    def on_payment_failed(
        self, handler: Handler[messages.PaymentFailed, messages.PaymentHeaders]
    ) -> Handler[messages.PaymentFailed, messages.PaymentHeaders]:
        """Handle `PaymentFailed`: a payment was refused.

        Source: operation `followPayments`, channel `payments.{provider}.events`.
        """
        self._payment_events.add(messages.PAYMENT_FAILED, handler)
        return handler

    async def __aenter__(self) -> Self:
        """Connect, declare our queues and begin to consume."""
        declared = (
            topology.receiving(self._config) if self._config.declare else Topology()
        )
        await self._consumer.start(declared)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take no more messages, finish those under way, and disconnect."""
        await self._consumer.stop()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set, then shut down gracefully."""
        async with self:
            await stop.wait()

    async def idle(self) -> None:
        """Wait until no handler is at work."""
        await self._consumer.idle()
