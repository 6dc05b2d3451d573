"""`customer`: every operation, on SQLite and on the server."""

import datetime as dt
from itertools import islice

import pytest
from sqlalchemy import FromClause

from integrations.crm import Crm, Transaction
from integrations.crm.tables.customer import Customer, NewCustomer
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import inserted, rolled_back

KEYS = (1, 2, 3)


@pytest.fixture
def table() -> FromClause:
    return Customer.__table__


def new(key: int = 0) -> NewCustomer:
    return NewCustomer(
        id=KEYS[key],
        name="a",
        email="a",
        created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )


def test_get_returns_what_insert_stored(crm: Crm) -> None:
    stored = crm.customer.insert(**new())
    row = crm.customer.get(stored.id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(crm: Crm) -> None:
    with pytest.raises(NotFound, match=r"customer\.get: no row"):
        crm.customer.get(1)


def test_list_yields_each_row_once(crm: Crm) -> None:
    rows = [crm.customer.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(crm.customer.list(page_size=2))
    assert [(row.id,) for row in listed] == [(row.id,) for row in rows]
    last = Customer.id == rows[-1].id
    assert len(list(crm.customer.list(last))) == 1


def test_insert_refuses_a_key_twice(crm: Crm) -> None:
    crm.customer.insert(**new())
    with pytest.raises(Conflict):
        crm.customer.insert(**new())


def test_upsert_inserts_then_updates(crm: Crm) -> None:
    crm.customer.upsert(**new())
    changed = new()
    changed["name"] = "b"
    row = crm.customer.upsert(**changed)
    assert {name: getattr(row, name) for name in changed} == changed
    assert len(list(crm.customer.list())) == 1


def test_update_sets_only_what_is_given(crm: Crm) -> None:
    stored = crm.customer.insert(**new())
    row = crm.customer.update(stored.id, name="b")
    expected = new()
    expected["name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected
    assert crm.customer.update(stored.id, email=None).email is None


def test_delete_removes_the_row(crm: Crm) -> None:
    stored = crm.customer.insert(**new())
    crm.customer.delete(stored.id)
    with pytest.raises(NotFound):
        crm.customer.delete(stored.id)


def test_live(live: Crm) -> None:
    for row in islice(live.customer.list(page_size=2), 3):
        same = live.customer.get(row.id)
        assert (same.id,) == (row.id,)

    def write(tx: Transaction) -> None:
        row = next(tx.customer.list(page_size=1), None)
        if row is None:
            row = inserted(tx.session, lambda: tx.customer.insert(**new()))
            assert tx.customer.get(row.id) is row
        with rolled_back(tx.session):
            assert tx.customer.update(row.id, name=row.name) is row
            values = NewCustomer(
                id=row.id, name=row.name, email=row.email, created_at=row.created_at
            )
            assert tx.customer.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.customer.delete(row.id)

    def work(tx: Transaction) -> None:
        with rolled_back(tx.session):
            write(tx)

    live.transaction(work)
