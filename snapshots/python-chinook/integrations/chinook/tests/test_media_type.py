"""`media_type`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import MediaType
from integrations.chinook.tables.media_type import NewMediaType
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewMediaType:
    return NewMediaType(media_type_id=KEYS[key], name="a")


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.media_type.insert(**new())
    row = chinook.media_type.get(stored.media_type_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"media_type\.get: no row"):
        chinook.media_type.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.media_type.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.media_type.list(page_size=2))
    assert [(row.media_type_id,) for row in listed] == [
        (row.media_type_id,) for row in rows
    ]
    last = MediaType.media_type_id == rows[-1].media_type_id
    assert len(list(chinook.media_type.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.media_type.insert(**new())
    with pytest.raises(Conflict):
        chinook.media_type.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.media_type.upsert(**new())
    changed = new()
    changed["name"] = "b"
    row = chinook.media_type.upsert(**changed)
    assert row.name == "b"
    assert len(list(chinook.media_type.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.media_type.insert(**new())
    row = chinook.media_type.update(stored.media_type_id, name="b")
    expected = new()
    expected["name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.media_type.insert(**new())
    chinook.media_type.delete(stored.media_type_id)
    with pytest.raises(NotFound):
        chinook.media_type.delete(stored.media_type_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.media_type.list(page_size=2), 3):
        same = live.media_type.get(row.media_type_id)
        assert (same.media_type_id,) == (row.media_type_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.media_type.list(page_size=1), None)
        if row is None:
            pytest.skip("media_type is empty")
        with rolled_back(tx.session):
            assert tx.media_type.update(row.media_type_id, name=row.name) is row
            values = NewMediaType(media_type_id=row.media_type_id, name=row.name)
            assert tx.media_type.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.media_type.delete(row.media_type_id)

    live.transaction(write)
