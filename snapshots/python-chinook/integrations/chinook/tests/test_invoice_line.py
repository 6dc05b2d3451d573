"""`invoice_line`: every operation, on SQLite and on the server."""

from decimal import Decimal
from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import InvoiceLine
from integrations.chinook.tables.invoice_line import NewInvoiceLine
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewInvoiceLine:
    return NewInvoiceLine(
        invoice_line_id=KEYS[key],
        invoice_id=1,
        track_id=1,
        unit_price=Decimal("1"),
        quantity=1,
    )


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.invoice_line.insert(**new())
    row = chinook.invoice_line.get(stored.invoice_line_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"invoice_line\.get: no row"):
        chinook.invoice_line.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.invoice_line.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.invoice_line.list(page_size=2))
    assert [(row.invoice_line_id,) for row in listed] == [
        (row.invoice_line_id,) for row in rows
    ]
    last = InvoiceLine.invoice_line_id == rows[-1].invoice_line_id
    assert len(list(chinook.invoice_line.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.invoice_line.insert(**new())
    with pytest.raises(Conflict):
        chinook.invoice_line.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.invoice_line.upsert(**new())
    changed = new()
    changed["invoice_id"] = 2
    row = chinook.invoice_line.upsert(**changed)
    assert row.invoice_id == 2
    assert len(list(chinook.invoice_line.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.invoice_line.insert(**new())
    row = chinook.invoice_line.update(stored.invoice_line_id, invoice_id=2)
    expected = new()
    expected["invoice_id"] = 2
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.invoice_line.insert(**new())
    chinook.invoice_line.delete(stored.invoice_line_id)
    with pytest.raises(NotFound):
        chinook.invoice_line.delete(stored.invoice_line_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.invoice_line.list(page_size=2), 3):
        same = live.invoice_line.get(row.invoice_line_id)
        assert (same.invoice_line_id,) == (row.invoice_line_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.invoice_line.list(page_size=1), None)
        if row is None:
            pytest.skip("invoice_line is empty")
        with rolled_back(tx.session):
            assert (
                tx.invoice_line.update(row.invoice_line_id, invoice_id=row.invoice_id)
                is row
            )
            values = NewInvoiceLine(
                invoice_line_id=row.invoice_line_id,
                invoice_id=row.invoice_id,
                track_id=row.track_id,
                unit_price=row.unit_price,
                quantity=row.quantity,
            )
            assert tx.invoice_line.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.invoice_line.delete(row.invoice_line_id)

    live.transaction(write)
