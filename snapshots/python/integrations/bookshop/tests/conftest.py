"""A stand-in for Bookshop that both clients talk to."""

from pathlib import Path

import pytest

from integrations.bookshop import AsyncBookshop, Bookshop, Config
from integrations.runtime.http_testing import FakeService
from integrations.runtime.secrets import Secret

CONFIG = Config(
    base_url="https://bookshop.test", token=Secret("a-secret"), key=Secret("a-secret")
)


@pytest.fixture
def service() -> FakeService[Bookshop, AsyncBookshop]:
    return FakeService(
        lambda calls, http: Bookshop(CONFIG, calls=calls, client=http),
        lambda calls, http: AsyncBookshop(CONFIG, calls=calls, client=http),
        Path(__file__).parent / "examples",
    )
