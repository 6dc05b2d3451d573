"""Table `order`: its rows, and what can be done with them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.crm.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where
from integrations.runtime.sql_types import Moment, decimal_type

if TYPE_CHECKING:
    from integrations.crm.tables.customer import Customer


class Order(Base):
    """A row of `order`."""

    __tablename__ = "order"

    id: Mapped[int] = mapped_column(
        sa.BigInteger(), primary_key=True, server_default=sa.FetchedValue()
    )
    customer_id: Mapped[int] = mapped_column(
        sa.BigInteger(), sa.ForeignKey("customer.id")
    )
    total: Mapped[Decimal] = mapped_column(decimal_type(10, 2))
    placed_at: Mapped[dt.datetime] = mapped_column(Moment())

    customer: Mapped["Customer"] = relationship(
        foreign_keys=[customer_id], lazy="raise", viewonly=True
    )


class NewOrder(TypedDict):
    """The columns of a new row."""

    id: NotRequired[int]
    customer_id: int
    total: Decimal
    placed_at: dt.datetime


class OrderChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    customer_id: int
    total: Decimal
    placed_at: dt.datetime


class OrderRepository:
    """Reads and writes `order`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "order", Order)

    def get(self, id_: int, /, *, load: Load = ()) -> Order:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((id_,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Order]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewOrder]) -> Order:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewOrder]) -> Order:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(self, id_: int, /, **changes: Unpack[OrderChanges]) -> Order:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((id_,), changes)

    def delete(self, id_: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((id_,))
