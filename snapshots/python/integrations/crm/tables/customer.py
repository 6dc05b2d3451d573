"""Table `customer`: its rows, and what can be done with them."""

import datetime as dt
from collections.abc import Iterator
from typing import NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integrations.crm.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where
from integrations.runtime.sql_types import Moment


class Customer(Base):
    """A row of `customer`."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(
        sa.BigInteger(), primary_key=True, server_default=sa.FetchedValue()
    )
    name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str | None] = mapped_column(sa.Text())
    created_at: Mapped[dt.datetime] = mapped_column(Moment())


class NewCustomer(TypedDict):
    """The columns of a new row."""

    id: NotRequired[int]
    name: str
    email: NotRequired[str | None]
    created_at: dt.datetime


class CustomerChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    name: str
    email: str | None
    created_at: dt.datetime


class CustomerRepository:
    """Reads and writes `customer`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "customer", Customer)

    def get(self, id_: int, /, *, load: Load = ()) -> Customer:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((id_,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Customer]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewCustomer]) -> Customer:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewCustomer]) -> Customer:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(self, id_: int, /, **changes: Unpack[CustomerChanges]) -> Customer:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((id_,), changes)

    def delete(self, id_: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((id_,))
