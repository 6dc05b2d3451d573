"""`invoice`: every operation, on SQLite and on the server."""

import datetime as dt
from decimal import Decimal
from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Invoice
from integrations.chinook.tables.invoice import NewInvoice
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewInvoice:
    return NewInvoice(
        invoice_id=KEYS[key],
        customer_id=1,
        invoice_date=dt.datetime.fromisoformat("2026-01-01"),
        billing_address="a",
        billing_city="a",
        billing_state="a",
        billing_country="a",
        billing_postal_code="a",
        total=Decimal("1"),
    )


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.invoice.insert(**new())
    row = chinook.invoice.get(stored.invoice_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"invoice\.get: no row"):
        chinook.invoice.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.invoice.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.invoice.list(page_size=2))
    assert [(row.invoice_id,) for row in listed] == [(row.invoice_id,) for row in rows]
    last = Invoice.invoice_id == rows[-1].invoice_id
    assert len(list(chinook.invoice.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.invoice.insert(**new())
    with pytest.raises(Conflict):
        chinook.invoice.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.invoice.upsert(**new())
    changed = new()
    changed["customer_id"] = 2
    row = chinook.invoice.upsert(**changed)
    assert row.customer_id == 2
    assert len(list(chinook.invoice.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.invoice.insert(**new())
    row = chinook.invoice.update(stored.invoice_id, customer_id=2)
    expected = new()
    expected["customer_id"] = 2
    assert {name: getattr(row, name) for name in new()} == expected
    assert (
        chinook.invoice.update(stored.invoice_id, billing_address=None).billing_address
        is None
    )


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.invoice.insert(**new())
    chinook.invoice.delete(stored.invoice_id)
    with pytest.raises(NotFound):
        chinook.invoice.delete(stored.invoice_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.invoice.list(page_size=2), 3):
        same = live.invoice.get(row.invoice_id)
        assert (same.invoice_id,) == (row.invoice_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.invoice.list(page_size=1), None)
        if row is None:
            pytest.skip("invoice is empty")
        with rolled_back(tx.session):
            assert tx.invoice.update(row.invoice_id, customer_id=row.customer_id) is row
            values = NewInvoice(
                invoice_id=row.invoice_id,
                customer_id=row.customer_id,
                invoice_date=row.invoice_date,
                billing_address=row.billing_address,
                billing_city=row.billing_city,
                billing_state=row.billing_state,
                billing_country=row.billing_country,
                billing_postal_code=row.billing_postal_code,
                total=row.total,
            )
            assert tx.invoice.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.invoice.delete(row.invoice_id)

    live.transaction(write)
