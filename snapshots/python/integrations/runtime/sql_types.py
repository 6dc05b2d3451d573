"""Column types that mean the same on every database this project runs on."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeGuard

from sqlalchemy import ARRAY, JSON, REAL, Dialect, LargeBinary, Text, cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine, UserDefinedType

Json: TypeAlias = (
    dict[str, "Json | None"] | list["Json | None"] | str | int | float | bool
)
"""What a JSON column holds. None is SQL's NULL; JSON's `null` also reads as None."""


def json_type() -> JSON:
    """Return the type of a JSON column: `jsonb` on PostgreSQL."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Anything(UserDefinedType[object]):
    """A column without a type: what is put in comes out."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Return no type."""
        return ""


def array_type(item: TypeEngine[Any], dimensions: int = 1) -> TypeEngine[Any]:
    """Return an array of items; SQLite keeps it as JSON."""
    array: TypeEngine[Any] = ARRAY(item, dimensions=dimensions)
    return array.with_variant(JsonArray(item), "sqlite")


Convert = Callable[[Any], Any]


class JsonArray(TypeDecorator[Any]):
    """An array as JSON, each item as SQLite would keep it in a column of its own."""

    impl = JSON
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        """Keep items of the type `item`."""
        super().__init__()
        self.item = item

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Encode each item, however deep."""
        encode: Convert | None = self.item.dialect_impl(dialect).bind_processor(dialect)
        return _each(value, bytes.hex if isinstance(self.item, LargeBinary) else encode)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Decode each item, however deep."""
        of = self.item.dialect_impl(dialect)
        decode: Convert | None = of.result_processor(dialect, None)
        return _each(
            value, bytes.fromhex if isinstance(self.item, LargeBinary) else decode
        )


def _each(value: Any, convert: Convert | None) -> Any:
    if _is_list(value):
        return [_each(item, convert) for item in value]
    return value if value is None or convert is None else convert(value)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


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


class Real(TypeDecorator[float]):
    """A number of four bytes: values are compared as the column holds them."""

    impl = REAL
    cache_ok = True

    def bind_expression(self, bindparam: BindParameter[float]) -> ColumnElement[float]:
        """Round as the column does."""
        return cast(bindparam, REAL)


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
