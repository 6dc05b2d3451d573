"""Messages of Orders, version 1.2.0.

Written by integrate from asyncapi.yaml. A class that ends in `Input` is a dict to send,
the others are what is received.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NotRequired, TypedDict
from uuid import UUID

from pydantic import Field, TypeAdapter

from integrations.runtime.broker_messages import IncomingType, OutgoingType
from integrations.runtime.models import Model

EventHeadersInput = TypedDict(
    "EventHeadersInput", {"tenant": "str", "schema-version": "NotRequired[int]"}
)
"""Headers of `OrderCreated` and `OrderCancelled`."""


class PaymentHeaders(Model):
    """Headers of `PaymentCaptured` and `PaymentFailed`."""

    provider: str
    x_request_id: str | None = Field(default=None, alias="x-request-id")


class OrderInput(TypedDict):
    """Payload of `OrderCreated`."""

    id: UUID
    customerId: str
    currency: str
    """Three-letter ISO 4217 code."""

    placedAt: datetime
    lines: Sequence[OrderLineInput]
    channel: NotRequired[Literal["web", "app", "shop"] | str]
    """Where the order was placed."""

    metadata: NotRequired[Mapping[str, str]]


class OrderLineInput(TypedDict):
    """The type `OrderLine`."""

    sku: str
    quantity: int
    unitPriceCents: int


class OrderCancelledInput(TypedDict):
    """Payload of `OrderCancelled`."""

    orderId: UUID
    reason: CancelReason
    cancelledAt: datetime
    note: NotRequired[str | None]
    """What the customer said; null when asked and not answered."""


class ReserveStockInput(TypedDict):
    """Payload of `ReserveStock`."""

    orderId: UUID
    lines: Sequence[OrderLineInput]
    holdUntil: NotRequired[datetime]
    """When the goods may be given to somebody else."""


class PaymentCaptured(Model):
    """Payload of `PaymentCaptured`."""

    order_id: UUID = Field(alias="orderId")
    payment_id: str = Field(alias="paymentId")
    amount_cents: int = Field(alias="amountCents")
    method: PaymentMethod


class PaymentFailed(Model):
    """Payload of `PaymentFailed`."""

    order_id: UUID = Field(alias="orderId")
    code: str
    """The provider's own code, such as `insufficient_funds`."""

    retryable: bool | None = None


CancelReason = Literal["customer", "fraud", "out_of_stock"] | str
"""The type `CancelReason`."""

PaymentMethod = Literal["card", "transfer", "wallet"] | str
"""The type `PaymentMethod`."""

ORDER_CREATED = OutgoingType[OrderInput, EventHeadersInput]("OrderCreated")
ORDER_CANCELLED = OutgoingType[OrderCancelledInput, EventHeadersInput]("OrderCancelled")
RESERVE_STOCK = OutgoingType[ReserveStockInput, None]("ReserveStock")
PAYMENT_CAPTURED = IncomingType(
    "PaymentCaptured",
    TypeAdapter[PaymentCaptured](PaymentCaptured),
    TypeAdapter[PaymentHeaders](PaymentHeaders),
)
PAYMENT_FAILED = IncomingType(
    "PaymentFailed",
    TypeAdapter[PaymentFailed](PaymentFailed),
    TypeAdapter[PaymentHeaders](PaymentHeaders),
)
