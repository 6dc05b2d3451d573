"""Table `invoice_line`: its rows, and what can be done with them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where

if TYPE_CHECKING:
    from integrations.chinook.tables.invoice import Invoice
    from integrations.chinook.tables.track import Track


class InvoiceLine(Base):
    """A row of `invoice_line`."""

    __tablename__ = "invoice_line"

    invoice_line_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    invoice_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("invoice.invoice_id")
    )
    track_id: Mapped[int] = mapped_column(sa.Integer(), sa.ForeignKey("track.track_id"))
    unit_price: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))
    quantity: Mapped[int] = mapped_column(sa.Integer())

    invoice: Mapped["Invoice"] = relationship(
        foreign_keys=[invoice_id], lazy="raise", viewonly=True
    )
    track: Mapped["Track"] = relationship(
        foreign_keys=[track_id], lazy="raise", viewonly=True
    )


class NewInvoiceLine(TypedDict):
    """The columns of a new row."""

    invoice_line_id: int
    invoice_id: int
    track_id: int
    unit_price: Decimal
    quantity: int


class InvoiceLineChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    invoice_id: int
    track_id: int
    unit_price: Decimal
    quantity: int


class InvoiceLineRepository:
    """Reads and writes `invoice_line`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "invoice_line", InvoiceLine)

    def get(self, invoice_line_id: int, /, *, load: Load = ()) -> InvoiceLine:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((invoice_line_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[InvoiceLine]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewInvoiceLine]) -> InvoiceLine:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewInvoiceLine]) -> InvoiceLine:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(
        self, invoice_line_id: int, /, **changes: Unpack[InvoiceLineChanges]
    ) -> InvoiceLine:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((invoice_line_id,), changes)

    def delete(self, invoice_line_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((invoice_line_id,))
