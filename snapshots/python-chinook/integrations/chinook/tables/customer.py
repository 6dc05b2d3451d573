"""Table `customer`: its rows, and what can be done with them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where

if TYPE_CHECKING:
    from integrations.chinook.tables.employee import Employee


class Customer(Base):
    """A row of `customer`."""

    __tablename__ = "customer"

    customer_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    first_name: Mapped[str] = mapped_column(sa.String(40))
    last_name: Mapped[str] = mapped_column(sa.String(20))
    company: Mapped[str | None] = mapped_column(sa.String(80))
    address: Mapped[str | None] = mapped_column(sa.String(70))
    city: Mapped[str | None] = mapped_column(sa.String(40))
    state: Mapped[str | None] = mapped_column(sa.String(40))
    country: Mapped[str | None] = mapped_column(sa.String(40))
    postal_code: Mapped[str | None] = mapped_column(sa.String(10))
    phone: Mapped[str | None] = mapped_column(sa.String(24))
    fax: Mapped[str | None] = mapped_column(sa.String(24))
    email: Mapped[str] = mapped_column(sa.String(60))
    support_rep_id: Mapped[int | None] = mapped_column(
        sa.Integer(), sa.ForeignKey("employee.employee_id")
    )

    support_rep: Mapped["Employee | None"] = relationship(
        foreign_keys=[support_rep_id], lazy="raise", viewonly=True
    )


class NewCustomer(TypedDict):
    """The columns of a new row."""

    customer_id: int
    first_name: str
    last_name: str
    company: NotRequired[str | None]
    address: NotRequired[str | None]
    city: NotRequired[str | None]
    state: NotRequired[str | None]
    country: NotRequired[str | None]
    postal_code: NotRequired[str | None]
    phone: NotRequired[str | None]
    fax: NotRequired[str | None]
    email: str
    support_rep_id: NotRequired[int | None]


class CustomerChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    first_name: str
    last_name: str
    company: str | None
    address: str | None
    city: str | None
    state: str | None
    country: str | None
    postal_code: str | None
    phone: str | None
    fax: str | None
    email: str
    support_rep_id: int | None


class CustomerRepository:
    """Reads and writes `customer`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "customer", Customer)

    def get(self, customer_id: int, /, *, load: Load = ()) -> Customer:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((customer_id,), load)

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

    def update(
        self, customer_id: int, /, **changes: Unpack[CustomerChanges]
    ) -> Customer:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((customer_id,), changes)

    def delete(self, customer_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((customer_id,))
