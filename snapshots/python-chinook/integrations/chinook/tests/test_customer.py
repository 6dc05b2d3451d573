"""`customer`: every operation, on SQLite and on the server."""

from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Customer
from integrations.chinook.tables.customer import NewCustomer
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewCustomer:
    return NewCustomer(
        customer_id=KEYS[key],
        first_name="a",
        last_name="a",
        company="a",
        address="a",
        city="a",
        state="a",
        country="a",
        postal_code="a",
        phone="a",
        fax="a",
        email="a",
        support_rep_id=1,
    )


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.customer.insert(**new())
    row = chinook.customer.get(stored.customer_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"customer\.get: no row"):
        chinook.customer.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.customer.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.customer.list(page_size=2))
    assert [(row.customer_id,) for row in listed] == [
        (row.customer_id,) for row in rows
    ]
    last = Customer.customer_id == rows[-1].customer_id
    assert len(list(chinook.customer.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.customer.insert(**new())
    with pytest.raises(Conflict):
        chinook.customer.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.customer.upsert(**new())
    changed = new()
    changed["first_name"] = "b"
    row = chinook.customer.upsert(**changed)
    assert row.first_name == "b"
    assert len(list(chinook.customer.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.customer.insert(**new())
    row = chinook.customer.update(stored.customer_id, first_name="b")
    expected = new()
    expected["first_name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected
    assert chinook.customer.update(stored.customer_id, company=None).company is None


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.customer.insert(**new())
    chinook.customer.delete(stored.customer_id)
    with pytest.raises(NotFound):
        chinook.customer.delete(stored.customer_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.customer.list(page_size=2), 3):
        same = live.customer.get(row.customer_id)
        assert (same.customer_id,) == (row.customer_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.customer.list(page_size=1), None)
        if row is None:
            pytest.skip("customer is empty")
        with rolled_back(tx.session):
            assert tx.customer.update(row.customer_id, first_name=row.first_name) is row
            values = NewCustomer(
                customer_id=row.customer_id,
                first_name=row.first_name,
                last_name=row.last_name,
                company=row.company,
                address=row.address,
                city=row.city,
                state=row.state,
                country=row.country,
                postal_code=row.postal_code,
                phone=row.phone,
                fax=row.fax,
                email=row.email,
                support_rep_id=row.support_rep_id,
            )
            assert tx.customer.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.customer.delete(row.customer_id)

    live.transaction(write)
