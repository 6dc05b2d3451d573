"""The operations on the rows of a view, or of a table without a primary key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Table, insert, select

from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import Where

R = TypeVar("R")


class KeylessRows(Generic[R]):
    """What can be done with rows that nothing tells apart."""

    def __init__(
        self, scope: Scope, name: str, table: Table, row: Callable[..., R]
    ) -> None:
        """Work in `scope`, making a `row` of each row's columns."""
        self._scope = scope
        self._name = name
        self._table = table
        self._row = row

    def list(self, where: Sequence[Where], limit: int | None) -> Sequence[R]:
        """Return the rows, in no order, read by one statement."""
        query = select(self._table).where(*where).limit(limit)
        return self._scope.run(
            f"{self._name}.list",
            lambda session: [self._row(*row) for row in session.execute(query)],
            reads=True,
        )

    def insert(self, values: Mapping[str, object]) -> R:
        """Insert one row and return it as stored."""
        statement = insert(self._table).values(values).returning(*self._table.c)
        return self._scope.run(
            f"{self._name}.insert",
            lambda session: self._row(*session.execute(statement).one()),
            reads=False,
        )
