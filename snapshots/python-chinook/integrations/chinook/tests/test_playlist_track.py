"""`playlist_track`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import PlaylistTrack
from integrations.chinook.tables.playlist_track import NewPlaylistTrack
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewPlaylistTrack:
    return NewPlaylistTrack(playlist_id=KEYS[key], track_id=1)


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.playlist_track.insert(**new())
    row = chinook.playlist_track.get(stored.playlist_id, stored.track_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"playlist_track\.get: no row"):
        chinook.playlist_track.get(1, 1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [
        chinook.playlist_track.insert(**values) for values in (new(), new(1), new(2))
    ]
    listed = list(chinook.playlist_track.list(page_size=2))
    assert [(row.playlist_id, row.track_id) for row in listed] == [
        (row.playlist_id, row.track_id) for row in rows
    ]
    last = PlaylistTrack.playlist_id == rows[-1].playlist_id
    assert len(list(chinook.playlist_track.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.playlist_track.insert(**new())
    with pytest.raises(Conflict):
        chinook.playlist_track.insert(**new())


def test_upsert_keeps_a_row_that_is_there(chinook: Chinook) -> None:
    chinook.playlist_track.upsert(**new())
    chinook.playlist_track.upsert(**new())
    assert len(list(chinook.playlist_track.list())) == 1


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.playlist_track.insert(**new())
    chinook.playlist_track.delete(stored.playlist_id, stored.track_id)
    with pytest.raises(NotFound):
        chinook.playlist_track.delete(stored.playlist_id, stored.track_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.playlist_track.list(page_size=2), 3):
        same = live.playlist_track.get(row.playlist_id, row.track_id)
        assert (same.playlist_id, same.track_id) == (row.playlist_id, row.track_id)

    def write(tx: Transaction) -> None:
        row = next(tx.playlist_track.list(page_size=1), None)
        if row is None:
            pytest.skip("playlist_track is empty")
        with rolled_back(tx.session):
            values = NewPlaylistTrack(
                playlist_id=row.playlist_id, track_id=row.track_id
            )
            assert tx.playlist_track.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.playlist_track.delete(row.playlist_id, row.track_id)

    live.transaction(write)
