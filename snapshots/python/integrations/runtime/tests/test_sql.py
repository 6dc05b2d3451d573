"""Transactions: what is repeated, what is undone, what a failure is called."""

import asyncio
import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import (
    Date,
    DateTime,
    Engine,
    PoolProxiedConnection,
    Time,
    Uuid,
    event,
    literal,
    literal_column,
    select,
)
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    ConfigurationError,
    Conflict,
    DeadlineExceeded,
    IntegrationError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.events import Event, Events
from integrations.runtime.retry import Retry
from integrations.runtime.secrets import Secret
from integrations.runtime.sql import AsyncSqlDatabase, SqlDatabase, SqlTransaction
from integrations.runtime.sql_engine import SqlOptions
from integrations.runtime.sql_errors import sql_error
from integrations.runtime.sql_rows import Rows
from integrations.runtime.sql_testing import create_table


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]


class Lost(sqlite3.OperationalError):
    """A connection that broke: the driver gives no code."""


class UnlockingClock(FakeClock):
    """Lets the other connection go as soon as somebody waits."""

    def __init__(self, other: sqlite3.Connection) -> None:
        super().__init__()
        self._other = other

    def sleep(self, seconds: float) -> None:
        self._other.rollback()
        super().sleep(seconds)


@pytest.fixture
def options(tmp_path: Path) -> SqlOptions:
    url = create_table(tmp_path / "notes.sqlite", Note.__table__)
    return SqlOptions(url=Secret(url), lock_timeout_seconds=0.01)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database(options: SqlOptions, clock: FakeClock) -> Iterator[SqlDatabase]:
    database = SqlDatabase(options, Calls("notes", clock=clock))
    yield database
    database.close()


@pytest.fixture
def other(options: SqlOptions) -> Iterator[sqlite3.Connection]:
    other = sqlite3.connect(options.url.reveal().removeprefix("sqlite:///"))
    yield other
    other.close()


def texts(database: SqlDatabase) -> list[str]:
    return [note.text for note in Rows(database, "note", Note).list(())]


def lose(*_: object) -> NoReturn:
    raise Lost("server closed the connection unexpectedly")


def lose_next_commit(engine: Engine) -> None:
    losses = iter([True])
    commit = engine.dialect.do_commit

    def lose_once(connection: PoolProxiedConnection) -> None:
        if next(losses, False):
            lose()
        commit(connection)

    setattr(engine.dialect, "do_commit", lose_once)  # noqa: B010


def test_a_locked_transaction_is_repeated_as_a_whole(
    options: SqlOptions, other: sqlite3.Connection
) -> None:
    clock = UnlockingClock(other)
    database = SqlDatabase(options, Calls("notes", clock=clock))
    other.execute("INSERT INTO note VALUES (9, 'theirs')")
    runs: list[int] = []

    def work(tx: SqlTransaction) -> None:
        runs.append(len(tx.session.scalars(select(Note)).all()))
        Rows(tx, "note", Note).insert({"id": 1, "text": "ours"})

    database.transaction(work)
    assert runs == [0, 0]
    assert len(clock.sleeps) == 1
    assert texts(database) == ["ours"]
    database.close()


def test_a_lock_that_stays_is_unavailable(
    database: SqlDatabase, other: sqlite3.Connection, clock: FakeClock
) -> None:
    other.execute("INSERT INTO note VALUES (9, 'theirs')")
    with pytest.raises(Unavailable, match=r"note\.insert: database is locked"):
        Rows(database, "note", Note).insert({"id": 1, "text": "ours"})
    assert len(clock.sleeps) == 2


def test_a_connection_lost_before_the_commit_is_repeated(database: SqlDatabase) -> None:
    lost = iter([True])

    def work(tx: SqlTransaction) -> None:
        Rows(tx, "note", Note).insert({"id": 1, "text": "once"})
        if next(lost, False):
            event.listen(database.engine, "before_cursor_execute", lose, once=True)
        tx.session.scalars(select(Note)).all()

    database.transaction(work)
    assert texts(database) == ["once"]


