"""`artist`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Artist
from integrations.chinook.tables.artist import NewArtist
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewArtist:
    return NewArtist(artist_id=KEYS[key], name="a")


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.artist.insert(**new())
    row = chinook.artist.get(stored.artist_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"artist\.get: no row"):
        chinook.artist.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.artist.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.artist.list(page_size=2))
    assert [(row.artist_id,) for row in listed] == [(row.artist_id,) for row in rows]
    last = Artist.artist_id == rows[-1].artist_id
    assert len(list(chinook.artist.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.artist.insert(**new())
    with pytest.raises(Conflict):
        chinook.artist.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.artist.upsert(**new())
    changed = new()
    changed["name"] = "b"
    row = chinook.artist.upsert(**changed)
    assert row.name == "b"
    assert len(list(chinook.artist.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.artist.insert(**new())
    row = chinook.artist.update(stored.artist_id, name="b")
    expected = new()
    expected["name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.artist.insert(**new())
    chinook.artist.delete(stored.artist_id)
    with pytest.raises(NotFound):
        chinook.artist.delete(stored.artist_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.artist.list(page_size=2), 3):
        same = live.artist.get(row.artist_id)
        assert (same.artist_id,) == (row.artist_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.artist.list(page_size=1), None)
        if row is None:
            pytest.skip("artist is empty")
        with rolled_back(tx.session):
            assert tx.artist.update(row.artist_id, name=row.name) is row
            values = NewArtist(artist_id=row.artist_id, name=row.name)
            assert tx.artist.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.artist.delete(row.artist_id)

    live.transaction(write)
