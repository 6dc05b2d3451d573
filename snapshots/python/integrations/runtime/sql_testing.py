"""An SQLite file that stands in for the server in tests."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import pytest
from sqlalchemy import BigInteger, Column, FromClause, Integer, MetaData, Table, text
from sqlalchemy.orm import Session

from integrations.runtime.errors import (
    Conflict,
    IntegrationError,
    InvalidRequest,
    PermissionDenied,
)
from integrations.runtime.secrets import Secret
from integrations.runtime.sql_engine import SqlOptions, open_engine

DEFER = "SET CONSTRAINTS ALL DEFERRED"


def create_table(file: Path, source: FromClause) -> str:
    """Create one table in `file` and return its URL.

    It can be tested alone: it has no foreign keys, and columns that the server fills
    may be null.
    """
    if not _is_table(source):
        raise TypeError(f"{source} is no table")
    url = f"sqlite:///{file}"
    if source.schema:
        Path(f"{file}.{source.schema}").touch()
    target = MetaData()
    columns = [_column(column) for column in source.columns]
    Table(source.name, target, *columns, schema=source.schema)
    schemas = [source.schema] if source.schema else []
    engine = open_engine("tests", SqlOptions(url=Secret(url)), schemas)
    target.create_all(engine)
    engine.dispose()
    return url


def _is_table(source: FromClause) -> TypeGuard[Table[Any]]:
    return isinstance(source, Table)


def _column(source: Column[Any]) -> Column[Any]:
    is_wide_key = source.primary_key and isinstance(source.type, BigInteger)
    is_filled = source.server_default is not None and not source.primary_key
    return Column(
        source.name,
        Integer() if is_wide_key else source.type,
        primary_key=source.primary_key,
        nullable=source.nullable or is_filled,
    )


T = TypeVar("T")


def inserted(session: Session, insert: Callable[[], T]) -> T:
    """Insert the first row of a table; what it refers to need not be there.

    The test is skipped where the database takes no such row: foreign keys that are not
    `DEFERRABLE`, checks, triggers.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    defer = "PRAGMA defer_foreign_keys = ON" if is_sqlite else DEFER
    session.execute(text(defer))
    try:
        return insert()
    except (Conflict, InvalidRequest, PermissionDenied) as error:
        pytest.skip(f"the table is empty and does not take a made-up row: {error}")


@contextmanager
def rolled_back(session: Session, *allowed: type[IntegrationError]) -> Generator[None]:
    """Undo what the block does, and let it fail as `allowed` says."""
    savepoint = session.begin_nested()
    try:
        with suppress(*allowed):
            yield
    finally:
        savepoint.rollback()
