"""The connection to RabbitMQ: one, whoever opens it, and none when it fails."""

from __future__ import annotations

import asyncio

import aio_pika
import pytest

from integrations.runtime.broker_rabbitmq import RabbitTransport
from integrations.runtime.errors import Unavailable
from integrations.runtime.secrets import Secret


class Connection:
    """In place of a connection; its channels fail when told so."""

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails
        self.closed = False

    async def channel(self, **_: object) -> object:
        if self.fails:
            raise ConnectionResetError("no channel")
        return object()

    async def close(self) -> None:
        self.closed = True


class Broker:
    """Counts connections."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> None:
        self.connections: list[Connection] = []
        self.fails = fails
        monkeypatch.setattr(aio_pika, "connect_robust", self.connect)
        self.transport = RabbitTransport("shop", Secret("amqp://broker"))

    async def connect(self, *_: object, **__: object) -> Connection:
        await asyncio.sleep(0)
        self.connections.append(Connection(fails=self.fails))
        return self.connections[-1]


def test_opening_at_once_opens_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(monkeypatch)

    async def main() -> None:
        await asyncio.gather(broker.transport.open(), broker.transport.open())
        await broker.transport.close()
        assert [each.closed for each in broker.connections] == [False]
        await broker.transport.close()

    asyncio.run(main())
    assert [each.closed for each in broker.connections] == [True]


def test_a_connection_without_channel_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(monkeypatch, fails=True)
    with pytest.raises(Unavailable):
        asyncio.run(broker.transport.open())
    assert [each.closed for each in broker.connections] == [True]
