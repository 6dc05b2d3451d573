"""Sends messages: once for whoever receives them, however often we have to try."""

from __future__ import annotations

import uuid
from typing import TypeVar

from integrations.runtime.broker import Topology, Transport
from integrations.runtime.broker_messages import OutgoingType
from integrations.runtime.calls import Calls
from integrations.runtime.events import correlation_id

P = TypeVar("P")
H = TypeVar("H")


class Publisher:
    """Publishes messages under `Calls`. Safe to share between tasks."""

    def __init__(self, transport: Transport, calls: Calls) -> None:
        """Send through `transport`; nothing happens before `open`."""
        self._transport = transport
        self._calls = calls

    async def open(self, topology: Topology) -> None:
        """Connect, and make sure that what we send to exists."""
        await self._transport.open()
        try:
            await self._transport.declare(topology)
        except BaseException:
            await self._transport.close()
            raise

    async def close(self) -> None:
        """Disconnect."""
        await self._transport.close()

    async def send(
        self,
        message_type: OutgoingType[P, H],
        payload: P,
        headers: H,
        *,
        exchange: str,
        routing_key: str,
        message_id: str | None = None,
        timeout_seconds: float | None = None,
    ) -> str:
        """Publish a message and return its id.

        All attempts carry one id, so that a message sent twice is handled once.
        """
        chosen = message_id or uuid.uuid4().hex
        operation = f"publish.{message_type.name}"
        with correlation_id() as correlation:
            message = message_type.encode(
                payload, headers, message_id=chosen, correlation_id=correlation
            )
            await self._calls.run_async(
                operation,
                lambda _: self._transport.publish(
                    operation, message, exchange=exchange, routing_key=routing_key
                ),
                repeatable=True,
                timeout_seconds=timeout_seconds,
            )
        return chosen
