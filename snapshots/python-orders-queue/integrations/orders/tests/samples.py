"""One example of each message of Orders, and what tests need besides."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import ParamSpec
from uuid import UUID

from integrations.orders import OrdersConfig, messages
from integrations.runtime.broker_consumer import ConsumerOptions
from integrations.runtime.secrets import Secret

P = ParamSpec("P")

ORDER_ID = UUID("6f1a1a52-6a3e-4c2b-9c33-0c2f7f6f9a01")
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

EVENT_HEADERS: messages.EventHeadersInput = {"tenant": "acme"}

ORDER_CREATED: messages.OrderInput = {
    "id": ORDER_ID,
    "customerId": "c-42",
    "currency": "EUR",
    "placedAt": MOMENT,
    "lines": [{"sku": "A-1", "quantity": 2, "unitPriceCents": 1250}],
}
ORDER_CREATED_JSON = {
    **ORDER_CREATED,
    "id": "6f1a1a52-6a3e-4c2b-9c33-0c2f7f6f9a01",
    "placedAt": "2026-11-20T09:30:00Z",
}

ORDER_CANCELLED: messages.OrderCancelledInput = {
    "orderId": ORDER_ID,
    "reason": "customer",
    "cancelledAt": MOMENT,
    "note": None,
}
ORDER_CANCELLED_JSON = {
    **ORDER_CANCELLED,
    "orderId": "6f1a1a52-6a3e-4c2b-9c33-0c2f7f6f9a01",
    "cancelledAt": "2026-11-20T09:30:00Z",
}

RESERVE_STOCK: messages.ReserveStockInput = {
    "orderId": ORDER_ID,
    "lines": [{"sku": "A-1", "quantity": 2, "unitPriceCents": 1250}],
}
RESERVE_STOCK_JSON = {
    **RESERVE_STOCK,
    "orderId": "6f1a1a52-6a3e-4c2b-9c33-0c2f7f6f9a01",
}

PAYMENT_HEADERS_JSON = {"provider": "adyen"}
PAYMENT_CAPTURED_JSON = {
    "orderId": "6f1a1a52-6a3e-4c2b-9c33-0c2f7f6f9a01",
    "paymentId": "p-1",
    "amountCents": 2500,
    "method": "card",
}
PAYMENT_FAILED_JSON = {
    "orderId": "6f1a1a52-6a3e-4c2b-9c33-0c2f7f6f9a01",
    "code": "insufficient_funds",
}


def config(**consumer: float) -> OrdersConfig:
    """Return settings for the broker in memory, with short waits."""
    options = ConsumerOptions(
        prefetch=int(consumer.get("prefetch", 10)),
        retry_delays_seconds=(1.0, 5.0),
        handler_timeout_seconds=consumer.get("handler_timeout_seconds", 5.0),
        shutdown_seconds=consumer.get("shutdown_seconds", 5.0),
    )
    return OrdersConfig(url=Secret("memory:"), consumer=options)


def asynchronous(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run a test in an event loop of its own."""

    @functools.wraps(test)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return wrapper
