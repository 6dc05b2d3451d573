"""Intervals keep what PostgreSQL keeps."""

import datetime as dt

import pytest
import sqlalchemy as sa
from psycopg import DataError
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.postgres import adapters, types
from psycopg.pq import Format

from integrations.runtime.sql_interval import Interval, IntervalColumn, adapt_intervals

HOUR = 3_600_000_000


class FakeConnection:
    def __init__(self) -> None:
        self.adapters = AdaptersMap(adapters)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("1 mon", Interval(months=1)),
        ("1 year 2 mons 3 days 04:05:06.7", Interval(14, 3, 14_706_700_000)),
        ("-1 years -2 mons +3 days -04:00:00", Interval(-14, 3, -4 * HOUR)),
        ("24:00:00", Interval(microseconds=24 * HOUR)),
        ("00:00:00", Interval()),
    ],
)
def test_months_days_and_the_rest_stay_apart(text: str, interval: Interval) -> None:
    assert Interval.parse(text) == interval
    assert Interval.parse(str(interval)) == interval


@pytest.mark.parametrize("text", ["infinity", "", "P1M"])
def test_what_has_no_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an interval that has no end"):
        Interval.parse(text)


def test_a_timedelta_has_no_months() -> None:
    length = dt.timedelta(days=-1, hours=2)
    assert Interval.of(length).timedelta() == length
    with pytest.raises(ValueError, match="months have no fixed length"):
        Interval(months=1).timedelta()


def test_sqlite_keeps_all_of_it() -> None:
    table = sa.Table("one", sa.MetaData(), sa.Column("value", IntervalColumn()))
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(sa.insert(table).values(value=Interval(1, -2, 3)))
        assert connection.scalar(sa.select(table.c.value)) == Interval(1, -2, 3)
        day = sa.select(table.c.value).where(table.c.value == dt.timedelta(days=1))
        assert connection.scalar(day) is None
    engine.dispose()


def test_psycopg_reads_and_writes_them() -> None:
    connection = FakeConnection()
    adapt_intervals(connection, None)
    transformer = Transformer(connection.adapters)
    oid = types["interval"].oid
    loader = transformer.get_loader(oid, Format.TEXT)
    assert loader.load(b"1 mon 2 days") == Interval(1, 2)
    with pytest.raises(DataError):
        loader.load(b"infinity")
    dumper = transformer.get_dumper(Interval(1, 2, 3), PyFormat.AUTO)
    assert dumper.dump(Interval(1, 2, 3)) == b"1 mons 2 days 00:00:00.000003"
