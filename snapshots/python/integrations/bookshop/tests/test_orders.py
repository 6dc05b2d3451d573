"""What each operation of `orders` sends when all is given, and what it reads."""

from __future__ import annotations

from integrations.bookshop import AsyncBookshop, Bookshop
from integrations.runtime.http_testing import FakeService

Service = FakeService[Bookshop, AsyncBookshop]


def test_create(service: Service) -> None:
    service.example(202, "Order")
    reply = service.both(
        lambda bookshop: bookshop.orders.create(
            lines=[{"isbn": "text", "copies": 1}],
            payment={"kind": "card", "last4": "text"},
            metadata={"key": "text"},
        )
    )
    assert service.sent == ["POST /orders"]
    assert service.form == [
        ["lines[0][isbn]", "text"],
        ["lines[0][copies]", "1"],
        ["payment[kind]", "card"],
        ["payment[last4]", "text"],
        ["metadata[key]", "text"],
    ]
    assert reply.id == 1


def test_get(service: Service) -> None:
    service.example(200, "Order")
    reply = service.both(lambda bookshop: bookshop.orders.get(1, x_trace="text"))
    assert service.sent == ["GET /orders/1"]
    assert service.headers["X-Trace"] == "text"
    assert reply.id == 1
