"""One example of each message of Orders, and what tests need besides."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import ParamSpec
from uuid import UUID

from pydantic import JsonValue

from integrations.orders import OrdersConfig, messages
from integrations.runtime.broker import HeaderValue
from integrations.runtime.broker_consumer import ConsumerOptions
from integrations.runtime.secrets import Secret

P = ParamSpec("P")

ORDER_CREATED: messages.OrderInput = {
    "id": UUID("123e4567-e89b-42d3-a456-426614174000"),
    "customerId": "text",
    "currency": "text",
    "placedAt": datetime.fromisoformat("2024-01-31T12:00:00+00:00"),
    "lines": [{"sku": "text", "quantity": 1, "unitPriceCents": 1}],
    "channel": "web",
    "metadata": {"key": "text"},
}
ORDER_CREATED_JSON: JsonValue = {
    "id": "123e4567-e89b-42d3-a456-426614174000",
    "customerId": "text",
    "currency": "text",
    "placedAt": "2024-01-31T12:00:00Z",
    "lines": [{"sku": "text", "quantity": 1, "unitPriceCents": 1}],
    "channel": "web",
    "metadata": {"key": "text"},
}
ORDER_CREATED_HEADERS: messages.EventHeadersInput = {"tenant": "acme"}

ORDER_CANCELLED: messages.OrderCancelledInput = {
    "orderId": UUID("123e4567-e89b-42d3-a456-426614174000"),
    "reason": "customer",
    "cancelledAt": datetime.fromisoformat("2024-01-31T12:00:00+00:00"),
    "note": "text",
}
ORDER_CANCELLED_JSON: JsonValue = {
    "orderId": "123e4567-e89b-42d3-a456-426614174000",
    "reason": "customer",
    "cancelledAt": "2024-01-31T12:00:00Z",
    "note": "text",
}
ORDER_CANCELLED_HEADERS: messages.EventHeadersInput = {
    "tenant": "text",
    "schema-version": 1,
}

RESERVE_STOCK: messages.ReserveStockInput = {
    "orderId": UUID("123e4567-e89b-42d3-a456-426614174000"),
    "lines": [{"sku": "text", "quantity": 1, "unitPriceCents": 1}],
    "holdUntil": datetime.fromisoformat("2024-01-31T12:00:00+00:00"),
}
RESERVE_STOCK_JSON: JsonValue = {
    "orderId": "123e4567-e89b-42d3-a456-426614174000",
    "lines": [{"sku": "text", "quantity": 1, "unitPriceCents": 1}],
    "holdUntil": "2024-01-31T12:00:00Z",
}

PAYMENT_CAPTURED_BODY = json.dumps(
    {
        "orderId": "123e4567-e89b-42d3-a456-426614174000",
        "paymentId": "text",
        "amountCents": 1,
        "method": "card",
    }
).encode()
PAYMENT_CAPTURED_HEADERS: dict[str, HeaderValue] = {
    "provider": "text",
    "x-request-id": "text",
}

PAYMENT_FAILED_BODY = json.dumps(
    {
        "orderId": "123e4567-e89b-42d3-a456-426614174000",
        "code": "text",
        "retryable": True,
    }
).encode()
PAYMENT_FAILED_HEADERS: dict[str, HeaderValue] = {
    "provider": "text",
    "x-request-id": "text",
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
