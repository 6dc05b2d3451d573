"""Column types that mean the same on every database this project runs on."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, TypeAlias, TypeGuard

from sqlalchemy import (
    ARRAY,
    JSON,
    REAL,
    Boolean,
    Dialect,
    LargeBinary,
    Numeric,
    Text,
    cast,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import DateTime, Time, TypeDecorator, TypeEngine, UserDefinedType

Convert = Callable[[Any], Any]

Json: TypeAlias = (
    dict[str, "Json | None"] | list["Json | None"] | str | int | float | bool
)
"""What a JSON column holds; JSON's own `null` is None, as SQL's NULL is."""


def json_type(*, none_as_null: bool = True) -> JSON:
    """Return the type of a JSON column: `jsonb` on PostgreSQL.

    None is written as SQL's NULL, or as JSON's `null` where a column takes no NULL.
    """
    of = JSON(none_as_null=none_as_null)
    return of.with_variant(JSONB(none_as_null=none_as_null), "postgresql")


class Processor(Protocol):
    """What SQLAlchemy converts values with."""

    def __call__(self, value: Any) -> Any:
        """Convert one."""
        ...


def decimal_type(
    precision: int | None = None, scale: int | None = None
) -> Numeric[Decimal]:
    """Return the type of a decimal number, which is exact."""
    of = Numeric(precision, scale)
    return of.with_variant(SqliteDecimal(precision, scale), "sqlite")


class SqliteDecimal(UserDefinedType[Decimal]):
    """A decimal number in 64 bits, as SQLite keeps it; what does not fit is refused."""

    cache_ok = True

    def __init__(self, precision: int | None, scale: int | None) -> None:
        """Give the size that the column is declared with."""
        self.precision = precision
        self.scale = scale

    def get_col_spec(self, **_options: object) -> str:
        """Return the type as it is declared."""
        if self.precision is None:
            return "NUMERIC"
        return f"NUMERIC({self.precision}, {self.scale})"

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Write the number itself, so that it compares and sorts as one."""
        return _number

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Read all digits, and the zeros behind them that SQLite leaves out."""

        def decimal(value: float | str | None) -> Decimal | None:
            if value is None:
                return None
            try:
                exact = Decimal(str(value))
            except InvalidOperation:
                raise ValueError("a column of numbers holds a text") from None
            text = f"{exact:.{self.scale or 0}f}"
            return same if (same := Decimal(text)) == exact else exact

        return decimal


def _number(value: Decimal | float | None) -> float | None:
    if value is None:
        return None
    exact = Decimal(str(value))
    if exact.is_finite() and abs(exact) < 2**63 and exact == int(exact):
        return int(exact)
    near = float(exact)
    if not exact.is_finite() or Decimal(repr(near)) != exact:
        raise ValueError("SQLite keeps 15 digits of a number: this has more, or no end")
    return near


class Truth(Boolean):
    """A boolean; SQLite, which has none, keeps 0 and 1, and whatever else it is given."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor | None:
        """Read nothing else as true."""
        return None if dialect.supports_native_boolean else _truth


def _truth(value: object) -> bool | None:
    if value is None:
        return None
    if value not in (0, 1):
        raise ValueError("a column of booleans holds neither 0 nor 1")
    return bool(value)


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


class LocalMoment(TypeDecorator[dt.datetime]):
    """What a calendar and a clock show; nobody says in which time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Refuse a time with a zone: the server would drop it, or move the time."""
        if value is not None and value.tzinfo is not None:
            raise ValueError(
                "no time zone is kept: take it off with replace(tzinfo=None)"
            )
        return value


class LocalTime(TypeDecorator[dt.time]):
    """What a clock shows; nobody says in which time zone."""

    impl = Time
    cache_ok = True

    def process_bind_param(
        self, value: dt.time | None, dialect: Dialect
    ) -> dt.time | None:
        """Refuse a time with a zone: it would be dropped."""
        if value is not None and value.tzinfo is not None:
            raise ValueError(
                "no time zone is kept: take it off with replace(tzinfo=None)"
            )
        return value


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