def test_a_connection_lost_while_committing_is_not_repeated(
    database: SqlDatabase, clock: FakeClock
) -> None:
    lose_next_commit(database.engine)
    with pytest.raises(Unavailable) as caught:
        Rows(database, "note", Note).insert({"id": 1, "text": "perhaps"})
    assert not caught.value.not_applied
    assert clock.sleeps == []


def test_a_reading_transaction_is_repeated_even_then(
    database: SqlDatabase, clock: FakeClock
) -> None:
    lose_next_commit(database.engine)
    assert texts(database) == []
    assert len(clock.sleeps) == 1


def test_what_was_written_is_undone_when_the_work_raises(database: SqlDatabase) -> None:
    def work(tx: SqlTransaction) -> None:
        Rows(tx, "note", Note).insert({"id": 1, "text": "never"})
        raise LookupError

    with pytest.raises(LookupError):
        database.transaction(work)
    assert texts(database) == []


def test_each_failure_has_its_kind(database: SqlDatabase) -> None:
    notes = Rows(database, "note", Note)
    notes.insert({"id": 1, "text": "a"})
    with pytest.raises(Conflict, match="UNIQUE constraint failed"):
        notes.insert({"id": 1, "text": "b"})
    with pytest.raises(InvalidRequest, match="NOT NULL constraint failed"):
        notes.insert({"id": 2})
    with pytest.raises(InvalidRequest, match="no such column: colour"):
        notes.update((1,), {"colour": "red"})
    with pytest.raises(InvalidRequest, match="the key lacks id"):
        notes.upsert({"text": "c"})
    with pytest.raises(NotFound):
        notes.update((2,), {"text": "d"})


def test_what_fits_nowhere_has_its_kind(database: SqlDatabase) -> None:
    notes = Rows(database, "note", Note)
    with pytest.raises(InvalidRequest, match="Python int too large"):
        notes.insert({"id": 2**63, "text": "a"})
    with pytest.raises(InvalidRequest, match="surrogates not allowed"):
        notes.insert({"id": 1, "text": "\ud800"})
    with pytest.raises(InvalidRequest, match="not supported"):
        notes.insert({"id": 1, "text": object()})


def test_a_failure_of_the_work_itself_stays_what_it_is(database: SqlDatabase) -> None:
    with pytest.raises(OverflowError):
        database.transaction(lambda _: math.exp(1e9))


class Word(Base):
    __tablename__ = "word"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


@pytest.fixture
def words(tmp_path: Path) -> Iterator[SqlDatabase]:
    file = tmp_path / "words.sqlite"
    with closing(sqlite3.connect(file)) as own:
        own.execute("CREATE TABLE word (key text PRIMARY KEY, count int)")
        own.execute("INSERT INTO word VALUES (NULL, 1), (NULL, 2), ('a', 3)")
        own.commit()
    database = SqlDatabase(SqlOptions(url=Secret(f"sqlite:///{file}")), Calls("words"))
    yield database
    database.close()


@pytest.mark.parametrize("page_size", [1, 10])
def test_rows_without_a_key_are_not_passed_over(
    words: SqlDatabase, page_size: int
) -> None:
    rows = Rows(words, "word", Word)
    with pytest.raises(
        UnexpectedResponse,
        match=r"word\.list: a row has NULL in its primary key \(key\)",
    ):
        list(rows.list((), page_size=page_size))
    with pytest.raises(InvalidRequest, match=r"word\.insert: a row has NULL"):
        rows.insert({"key": None, "count": 4})
    there = rows.list([Word.key.is_not(None)], page_size=page_size)
    assert [word.key for word in there] == ["a"]


def test_values_are_bound(database: SqlDatabase) -> None:
    text = "'); DROP TABLE note; --"
    notes = Rows(database, "note", Note)
    notes.insert({"id": 1, "text": text})
    assert [note.text for note in notes.list([Note.text == text])] == [text]


