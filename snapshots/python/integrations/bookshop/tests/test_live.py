"""Every operation that only reads, against the Bookshop that `BOOKSHOP_TEST_URL` names.

Skipped without it. `BOOKSHOP_TEST_WRITES=true` runs the other operations too: set it only
where they can do no harm, such as against a mock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from integrations.bookshop import AsyncBookshop, Bookshop, Config
from integrations.runtime.errors import NotFound, PermissionDenied
from integrations.runtime.http_encoding import File
from integrations.runtime.http_testing import settle

Client = Bookshop | AsyncBookshop

READS: dict[str, Callable[[Client], object]] = {
    "books.list": lambda bookshop: bookshop.books.list(),
    "books.get": lambda bookshop: bookshop.books.get("9780262510875"),
    "books.get_cover": lambda bookshop: bookshop.books.get_cover("text"),
    "orders.get": lambda bookshop: bookshop.orders.get(1),
}
WRITES: dict[str, Callable[[Client], object]] = {
    "books.create": lambda bookshop: bookshop.books.create(
        isbn="9780262510875",
        title="Structure and Interpretation",
        genre="novel",
        price_cents=4200,
        sequels=[],
    ),
    "books.update": lambda bookshop: bookshop.books.update("9780262510875"),
    "books.delete": lambda bookshop: bookshop.books.delete("9780262510875"),
    "books.upload_cover": lambda bookshop: bookshop.books.upload_cover(
        "text", picture=File("file", b"content")
    ),
    "orders.create": lambda bookshop: bookshop.orders.create(
        lines=[{"isbn": "text", "copies": 1}]
    ),
}


URL = os.environ.get("BOOKSHOP_TEST_URL", "")
live = pytest.mark.skipif(not URL, reason="BOOKSHOP_TEST_URL is not set")
writes = pytest.mark.skipif(
    os.environ.get("BOOKSHOP_TEST_WRITES") != "true",
    reason="BOOKSHOP_TEST_WRITES is not true",
)


@live
@pytest.mark.parametrize("name", READS)
def test_a_read(name: str) -> None:
    run(READS[name])


@live
@writes
@pytest.mark.parametrize("name", WRITES)
def test_a_write(name: str) -> None:
    run(WRITES[name])


def run(call: Callable[[Client], object]) -> None:
    """Call with both clients; what the example's names do not reach is skipped."""
    config = Config.from_env({**os.environ, "BOOKSHOP_BASE_URL": URL})

    async def run_async() -> None:
        async with AsyncBookshop(config) as bookshop:
            await settle(call(bookshop))

    try:
        with Bookshop(config) as bookshop:
            asyncio.run(settle(call(bookshop)))
        asyncio.run(run_async())
    except (NotFound, PermissionDenied) as error:
        pytest.skip(str(error))
