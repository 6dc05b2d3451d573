"""The adapter on an SQLite file, and on the server of `CHINOOK_TEST_DATABASE_URL`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.chinook import Chinook, Config
from integrations.chinook.tables.base import Base
from integrations.runtime.secrets import Secret
from integrations.runtime.sql_testing import create_tables


@pytest.fixture
def chinook(tmp_path: Path) -> Iterator[Chinook]:
    url = create_tables(tmp_path / "chinook.sqlite", Base.metadata)
    with Chinook(Config(url=Secret(url))) as adapter:
        yield adapter


@pytest.fixture(scope="session")
def live() -> Iterator[Chinook]:
    url = os.environ.get("CHINOOK_TEST_DATABASE_URL")
    if url is None:
        pytest.skip("CHINOOK_TEST_DATABASE_URL names no server")
    with Chinook(Config(url=Secret(url))) as adapter:
        yield adapter
