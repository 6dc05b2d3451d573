"""`employee`: every operation, on SQLite and on the server."""

import datetime as dt
from itertools import islice

import pytest

from integrations.chinook import Chinook, Transaction
from integrations.chinook.tables import Employee
from integrations.chinook.tables.employee import NewEmployee
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound
from integrations.runtime.sql_testing import rolled_back

KEYS = (1, 2, 3)


def new(key: int = 0) -> NewEmployee:
    return NewEmployee(
        employee_id=KEYS[key],
        last_name="a",
        first_name="a",
        title="a",
        reports_to=1,
        birth_date=dt.datetime.fromisoformat("2026-01-01"),
        hire_date=dt.datetime.fromisoformat("2026-01-01"),
        address="a",
        city="a",
        state="a",
        country="a",
        postal_code="a",
        phone="a",
        fax="a",
        email="a",
    )


def test_get_returns_what_insert_stored(chinook: Chinook) -> None:
    stored = chinook.employee.insert(**new())
    row = chinook.employee.get(stored.employee_id)
    assert {name: getattr(row, name) for name in new()} == new()


def test_get_raises_not_found(chinook: Chinook) -> None:
    with pytest.raises(NotFound, match=r"employee\.get: no row"):
        chinook.employee.get(1)


def test_list_yields_each_row_once(chinook: Chinook) -> None:
    rows = [chinook.employee.insert(**values) for values in (new(), new(1), new(2))]
    listed = list(chinook.employee.list(page_size=2))
    assert [(row.employee_id,) for row in listed] == [
        (row.employee_id,) for row in rows
    ]
    last = Employee.employee_id == rows[-1].employee_id
    assert len(list(chinook.employee.list(last))) == 1


def test_insert_refuses_a_key_twice(chinook: Chinook) -> None:
    chinook.employee.insert(**new())
    with pytest.raises(Conflict):
        chinook.employee.insert(**new())


def test_upsert_inserts_then_updates(chinook: Chinook) -> None:
    chinook.employee.upsert(**new())
    changed = new()
    changed["last_name"] = "b"
    row = chinook.employee.upsert(**changed)
    assert row.last_name == "b"
    assert len(list(chinook.employee.list())) == 1


def test_update_sets_only_what_is_given(chinook: Chinook) -> None:
    stored = chinook.employee.insert(**new())
    row = chinook.employee.update(stored.employee_id, last_name="b")
    expected = new()
    expected["last_name"] = "b"
    assert {name: getattr(row, name) for name in new()} == expected
    assert chinook.employee.update(stored.employee_id, title=None).title is None


def test_delete_removes_the_row(chinook: Chinook) -> None:
    stored = chinook.employee.insert(**new())
    chinook.employee.delete(stored.employee_id)
    with pytest.raises(NotFound):
        chinook.employee.delete(stored.employee_id)


def test_live(live: Chinook) -> None:
    for row in islice(live.employee.list(page_size=2), 3):
        same = live.employee.get(row.employee_id)
        assert (same.employee_id,) == (row.employee_id,)

    def write(tx: Transaction) -> None:
        row = next(tx.employee.list(page_size=1), None)
        if row is None:
            pytest.skip("employee is empty")
        with rolled_back(tx.session):
            assert tx.employee.update(row.employee_id, last_name=row.last_name) is row
            values = NewEmployee(
                employee_id=row.employee_id,
                last_name=row.last_name,
                first_name=row.first_name,
                title=row.title,
                reports_to=row.reports_to,
                birth_date=row.birth_date,
                hire_date=row.hire_date,
                address=row.address,
                city=row.city,
                state=row.state,
                country=row.country,
                postal_code=row.postal_code,
                phone=row.phone,
                fax=row.fax,
                email=row.email,
            )
            assert tx.employee.upsert(**values) is row
        with rolled_back(tx.session, InvalidRequest):
            tx.employee.delete(row.employee_id)

    live.transaction(write)
