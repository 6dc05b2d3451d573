"""`genre`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Genre
from integrations.chinook.tables.genre import NewGenre
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewGenre:
    return NewGenre(genre_id=KEYS[key], name="a")


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.genre.insert(**new())
    row = chinook.genre.get(stored.genre_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"genre\.get: no row"):
        chinook.genre.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.genre.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.genre.list(page_size=2))
    assert [(row.genre_id,) for row in listed] == [(row.genre_id,) for row in rows]
    last = Genre.genre_id == rows[-1].genre_id
    assert len(list(chinook.genre.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.genre.insert(**new())
    with pytest.raises(Conflict):
        chinook.genre.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.genre.upsert(**new())
    changed = new()
    changed["name"] = "b"
    row = chinook.genre.upsert(**changed)
    assert row.name == "b"
    assert len(list(chinook.genre.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.genre.insert(**new())
    row = chinook.genre.update(stored.genre_id, name="b")
    expected = new()
    expected["name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.genre.insert(**new())
    chinook.genre.delete(stored.genre_id)
    with pytest.raises(NotFound):
        chinook.genre.delete(stored.genre_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.genre.list(page_size=2), 3):
        same = live.genre.get(row.genre_id)
        assert (same.genre_id,) == (row.genre_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.genre.list(page_size=1), None)
        if row is None:
            pytest.skip("genre is empty")
        with rolled_back(tx.session):
            assert tx.genre.update(row.genre_id, name=row.name) is row
            values = NewGenre(genre_id=row.genre_id, name=row.name)
            assert tx.genre.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.genre.delete(row.genre_id)

    live.transaction(write)
