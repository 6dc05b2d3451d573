"""Types that SQLite does not have: what is put in comes out."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from integrations.runtime.sql_interval import Interval, IntervalColumn
from integrations.runtime.sql_types import (
    Anything,
    Json,
    LocalMoment,
    LocalTime,
    Moment,
    Truth,
    array_type,
    decimal_type,
    json_type,
    text_array,
    text_form,
)

MOMENT = dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def kept(
    connection: sa.Connection, of: sa.types.TypeEngine[Any], value: object
) -> object:
    """Put a value into a column of a type and return what is read."""
    table = sa.Table("one", sa.MetaData(), sa.Column("value", of))
    table.create(connection)
    connection.execute(sa.insert(table).values(value=value))
    found: object = connection.scalar(sa.select(table.c.value))
    return found


@pytest.mark.parametrize(
    ("item", "values"),
    [
        (sa.Integer(), [1, 2]),
        (decimal_type(10, 2), [Decimal("1.50")]),
        (sa.Date(), [dt.date(2026, 1, 1)]),
        (IntervalColumn(), [Interval(months=1)]),
        (sa.Uuid(), [UUID(int=1)]),
        (sa.LargeBinary(), [b"\x00\xff"]),
        (Moment(), [MOMENT]),
        (sa.Text(), ["a", None]),
        (sa.Date(), [[dt.date(2026, 1, 1)], []]),
    ],
)
def test_an_array_keeps_its_items(
    connection: sa.Connection, item: sa.types.TypeEngine[Any], values: list[object]
) -> None:
    assert kept(connection, array_type(item), values) == values


def test_an_array_may_be_missing(connection: sa.Connection) -> None:
    assert kept(connection, array_type(sa.Date()), None) is None


def test_names_of_another_databases_types_are_text_here(
    connection: sa.Connection,
) -> None:
    assert kept(connection, text_form("mood"), "sad") == "sad"


def test_an_array_of_them_is_a_list_of_text(connection: sa.Connection) -> None:
    assert kept(connection, text_array("mood"), ["sad", ""]) == ["sad", ""]


def test_a_column_without_a_type_keeps_what_it_gets(connection: sa.Connection) -> None:
    assert kept(connection, Anything(), b"a") == b"a"


def test_json_keeps_its_structure(connection: sa.Connection) -> None:
    value: Json = {"a": [1, "b", None]}
    assert kept(connection, json_type(), value) == value


def test_a_moment_is_the_same_everywhere(connection: sa.Connection) -> None:
    assert kept(connection, Moment(), MOMENT) == MOMENT


def test_a_moment_without_a_zone_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(StatementError, match="a time zone is needed"):
        kept(connection, Moment(), dt.datetime(2026, 1, 1))


def test_a_local_time_with_a_zone_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(StatementError, match="no time zone is kept"):
        kept(connection, LocalMoment(), MOMENT)


def test_a_clock_has_no_zone(connection: sa.Connection) -> None:
    assert kept(connection, LocalTime(), dt.time(1, 2)) == dt.time(1, 2)
    aware = sa.literal(dt.time(1, 2, tzinfo=dt.UTC), LocalTime())
    with pytest.raises(StatementError, match="no time zone is kept"):
        connection.execute(sa.select(aware))


def test_a_boolean_is_0_or_1(connection: sa.Connection) -> None:
    truth = sa.column("value", Truth())
    assert kept(connection, array_type(Truth()), [True, False]) == [True, False]
    for stored, read in (("1", True), ("0", False), ("NULL", None)):
        rows = sa.text(f"SELECT {stored} AS value").columns(truth)
        assert connection.scalar(rows) is read
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        connection.scalar(sa.text("SELECT 'f' AS value").columns(truth))


@pytest.mark.parametrize(
    "text",
    [
        "123456789012.89",
        "0.000000000001",
        "0.12345678901",
        "9007199254740993",
        "-1E+30",
        "1E-7",
    ],
)
def test_a_decimal_keeps_its_digits(connection: sa.Connection, text: str) -> None:
    assert kept(connection, decimal_type(), Decimal(text)) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "read"), [("1.5", "1.50"), ("1.505", "1.505"), ("3", "3.00")]
)
def test_a_decimal_has_all_digits_behind_the_point(
    connection: sa.Connection, text: str, read: str
) -> None:
    assert str(kept(connection, decimal_type(10, 2), Decimal(text))) == read


def test_a_text_among_decimals_is_said_to_be_one(connection: sa.Connection) -> None:
    connection.execute(sa.text("CREATE TABLE one (value NUMERIC)"))
    connection.execute(sa.text("INSERT INTO one VALUES ('abc')"))
    with pytest.raises(ValueError, match="a column of numbers holds a text"):
        connection.scalar(
            sa.select(sa.column("value", decimal_type())).select_from(sa.table("one"))
        )


@pytest.mark.parametrize("text", ["12345678901234567.89", "1E+400", "NaN", "Infinity"])
def test_a_decimal_that_would_lose_digits_is_refused(
    connection: sa.Connection, text: str
) -> None:
    with pytest.raises(StatementError, match="SQLite keeps 15 digits"):
        kept(connection, decimal_type(), Decimal(text))


def test_json_has_a_null_of_its_own(connection: sa.Connection) -> None:
    of = json_type(none_as_null=False)
    table = sa.Table("one", sa.MetaData(), sa.Column("value", of, nullable=False))
    table.create(connection)
    connection.execute(sa.insert(table).values(value=None))
    assert connection.scalar(sa.text("SELECT value FROM one")) == "null"
    assert connection.scalar(sa.select(table.c.value)) is None
