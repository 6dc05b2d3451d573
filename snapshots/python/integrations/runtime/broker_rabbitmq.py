"""RabbitMQ. The only file that talks to it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import aio_pika
from aio_pika.abc import (
    AbstractIncomingMessage,
    AbstractRobustChannel,
    AbstractRobustConnection,
)
from aio_pika.exceptions import (
    AMQPError,
    ChannelInvalidStateError,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    DeliveryError,
    ProbableAuthenticationError,
    PublishError,
)
from aio_pika.exceptions import AuthenticationError as LoginRefused
from aiormq.exceptions import ChannelAccessRefused

from integrations.runtime.broker import (
    DELIVERY_LIMIT,
    Deliver,
    Delivery,
    HeaderValue,
    Message,
    Queue,
    Stop,
    Topology,
    Unroutable,
)
from integrations.runtime.errors import (
    AuthenticationError,
    Conflict,
    NotFound,
    PermissionDenied,
    Unavailable,
)
from integrations.runtime.secrets import Secret, redact

CONNECT_SECONDS = 10.0
CONFIRM_SECONDS = 5.0
RECONNECT_SECONDS = 1.0


class RabbitTransport:
    """One connection to RabbitMQ, which comes back by itself when it is lost."""

    def __init__(self, service: str, url: Secret) -> None:
        """Prepare a connection to `url`, such as `amqps://user:password@host/vhost`."""
        self._service = service
        self._url = url
        self._users = 0
        self._opening = asyncio.Lock()
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractRobustChannel | None = None

    async def open(self) -> None:
        """Connect, unless another user of this transport has."""
        async with self._opening:
            if self._users == 0:
                await self._connect()
            self._users += 1

    async def _connect(self) -> None:
        with self._errors("open"):
            connection = await aio_pika.connect_robust(
                self._url.reveal(),
                timeout=CONNECT_SECONDS,
                client_properties={"connection_name": self._service},
                reconnect_interval=RECONNECT_SECONDS,
            )
            try:
                self._channel = await connection.channel(on_return_raises=True)
            except BaseException:
                await connection.close()
                raise
            self._connection = connection

    async def close(self) -> None:
        """Disconnect, when no user is left; what is not settled comes again."""
        async with self._opening:
            self._users -= 1
            if self._users > 0 or self._connection is None:
                return
            connection, self._connection, self._channel = self._connection, None, None
            with self._errors("close"):
                await connection.close()

    async def declare(self, topology: Topology) -> None:
        """Make sure that exchanges, queues and bindings exist, after reconnects too."""
        channel = self._opened("declare")
        with self._errors("declare"):
            for exchange in topology.exchanges:
                await channel.declare_exchange(
                    exchange.name, exchange.type, durable=exchange.durable
                )
            for queue in topology.queues:
                declared = await channel.declare_queue(
                    queue.name, durable=True, arguments=_arguments(queue)
                )
                for binding in queue.bindings:
                    await declared.bind(binding.exchange, binding.routing_key)

    async def publish(
        self, operation: str, message: Message, *, exchange: str, routing_key: str
    ) -> None:
        """Send a message; returns when RabbitMQ has confirmed it."""
        outgoing = aio_pika.Message(
            message.body,
            message_id=message.id,
            type=message.type or None,
            correlation_id=message.correlation_id or None,
            content_type=message.content_type,
            headers=dict(message.headers),
            app_id=self._service,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await self._send(operation, outgoing, exchange, routing_key)

    async def consume(self, queue: str, deliver: Deliver, *, prefetch: int) -> Stop:
        """Hand over messages, at most `prefetch` unsettled; returns what ends it."""
        if self._connection is None:
            raise Unavailable(self._service, "consume", "not open")

        async def receive(incoming: AbstractIncomingMessage) -> None:
            deliver(self._delivery(incoming))

        with self._errors("consume"):
            channel = await self._connection.channel()
            await channel.set_qos(prefetch_count=prefetch)
            source = await channel.get_queue(queue)
            tag = await source.consume(receive)

        async def stop() -> None:
            with self._errors("stop"):
                await source.cancel(tag)

        return stop

    def _delivery(self, incoming: AbstractIncomingMessage) -> Delivery:
        async def ack() -> None:
            with self._errors("ack"):
                await incoming.ack()

        async def requeue() -> None:
            with self._errors("requeue"):
                await incoming.nack(requeue=True)

        async def move(queue: str, headers: Mapping[str, HeaderValue]) -> None:
            outgoing = aio_pika.Message(
                incoming.body,
                headers={**incoming.headers, **headers},
                content_type=incoming.content_type,
                content_encoding=incoming.content_encoding,
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                priority=incoming.priority,
                correlation_id=incoming.correlation_id,
                reply_to=incoming.reply_to,
                message_id=incoming.message_id,
                timestamp=incoming.timestamp,
                type=incoming.type,
                app_id=incoming.app_id,
            )
            await self._send("move", outgoing, "", queue)
            await ack()

        return Delivery(
            _message(incoming),
            incoming.exchange or "",
            incoming.routing_key or "",
            bool(incoming.redelivered),
            ack,
            requeue,
            move,
        )

    async def _send(
        self,
        operation: str,
        message: aio_pika.abc.AbstractMessage,
        exchange: str,
        routing_key: str,
    ) -> None:
        channel = self._opened(operation)
        with self._errors(operation):
            async with asyncio.timeout(CONFIRM_SECONDS):
                await channel.ready()
                target = channel.default_exchange
                if exchange:
                    target = await channel.get_exchange(exchange, ensure=False)
                await target.publish(message, routing_key, mandatory=True)

    def _opened(self, operation: str) -> AbstractRobustChannel:
        if self._channel is None:
            raise Unavailable(self._service, operation, "not open")
        return self._channel

    @contextmanager
    def _errors(self, operation: str) -> Generator[None]:
        try:
            yield
        except PublishError as cause:
            reason = "no queue takes this routing key from this exchange"
            raise Unroutable(self._service, operation, reason) from cause
        except (AMQPError, ChannelInvalidStateError, OSError, TimeoutError) as cause:
            kind = next((to for of, to in _KINDS if isinstance(cause, of)), Unavailable)
            raise kind(
                self._service, operation, redact(str(cause) or repr(cause))
            ) from cause


_KINDS = (
    (LoginRefused, AuthenticationError),
    (ProbableAuthenticationError, AuthenticationError),
    (ChannelAccessRefused, PermissionDenied),
    (ChannelNotFoundEntity, NotFound),
    (ChannelPreconditionFailed, Conflict),
    (DeliveryError, Unavailable),
)


def _arguments(queue: Queue) -> dict[str, str | int]:
    arguments: dict[str, str | int] = {"x-queue-type": queue.type}
    if queue.ttl_seconds is not None:
        arguments["x-message-ttl"] = round(queue.ttl_seconds * 1000)
    if queue.dead_letter_queue is not None:
        arguments["x-dead-letter-exchange"] = ""
        arguments["x-dead-letter-routing-key"] = queue.dead_letter_queue
        if queue.type == "quorum":
            arguments["x-dead-letter-strategy"] = "at-least-once"
            arguments["x-overflow"] = "reject-publish"
            arguments["x-delivery-limit"] = DELIVERY_LIMIT
    return arguments


def _message(incoming: AbstractIncomingMessage) -> Message:
    return Message(
        incoming.body,
        id=incoming.message_id or "",
        type=incoming.type or "",
        correlation_id=incoming.correlation_id or "",
        content_type=incoming.content_type or "application/json",
        headers={
            name: value
            for name, value in incoming.headers.items()
            if value is None or isinstance(value, str | int | float | bool)
        },
    )
