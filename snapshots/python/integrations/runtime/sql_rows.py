"""The operations on the rows of one table, found by its primary key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    Tuple,
    delete,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.interfaces import ORMOption

from integrations.runtime.errors import (
    IntegrationError,
    InvalidRequest,
    NotFound,
    UnexpectedResponse,
)
from integrations.runtime.sql import Scope

M = TypeVar("M", bound=DeclarativeBase)
T = TypeVar("T")

Key = tuple[object, ...]

Column: TypeAlias = ColumnElement[Any]

Where = ColumnElement[bool]
"""A condition such as `Album.title == "x"`; its values are always bound."""

Load = Sequence[ORMOption]
"""What to read along, such as `[joinedload(Album.artist)]`."""

PAGE_SIZE = 500


class Rows(Generic[M]):
    """What can be done with the rows of `model`; each method is one statement."""

    def __init__(self, scope: Scope, name: str, model: type[M]) -> None:
        """Work in `scope`, reporting operations as `<name>.get` and so on."""
        self._scope = scope
        self._name = name
        self._model = model
        self._columns, self._key, self._by_key = _shape(model)

    def get(self, key: Key, load: Load = ()) -> M:
        """Return the row with this primary key, or raise `NotFound`."""
        return self._found(
            "get",
            key,
            lambda session: session.get(self._model, key, options=load),
            reads=True,
        )

    def list(
        self, where: Sequence[Where], load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[M]:
        """Yield rows in primary key order, each page starting after the last key."""
        if page_size < 1:
            raise self._invalid("list", "page_size must be at least 1")
        query = select(self._model).where(*where).order_by(*self._key)
        query = query.options(*load).limit(page_size)
        rows = self._page(query)
        yield from rows
        while len(rows) == page_size:
            last = tuple(self._model.__mapper__.primary_key_from_instance(rows[-1]))
            if None in last:
                raise self._keyless("list", UnexpectedResponse)
            rows = self._page(query.where(self._by_key > last))
            yield from rows

    def insert(self, values: Mapping[str, object]) -> M:
        """Insert one row and return it as stored."""
        self._check("insert", values)
        statement = insert(self._model).values(values).returning(self._model)

        def work(session: Session) -> M:
            row = session.scalars(statement).first()
            if not row:
                raise self._keyless("insert", InvalidRequest)
            return row

        return self._scope.run(f"{self._name}.insert", work, reads=False)

    def upsert(self, values: Mapping[str, object]) -> M:
        """Insert one row, or set the given columns of the one with its primary key."""
        self._check("upsert", values)
        columns: dict[ColumnElement[object], object] = {
            self._columns[name]: value for name, value in values.items()
        }
        if missing := [c.name for c in self._key if c not in columns]:
            raise self._invalid("upsert", f"the key lacks {', '.join(missing)}")
        if any(columns[c] is None for c in self._key):
            raise self._keyless("upsert", InvalidRequest)

        def work(session: Session) -> M:
            statement = _insert_into(session, self._model).values(values)
            excluded = statement.excluded
            changes: dict[ColumnElement[object], ColumnElement[object]] = {
                c: excluded[c.name] for c in columns if c not in self._key
            }
            if not changes:
                session.execute(statement.on_conflict_do_nothing())
                return session.get_one(self._model, [columns[c] for c in self._key])
            statement = statement.on_conflict_do_update(
                index_elements=self._key, set_=changes
            )
            rows = session.scalars(
                statement.returning(self._model),
                execution_options={"populate_existing": True},
            )
            return rows.one()

        return self._scope.run(f"{self._name}.upsert", work, reads=False)

    def update(self, key: Key, changes: Mapping[str, object]) -> M:
        """Set the given columns of one row, or raise `NotFound`."""
        self._check("update", changes)
        if not changes:
            return self.get(key)
        statement = update(self._model).where(self._by_key == key).values(changes)
        returning = statement.returning(self._model)
        return self._found(
            "update", key, lambda session: session.scalars(returning).one_or_none()
        )

    def delete(self, key: Key) -> None:
        """Delete one row, or raise `NotFound`."""
        statement = delete(self._model).where(self._by_key == key)
        returning = statement.returning(*self._key)
        self._found(
            "delete", key, lambda session: session.execute(returning).one_or_none()
        )

    def _page(self, query: Select[M]) -> Sequence[M]:
        rows = self._scope.run(
            f"{self._name}.list",
            lambda session: session.scalars(query).all(),
            reads=True,
        )
        if not all(rows):
            raise self._keyless("list", UnexpectedResponse)
        return rows

    def _keyless(self, verb: str, kind: type[IntegrationError]) -> IntegrationError:
        """Say what SQLite allows: nothing finds such a row, and none comes after it."""
        names = ", ".join(column.name for column in self._key)
        reason = f"a row has NULL in its primary key ({names})"
        return kind(self._scope.service, f"{self._name}.{verb}", reason)

    def _found(
        self,
        verb: str,
        key: Key,
        work: Callable[[Session], T | None],
        *,
        reads: bool = False,
    ) -> T:
        """Run `work`; raise `NotFound` inside its transaction when it finds none."""
        operation = f"{self._name}.{verb}"

        def found(session: Session) -> T:
            value = work(session)
            if value is None:
                reason = f"no row has the primary key {key!r}"
                raise NotFound(self._scope.service, operation, reason)
            return value

        return self._scope.run(operation, found, reads=reads)

    def _check(self, verb: str, values: Mapping[str, object]) -> None:
        """Refuse names that are no columns, where no type checker was run."""
        if unknown := sorted(values.keys() - self._columns.keys()):
            raise self._invalid(verb, f"no such column: {', '.join(unknown)}")

    def _invalid(self, verb: str, reason: str) -> InvalidRequest:
        return InvalidRequest(self._scope.service, f"{self._name}.{verb}", reason)


@cache
def _shape(
    model: type[DeclarativeBase],
) -> tuple[dict[str, Column], tuple[Column, ...], Tuple]:
    """Return the columns by attribute, and those of the key: apart, and as one."""
    mapper = model.__mapper__
    columns: dict[str, Column] = {p.key: p.columns[0] for p in mapper.column_attrs}
    return columns, mapper.primary_key, tuple_(*mapper.primary_key)


def _insert_into(
    session: Session, model: type[DeclarativeBase]
) -> postgresql.Insert | sqlite.Insert:
    """Return an `INSERT` that knows this database's `ON CONFLICT`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)
