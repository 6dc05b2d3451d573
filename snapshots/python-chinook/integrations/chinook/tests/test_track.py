"""`track`: every operation, on SQLite and on the server."""

from decimal import Decimal
from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Track
from integrations.chinook.tables.track import NewTrack
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewTrack:
    return NewTrack(
        track_id=KEYS[key],
        name="a",
        album_id=1,
        media_type_id=1,
        genre_id=1,
        composer="a",
        milliseconds=1,
        bytes_=1,
        unit_price=Decimal("1"),
    )


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.track.insert(**new())
    row = chinook.track.get(stored.track_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"track\.get: no row"):
        chinook.track.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.track.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.track.list(page_size=2))
    assert [(row.track_id,) for row in listed] == [(row.track_id,) for row in rows]
    last = Track.track_id == rows[-1].track_id
    assert len(list(chinook.track.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.track.insert(**new())
    with pytest.raises(Conflict):
        chinook.track.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.track.upsert(**new())
    changed = new()
    changed["name"] = "b"
    row = chinook.track.upsert(**changed)
    assert row.name == "b"
    assert len(list(chinook.track.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.track.insert(**new())
    row = chinook.track.update(stored.track_id, name="b")
    expected = new()
    expected["name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected
    assert chinook.track.update(stored.track_id, album_id=None).album_id is None


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.track.insert(**new())
    chinook.track.delete(stored.track_id)
    with pytest.raises(NotFound):
        chinook.track.delete(stored.track_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.track.list(page_size=2), 3):
        same = live.track.get(row.track_id)
        assert (same.track_id,) == (row.track_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.track.list(page_size=1), None)
        if row is None:
            pytest.skip("track is empty")
        with rolled_back(tx.session):
            assert tx.track.update(row.track_id, name=row.name) is row
            values = NewTrack(
                track_id=row.track_id,
                name=row.name,
                album_id=row.album_id,
                media_type_id=row.media_type_id,
                genre_id=row.genre_id,
                composer=row.composer,
                milliseconds=row.milliseconds,
                bytes_=row.bytes_,
                unit_price=row.unit_price,
            )
            assert tx.track.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.track.delete(row.track_id)

    live.transaction(write)
