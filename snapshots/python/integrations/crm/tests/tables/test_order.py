"""`order`: every operation, on SQLite and on the server."""

import datetime as dt
from decimal import Decimal
from itertools import islice

import pytest
from sqlalchemy import FromClause

from integrations.crm import Crm, Transaction
from integrations.crm.tables.order import NewOrder, Order
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import inserted, rolled_back

KEYS = (1, 2, 3)


@pytest.fixture
def table() -> FromClause:
    return Order.__table__


def new(key: int = 0) -> NewOrder:
    return NewOrder(
        id=KEYS[key],
        customer_id=1,
        total=Decimal("1.00"),
        placed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )


def test_get_returns_what_insert_stored(crm: Crm) -> None:
    stored = crm.order.insert(**new())
    row = crm.order.get(stored.id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(crm: Crm) -> None:
    with pytest.raises(NotFound, match=r"order\.get: no row"):
        crm.order.get(1)


def test_list_yields_each_row_once(crm: Crm) -> None:
    rows = [crm.order.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(crm.order.list(page_size=2))
    assert [(row.id,) for row in listed] == [(row.id,) for row in rows]
    last = Order.id == rows[-1].id
    assert len(list(crm.order.list(last))) == 1


def test_insert_refuses_a_key_twice(crm: Crm) -> None:
    crm.order.insert(**new())
    with pytest.raises(Conflict):
        crm.order.insert(**new())


def test_upsert_inserts_then_updates(crm: Crm) -> None:
    crm.order.upsert(**new())
    changed = new()
    changed["customer_id"] = 2
    row = crm.order.upsert(**changed)
    assert {name: getattr(row, name) for name in changed} == changed
    assert len(list(crm.order.list())) == 1


def test_update_sets_only_what_is_given(crm: Crm) -> None:
    stored = crm.order.insert(**new())
    row = crm.order.update(stored.id, customer_id=2)
    expected = new()
    expected["customer_id"] = 2
    assert {name: getattr(row, name) for name in new()} == expected


def test_delete_removes_the_row(crm: Crm) -> None:
    stored = crm.order.insert(**new())
    crm.order.delete(stored.id)
    with pytest.raises(NotFound):
        crm.order.delete(stored.id)


def test_live(live: Crm) -> None:
    for row in islice(live.order.list(page_size=2), 3):
        same = live.order.get(row.id)
        assert (same.id,) == (row.id,)

    def write(tx: Transaction) -> None:
        row = next(tx.order.list(page_size=1), None)
        if row is None:
            row = inserted(tx.session, lambda: tx.order.insert(**new()))
            assert tx.order.get(row.id) is row
        with rolled_back(tx.session):
            assert tx.order.update(row.id, customer_id=row.customer_id) is row
            values = NewOrder(
                id=row.id,
                customer_id=row.customer_id,
                total=row.total,
                placed_at=row.placed_at,
            )
            assert tx.order.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.order.delete(row.id)

    def work(tx: Transaction) -> None:
        with rolled_back(tx.session):
            write(tx)

    live.transaction(work)
