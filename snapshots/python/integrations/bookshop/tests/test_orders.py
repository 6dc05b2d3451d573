"""What each operation of `orders` sends, and what it reads of the examples."""

from __future__ import annotations

from integrations.bookshop import AsyncBookshop, Bookshop
from integrations.runtime.http_testing import FakeService

Service = FakeService[Bookshop, AsyncBookshop]


def test_create(service: Service) -> None:
    service.example(202, "Order")
    reply = service.both(
        lambda bookshop: bookshop.orders.create(lines=[{"isbn": "text", "copies": 1}])
    )
    assert service.sent == ["POST /orders"]
    assert reply.id == 1


def test_get(service: Service) -> None:
    service.example(200, "Order")
    reply = service.both(lambda bookshop: bookshop.orders.get(1))
    assert service.sent == ["GET /orders/1"]
    assert reply.id == 1
