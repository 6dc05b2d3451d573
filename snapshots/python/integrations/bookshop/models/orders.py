"""Models of the resource `orders` of Bookshop.

Written by integrate from openapi.yaml.
A class that ends in `Input` is a dict to send.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from pydantic import Discriminator, Tag

from integrations.runtime.models import Model, by_tag


class OrdersCreateBodyLineInput(TypedDict):
    """The field `line` of `orders create body`."""

    isbn: str
    copies: int


class Card(Model):
    """The type `Card`."""

    kind: Literal["card"]
    last4: str


class CardInput(TypedDict):
    """The type `Card`."""

    kind: Literal["card"]
    last4: str


class Invoice(Model):
    """The type `Invoice`."""

    kind: Literal["invoice"]
    due_on: date


class InvoiceInput(TypedDict):
    """The type `Invoice`."""

    kind: Literal["invoice"]
    due_on: date


class Order(Model):
    """The type `Order`."""

    id: int
    state: Literal["placed", "paid", "sent"] | str
    placed_at: datetime | None = None
    payment: Payment


Payment = Annotated[
    Annotated[Card, Tag("card")]
    | Annotated[Invoice, Tag("invoice")]
    | Annotated[dict[str, object], Tag("")],
    Discriminator(by_tag("kind", "card", "invoice")),
]
"""Told apart by `kind`; a kind that is new is a dict."""

PaymentInput = CardInput | InvoiceInput
"""The type `Payment`."""
