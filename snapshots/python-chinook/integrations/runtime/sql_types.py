"""Column types that mean the same on every database this project runs on."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ARRAY, JSON, Dialect, Text, cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import DateTime, TypeDecorator, UserDefinedType

Json: TypeAlias = (
    dict[str, "Json | None"] | list["Json | None"] | str | int | float | bool
)
"""What a JSON column holds. None is SQL's NULL; JSON's `null` also reads as None."""


def json_type() -> JSON:
    """Return the type of a JSON column: `jsonb` on PostgreSQL."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Moment(TypeDecorator[dt.datetime]):
    """A point in time, always with a time zone; SQLite keeps it in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Refuse a time without a zone: the server would guess one."""
        if value is None or value.tzinfo is None:
            if value is not None:
                raise ValueError("a time zone is needed, such as datetime.UTC")
            return None
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Add the zone that SQLite does not keep."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


class TextForm(UserDefinedType[str]):
    """A type of PostgreSQL's own, read and written as its text: an enum, `inet`, …"""

    cache_ok = True

    def __init__(self, name: str) -> None:
        """Name the type as SQL does, quoted and with its schema where it needs them."""
        self.name = name

    def get_col_spec(self, **_options: object) -> str:
        """Return the name."""
        return self.name

    def bind_expression(self, bindvalue: BindParameter[str]) -> ColumnElement[str]:
        """Write text, and let the server read it."""
        return cast(cast(bindvalue, Text), self)

    def column_expression(self, colexpr: ColumnElement[str]) -> ColumnElement[str]:
        """Read what the server shows."""
        return cast(colexpr, Text)


def text_form(name: str) -> TextForm:
    """Return the type `name`; SQLite, which has no such types, keeps text."""
    return TextForm(name).with_variant(Text(), "sqlite")


class TextArray(UserDefinedType[Sequence[str]]):
    """An array of a type that is read and written as text."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        """Name the type of the items as SQL does."""
        self.name = name

    def get_col_spec(self, **_options: object) -> str:
        """Return the name."""
        return f"{self.name}[]"

    def bind_expression(
        self, bindvalue: BindParameter[Sequence[str]]
    ) -> ColumnElement[Sequence[str]]:
        """Write an array of texts, and let the server read them."""
        return cast(cast(bindvalue, ARRAY(Text)), self)

    def column_expression(
        self, colexpr: ColumnElement[Sequence[str]]
    ) -> ColumnElement[Sequence[str]]:
        """Read the texts that the server shows."""
        return cast(colexpr, ARRAY(Text))


def text_array(name: str) -> TextArray:
    """Return an array of the type `name`; SQLite keeps it as JSON."""
    return TextArray(name).with_variant(JSON(), "sqlite")
