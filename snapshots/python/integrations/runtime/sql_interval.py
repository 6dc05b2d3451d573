"""Lengths of time as PostgreSQL keeps them: months, days and microseconds apart."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Protocol, Self

from psycopg import DataError
from psycopg.adapt import AdaptersMap, Buffer, Dumper, Loader
from psycopg.postgres import types
from sqlalchemy import Dialect, Text
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.types import TypeDecorator, TypeEngine

SHOWN = re.compile(
    r"(?:([-+]?\d+) years? ?)?(?:([-+]?\d+) mons? ?)?(?:([-+]?\d+) days? ?)?"
    r"(?:([-+]?)(\d+):(\d+):(\d+)(?:\.(\d{1,6}))?)?"
)
"""What PostgreSQL shows, such as `1 year 2 mons -3 days 04:05:06.7`."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A length of time; a month has no fixed number of days, nor a day of hours."""

    months: int = 0
    days: int = 0
    microseconds: int = 0

    @classmethod
    def of(cls, length: dt.timedelta) -> Self:
        """Return the same length, in days and microseconds."""
        rest = length - dt.timedelta(days=length.days)
        return cls(days=length.days, microseconds=rest // dt.timedelta(microseconds=1))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what PostgreSQL shows."""
        found = SHOWN.fullmatch(text)
        if not text or not found:
            raise ValueError("an interval that has no end, or is shown in another way")
        years, months, days, sign, *clock, fraction = found.groups(default="")
        hours, minutes, seconds = (int(part or 0) for part in clock)
        whole = (hours * 60 + minutes) * 60 + seconds
        micros = whole * 1_000_000 + int(fraction.ljust(6, "0"))
        return cls(
            months=int(years or 0) * 12 + int(months or 0),
            days=int(days or 0),
            microseconds=-micros if sign == "-" else micros,
        )

    def timedelta(self) -> dt.timedelta:
        """Return the length in days of 24 hours; raises `ValueError` for months."""
        if self.months:
            raise ValueError("months have no fixed length")
        return dt.timedelta(days=self.days, microseconds=self.microseconds)

    def __str__(self) -> str:
        """Return what PostgreSQL, and `parse`, can read."""
        seconds, micros = divmod(abs(self.microseconds), 1_000_000)
        sign = "-" if self.microseconds < 0 else ""
        clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return f"{self.months} mons {self.days} days {sign}{clock}.{micros:06}"


class IntervalColumn(TypeDecorator[Interval]):
    """A column of intervals; SQLite keeps their text. A `timedelta` is taken, too."""

    impl = INTERVAL
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type the database has."""
        of = Text() if dialect.name == "sqlite" else INTERVAL()
        return dialect.type_descriptor(of)

    def process_bind_param(self, value: object, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        if isinstance(value, dt.timedelta):
            value = Interval.of(value)
        is_text = value is not None and dialect.name == "sqlite"
        return str(value) if is_text else value

    def process_result_value(
        self, value: str | Interval | None, dialect: Dialect
    ) -> Interval | None:
        """Read SQLite's text; the driver has read what PostgreSQL sent."""
        return Interval.parse(value) if isinstance(value, str) else value


class Adapts(Protocol):
    """A connection of psycopg."""

    @property
    def adapters(self) -> AdaptersMap:
        """How values are written and read."""
        ...


def adapt_intervals(connection: Adapts, _record: object) -> None:
    """Let a new connection read and write `Interval`: psycopg makes 30 days of a month."""
    connection.adapters.register_loader("interval", _Loader)
    connection.adapters.register_dumper(Interval, _Dumper)


class _Loader(Loader):
    def load(self, data: Buffer) -> Interval:
        try:
            return Interval.parse(bytes(data).decode())
        except ValueError as error:
            raise DataError(str(error)) from None


class _Dumper(Dumper):
    oid = types["interval"].oid

    def dump(self, obj: Interval) -> Buffer:
        return str(obj).encode()