def test_pages_start_after_the_last_key(database: SqlDatabase) -> None:
    notes = Rows(database, "note", Note)
    for key in (1, 2, 4, 5):
        notes.insert({"id": key, "text": "a"})
    listed = notes.list((), page_size=2)
    seen = [next(listed).id, next(listed).id]
    notes.delete((1,))
    notes.insert({"id": 3, "text": "a"})
    assert [*seen, *(note.id for note in listed)] == [1, 2, 3, 4, 5]


def test_a_page_has_at_least_one_row(database: SqlDatabase) -> None:
    with pytest.raises(InvalidRequest, match="page_size must be at least 1"):
        next(Rows(database, "note", Note).list((), page_size=0))


def test_read_only_refuses_writes(options: SqlOptions, database: SqlDatabase) -> None:
    def write(tx: SqlTransaction) -> None:
        Rows(tx, "note", Note).insert({"id": 1, "text": "a"})

    with pytest.raises(PermissionDenied):
        database.transaction(write, read_only=True)
    reader = SqlDatabase(
        SqlOptions(url=options.url, read_only=True), Calls("notes", clock=FakeClock())
    )
    with pytest.raises(PermissionDenied):
        reader.transaction(write)
    reader.close()
    database.transaction(write)


def test_no_transaction_outlasts_its_deadline(
    database: SqlDatabase, clock: FakeClock
) -> None:
    def work(tx: SqlTransaction) -> None:
        clock.advance(61)
        lose()

    with pytest.raises(Lost):
        database.transaction(work)
    with pytest.raises(DeadlineExceeded):
        database.transaction(lambda _: None, timeout_seconds=0)


def test_nothing_is_committed_or_begun_after_the_deadline(
    database: SqlDatabase, clock: FakeClock
) -> None:
    def late(tx: SqlTransaction) -> None:
        Rows(tx, "note", Note).insert({"id": 1, "text": "late"})
        clock.advance(61)

    def later(tx: SqlTransaction) -> None:
        clock.advance(61)
        Rows(tx, "note", Note).insert({"id": 1, "text": "later"})
        raise AssertionError("the statement was run")

    for work in (late, later):
        with pytest.raises(DeadlineExceeded):
            database.transaction(work)
    assert texts(database) == []


def test_waiting_for_a_connection_ends_with_the_deadline(options: SqlOptions) -> None:
    few = replace(options, pool_size=1, pool_overflow=0)
    database = SqlDatabase(few, Calls("notes"))

    def work(_: SqlTransaction) -> None:
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded, match="no connection became free"):
            database.transaction(lambda _: None, timeout_seconds=0.05)
        assert time.monotonic() - started < 1

    database.transaction(work)
    database.transaction(lambda _: None)
    database.close()


def test_a_connection_that_stays_taken_is_unavailable(options: SqlOptions) -> None:
    few = replace(options, pool_size=1, pool_overflow=0, pool_wait_seconds=0.01)
    database = SqlDatabase(few, Calls("notes", retry=Retry(attempts=1)))

    def work(_: SqlTransaction) -> None:
        with pytest.raises(Unavailable, match=r"within 0\.01 s"):
            database.transaction(lambda _: None)

    database.transaction(work)
    database.close()


@pytest.mark.parametrize("kind", [Date, DateTime, Time, Uuid])
def test_what_cannot_be_read_is_no_fault_of_the_request(
    database: SqlDatabase, kind: type[Date | DateTime | Time | Uuid[UUID]]
) -> None:
    reading = select(literal_column("5", kind()))
    with pytest.raises(UnexpectedResponse):
        database.run("note.get", lambda session: session.scalar(reading), reads=True)
    sending = select(literal(5, kind()))
    with pytest.raises(InvalidRequest):
        database.run("note.get", lambda session: session.scalar(sending), reads=True)


