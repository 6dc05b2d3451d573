"""The adapter on an SQLite file, and on the server of `CRM_TEST_DATABASE_URL`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import FromClause

from integrations.crm import Config, Crm
from integrations.runtime.secrets import Secret
from integrations.runtime.sql_testing import create_table


@pytest.fixture
def crm(tmp_path: Path, table: FromClause) -> Iterator[Crm]:
    """The adapter on a file that holds nothing but the table of the module."""
    url = create_table(tmp_path / "crm.sqlite", table)
    with Crm(Config(url=Secret(url))) as adapter:
        yield adapter


@pytest.fixture(scope="session")
def live() -> Iterator[Crm]:
    url = os.environ.get("CRM_TEST_DATABASE_URL")
    if url is None:
        pytest.skip("CRM_TEST_DATABASE_URL names no server")
    with Crm(Config(url=Secret(url))) as adapter:
        yield adapter
