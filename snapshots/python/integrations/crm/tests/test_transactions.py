"""What only the server can show: deadlocks, lost connections, timeouts."""

import asyncio
import os
import time
from contextlib import suppress
from itertools import islice
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from integrations.crm import AsyncCrm, Config, Crm, Transaction
from integrations.runtime.errors import (
    Conflict,
    DeadlineExceeded,
    InvalidRequest,
    PermissionDenied,
    Unavailable,
)
from integrations.runtime.secrets import Secret


def test_settings_come_from_the_environment() -> None:
    environ = {"CRM_DATABASE_URL": "sqlite:///file", "CRM_POOL_SIZE": "2"}
    config = Config.from_env(environ)
    assert config == Config(url=Secret("sqlite:///file"), pool_size=2)


def test_live_a_deadlock_is_repeated(live: Crm) -> None:
    both_hold_one = Barrier(2)
    runs: list[int] = []

    def work(tx: Transaction, first: int, second: int) -> None:
        runs.append(first)
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        tx.session.execute(lock, {"key": first})
        if len(runs) <= 2:
            both_hold_one.wait(5)
        tx.session.execute(lock, {"key": second})

    def run(first: int, second: int) -> None:
        live.transaction(lambda tx: work(tx, first, second))

    threads = [Thread(target=run, args=(1, 2)), Thread(target=run, args=(2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 3


def test_live_a_lost_connection_is_replaced(live: Crm) -> None:
    statements = iter(["pg_terminate_backend(pg_backend_pid())", "1"])
    one = live.transaction(
        lambda tx: tx.session.scalar(text(f"SELECT {next(statements)}"))
    )
    assert one == 1


def test_live_each_failure_has_its_kind(live: Crm) -> None:
    with pytest.raises(InvalidRequest, match="division by zero") as caught:
        live.transaction(lambda tx: tx.session.execute(text("SELECT 1 / 0")))
    assert caught.value.context["code"] == "22012"
    with pytest.raises(PermissionDenied):
        live.transaction(
            lambda tx: tx.session.execute(text("CREATE TEMPORARY TABLE t (i int)")),
            read_only=True,
        )
    with pytest.raises(DeadlineExceeded):
        live.transaction(
            lambda tx: tx.session.execute(text("SELECT pg_sleep(5)")),
            timeout_seconds=0.2,
        )


def test_live_an_error_about_a_value_does_not_name_it(live: Crm) -> None:
    statement = text("SELECT CAST(:value AS integer)")
    with pytest.raises(InvalidRequest) as caught:
        live.transaction(lambda tx: tx.session.execute(statement, {"value": "ssn-1"}))
    assert "ssn-1" not in str(caught.value)


def test_live_many_statements_share_one_deadline(live: Crm) -> None:
    def work(tx: Transaction) -> None:
        for _ in range(6):
            tx.session.execute(text("SELECT pg_sleep(0.3)"))

    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        live.transaction(work, timeout_seconds=0.5)
    assert time.monotonic() - started < 1


def test_live_a_failure_that_was_caught_is_not_committed(live: Crm) -> None:
    def work(tx: Transaction) -> None:
        with suppress(DBAPIError):
            tx.session.execute(text("SELECT 1 / 0"))

    with pytest.raises(Conflict, match="an earlier statement failed"):
        live.transaction(work)


def test_live_isolation_is_the_one_asked_for(live: Crm) -> None:
    level = live.transaction(
        lambda tx: tx.session.scalar(text("SHOW transaction_isolation")),
        isolation="SERIALIZABLE",
    )
    assert level == "serializable"


def test_live_asyncio(live: Crm) -> None:
    del live  # only to be skipped with the others

    def first(tx: Transaction) -> int:
        return len(list(islice(tx.customer.list(page_size=2), 2)))

    async def main() -> None:
        config = Config(url=Secret(os.environ["CRM_TEST_DATABASE_URL"]))
        async with AsyncCrm(config) as adapter:
            tasks = [adapter.transaction(first, read_only=True) for _ in range(3)]
            assert len(set(await asyncio.gather(*tasks))) == 1

    asyncio.run(main())


def test_nobody_listens_at_that_port() -> None:
    url = Secret("postgresql://nobody:secret@127.0.0.1:9/none")
    adapter = Crm(Config(url=url, attempts=1))
    with adapter, pytest.raises(Unavailable) as caught:
        adapter.transaction(lambda _: None)
    assert "secret" not in str(caught.value)
