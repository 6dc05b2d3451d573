"""`playlist`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Playlist
from integrations.chinook.tables.playlist import NewPlaylist
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewPlaylist:
    return NewPlaylist(playlist_id=KEYS[key], name="a")


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.playlist.insert(**new())
    row = chinook.playlist.get(stored.playlist_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"playlist\.get: no row"):
        chinook.playlist.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.playlist.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.playlist.list(page_size=2))
    assert [(row.playlist_id,) for row in listed] == [
        (row.playlist_id,) for row in rows
    ]
    last = Playlist.playlist_id == rows[-1].playlist_id
    assert len(list(chinook.playlist.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.playlist.insert(**new())
    with pytest.raises(Conflict):
        chinook.playlist.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.playlist.upsert(**new())
    changed = new()
    changed["name"] = "b"
    row = chinook.playlist.upsert(**changed)
    assert row.name == "b"
    assert len(list(chinook.playlist.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.playlist.insert(**new())
    row = chinook.playlist.update(stored.playlist_id, name="b")
    expected = new()
    expected["name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.playlist.insert(**new())
    chinook.playlist.delete(stored.playlist_id)
    with pytest.raises(NotFound):
        chinook.playlist.delete(stored.playlist_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.playlist.list(page_size=2), 3):
        same = live.playlist.get(row.playlist_id)
        assert (same.playlist_id,) == (row.playlist_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.playlist.list(page_size=1), None)
        if row is None:
            pytest.skip("playlist is empty")
        with rolled_back(tx.session):
            assert tx.playlist.update(row.playlist_id, name=row.name) is row
            values = NewPlaylist(playlist_id=row.playlist_id, name=row.name)
            assert tx.playlist.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.playlist.delete(row.playlist_id)

    live.transaction(write)
