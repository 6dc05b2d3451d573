"""Table `employee`: its rows, and what can be done with them."""

import datetime as dt
from collections.abc import Iterator
from typing import NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where


class Employee(Base):
    """A row of `employee`."""

    __tablename__ = "employee"

    employee_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    last_name: Mapped[str] = mapped_column(sa.String(20))
    first_name: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str | None] = mapped_column(sa.String(30))
    reports_to: Mapped[int | None] = mapped_column(
        sa.Integer(), sa.ForeignKey("employee.employee_id")
    )
    birth_date: Mapped[dt.datetime | None] = mapped_column(sa.DateTime())
    hire_date: Mapped[dt.datetime | None] = mapped_column(sa.DateTime())
    address: Mapped[str | None] = mapped_column(sa.String(70))
    city: Mapped[str | None] = mapped_column(sa.String(40))
    state: Mapped[str | None] = mapped_column(sa.String(40))
    country: Mapped[str | None] = mapped_column(sa.String(40))
    postal_code: Mapped[str | None] = mapped_column(sa.String(10))
    phone: Mapped[str | None] = mapped_column(sa.String(24))
    fax: Mapped[str | None] = mapped_column(sa.String(24))
    email: Mapped[str | None] = mapped_column(sa.String(60))

    reports_to_employee: Mapped["Employee | None"] = relationship(
        foreign_keys=[reports_to],
        remote_side=[employee_id],
        lazy="raise",
        viewonly=True,
    )


class NewEmployee(TypedDict):
    """The columns of a new row."""

    employee_id: int
    last_name: str
    first_name: str
    title: NotRequired[str | None]
    reports_to: NotRequired[int | None]
    birth_date: NotRequired[dt.datetime | None]
    hire_date: NotRequired[dt.datetime | None]
    address: NotRequired[str | None]
    city: NotRequired[str | None]
    state: NotRequired[str | None]
    country: NotRequired[str | None]
    postal_code: NotRequired[str | None]
    phone: NotRequired[str | None]
    fax: NotRequired[str | None]
    email: NotRequired[str | None]


class EmployeeChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    last_name: str
    first_name: str
    title: str | None
    reports_to: int | None
    birth_date: dt.datetime | None
    hire_date: dt.datetime | None
    address: str | None
    city: str | None
    state: str | None
    country: str | None
    postal_code: str | None
    phone: str | None
    fax: str | None
    email: str | None


class EmployeeRepository:
    """Reads and writes `employee`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "employee", Employee)

    def get(self, employee_id: int, /, *, load: Load = ()) -> Employee:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((employee_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Employee]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewEmployee]) -> Employee:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewEmployee]) -> Employee:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(
        self, employee_id: int, /, **changes: Unpack[EmployeeChanges]
    ) -> Employee:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((employee_id,), changes)

    def delete(self, employee_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((employee_id,))
