"""`album`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Album
from integrations.chinook.tables.album import NewAlbum
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewAlbum:
    return NewAlbum(album_id=KEYS[key], title="a", artist_id=1)


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.album.insert(**new())
    row = chinook.album.get(stored.album_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"album\.get: no row"):
        chinook.album.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.album.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.album.list(page_size=2))
    assert [(row.album_id,) for row in listed] == [(row.album_id,) for row in rows]
    last = Album.album_id == rows[-1].album_id
    assert len(list(chinook.album.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.album.insert(**new())
    with pytest.raises(Conflict):
        chinook.album.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.album.upsert(**new())
    changed = new()
    changed["title"] = "b"
    row = chinook.album.upsert(**changed)
    assert row.title == "b"
    assert len(list(chinook.album.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.album.insert(**new())
    row = chinook.album.update(stored.album_id, title="b")
    expected = new()
    expected["title"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.album.insert(**new())
    chinook.album.delete(stored.album_id)
    with pytest.raises(NotFound):
        chinook.album.delete(stored.album_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.album.list(page_size=2), 3):
        same = live.album.get(row.album_id)
        assert (same.album_id,) == (row.album_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.album.list(page_size=1), None)
        if row is None:
            pytest.skip("album is empty")
        with rolled_back(tx.session):
            assert tx.album.update(row.album_id, title=row.title) is row
            values = NewAlbum(
                album_id=row.album_id, title=row.title, artist_id=row.artist_id
            )
            assert tx.album.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.album.delete(row.album_id)

    live.transaction(write)