def test_a_value_that_only_the_driver_refuses_was_being_sent(
    database: SqlDatabase,
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise TypeError("not JSON serializable")

    event.listen(database.engine, "do_execute", refuse)
    with pytest.raises(InvalidRequest, match="not JSON serializable"):
        Rows(database, "note", Note).insert({"id": 1, "text": "a"})


def test_an_sqlite_code_without_a_name_is_its_primary_one() -> None:
    class Strict(sqlite3.IntegrityError):
        sqlite_errorname = "unknown"
        sqlite_errorcode = 3091  # SQLITE_CONSTRAINT_DATATYPE

    failure = IntegrityError("insert", None, Strict("cannot store TEXT value"))
    error = sql_error("notes", "note.add", failure)
    assert isinstance(error, InvalidRequest)
    assert error.context["code"] == "SQLITE_CONSTRAINT"


def test_a_key_that_is_none_is_refused_alike(database: SqlDatabase) -> None:
    with pytest.raises(InvalidRequest, match=r"NULL in its primary key \(id\)"):
        Rows(database, "note", Note).upsert({"id": None, "text": "a"})


class Refused(sqlite3.DataError):
    """A value that a server does not take."""

    sqlstate = "22P02"


@pytest.mark.parametrize(
    "text",
    ['invalid input syntax for type integer: "ssn-1"', "Ungültig: \u00bbssn-1\u00ab"],
)
def test_an_error_about_a_value_does_not_quote_it(text: str) -> None:
    error = sql_error("notes", "note.add", DataError("", None, Refused(text)))
    assert error.reason == f'{text.split(":")[0]}: "…"'
    for statement, kind in (("insert", InvalidRequest), (None, UnexpectedResponse)):
        driver = DataError(statement, None, sqlite3.DataError("cannot read 'ssn-1'"))
        error = sql_error("notes", "note.add", driver)
        assert (type(error), error.retryable) == (kind, False)
        assert "ssn-1" not in str(error)
    bad = StatementError("'ssn-1' is not among them", "", None, LookupError("'ssn-1'"))
    assert "ssn-1" not in str(sql_error("notes", "note.add", bad))


def test_calls_are_reported(options: SqlOptions) -> None:
    events = Events()
    seen: list[Event] = []
    events.listen(seen.append)
    database = SqlDatabase(options, Calls("notes", events=events))
    with pytest.raises(IntegrationError) as caught:
        Rows(database, "note", Note).get((1,))
    assert [(e.kind, e.operation) for e in seen] == [
        ("started", "note.get"),
        ("failed", "note.get"),
    ]
    assert caught.value.correlation_id == seen[0].correlation_id
    database.close()


@pytest.mark.parametrize("product", ["sqlite:///file", "postgresql://host/db"])
def test_limits_may_be_infinite(product: str) -> None:
    inf = float("inf")
    options = SqlOptions(
        url=Secret(product),
        pool_wait_seconds=inf,
        pool_recycle_seconds=inf,
        connect_timeout_seconds=inf,
        statement_timeout_seconds=inf,
        lock_timeout_seconds=inf,
    )
    SqlDatabase(options, Calls("notes")).close()


def test_a_database_of_another_kind_is_refused_without_its_password() -> None:
    url = Secret("oracle://scott:tiger@host/db")
    with pytest.raises(ConfigurationError) as caught:
        SqlDatabase(SqlOptions(url=url), Calls("notes"))
    assert "tiger" not in str(caught.value)


def test_asyncio_runs_the_same_transactions(options: SqlOptions) -> None:
    async def main() -> list[str]:
        clock = FakeClock()
        database = AsyncSqlDatabase(options, Calls("notes", clock=clock))
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lose, once=True)

        def work(tx: SqlTransaction) -> list[str]:
            notes = Rows(tx, "note", Note)
            notes.insert({"id": 1, "text": "a"})
            return [note.text for note in notes.list(())]

        found = await database.transaction(work)
        assert len(clock.sleeps) == 1
        lose_next_commit(engine)
        with pytest.raises(Unavailable):
            await database.transaction(lambda tx: tx.session.flush())
        await database.close()
        return found

    assert asyncio.run(main()) == ["a"]


def test_a_row_read_before_the_commit_can_be_used_after_it(
    database: SqlDatabase,
) -> None:
    def work(session: Session) -> Note:
        session.add(Note(id=1, text="a"))
        return session.get_one(Note, 1)

    note = database.run("note.add", work, reads=False)
    assert note.text == "a"
