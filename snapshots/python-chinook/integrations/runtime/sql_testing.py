"""An SQLite file that stands in for the server in tests."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table
from sqlalchemy.orm import Session

from integrations.runtime.errors import IntegrationError
from integrations.runtime.secrets import Secret
from integrations.runtime.sql_engine import SqlOptions, open_engine


def create_tables(file: Path, *sources: MetaData) -> str:
    """Create the tables of `sources` in `file` and return its URL.

    Each can be tested alone: there are no foreign keys, and columns that the server
    fills may be null. Of names that differ by case only, the first is kept.
    """
    target = MetaData()
    for table in (t for source in sources for t in source.tables.values()):
        if table.key.lower() not in {key.lower() for key in target.tables}:
            columns = [_column(column) for column in table.columns]
            Table(table.name, target, *columns, schema=table.schema)
    url = f"sqlite:///{file}"
    schemas = {table.schema for table in target.tables.values() if table.schema}
    engine = open_engine("tests", SqlOptions(url=Secret(url)), sorted(schemas))
    target.create_all(engine)
    engine.dispose()
    return url


def _column(source: Column[Any]) -> Column[Any]:
    is_wide_key = source.primary_key and isinstance(source.type, BigInteger)
    is_filled = source.server_default is not None and not source.primary_key
    return Column(
        source.name,
        Integer() if is_wide_key else source.type,
        primary_key=source.primary_key,
        nullable=source.nullable or is_filled,
    )


@contextmanager
def rolled_back(session: Session, *allowed: type[IntegrationError]) -> Generator[None]:
    """Undo what the block does, and let it fail as `allowed` says."""
    savepoint = session.begin_nested()
    try:
        with suppress(*allowed):
            yield
    finally:
        savepoint.rollback()
