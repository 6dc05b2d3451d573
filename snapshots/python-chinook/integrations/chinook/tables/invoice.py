"""Table `invoice`: its rows, and what can be done with them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where

if TYPE_CHECKING:
    from integrations.chinook.tables.customer import Customer


class Invoice(Base):
    """A row of `invoice`."""

    __tablename__ = "invoice"

    invoice_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    customer_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("customer.customer_id")
    )
    invoice_date: Mapped[dt.datetime] = mapped_column(sa.DateTime())
    billing_address: Mapped[str | None] = mapped_column(sa.String(70))
    billing_city: Mapped[str | None] = mapped_column(sa.String(40))
    billing_state: Mapped[str | None] = mapped_column(sa.String(40))
    billing_country: Mapped[str | None] = mapped_column(sa.String(40))
    billing_postal_code: Mapped[str | None] = mapped_column(sa.String(10))
    total: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))

    customer: Mapped["Customer"] = relationship(
        foreign_keys=[customer_id], lazy="raise", viewonly=True
    )


class NewInvoice(TypedDict):
    """The columns of a new row."""

    invoice_id: int
    customer_id: int
    invoice_date: dt.datetime
    billing_address: NotRequired[str | None]
    billing_city: NotRequired[str | None]
    billing_state: NotRequired[str | None]
    billing_country: NotRequired[str | None]
    billing_postal_code: NotRequired[str | None]
    total: Decimal


class InvoiceChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    customer_id: int
    invoice_date: dt.datetime
    billing_address: str | None
    billing_city: str | None
    billing_state: str | None
    billing_country: str | None
    billing_postal_code: str | None
    total: Decimal


class InvoiceRepository:
    """Reads and writes `invoice`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "invoice", Invoice)

    def get(self, invoice_id: int, /, *, load: Load = ()) -> Invoice:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((invoice_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Invoice]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewInvoice]) -> Invoice:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewInvoice]) -> Invoice:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(self, invoice_id: int, /, **changes: Unpack[InvoiceChanges]) -> Invoice:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((invoice_id,), changes)

    def delete(self, invoice_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((invoice_id,))
