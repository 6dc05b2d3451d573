"""The adapter on a folder, and on the bucket that `DOCUMENTS_TEST_*` names."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from integrations.documents import AsyncDocuments, Config, Documents


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(folder=tmp_path / "bucket")


@pytest.fixture
def live_config() -> Config:
    """Settings from `DOCUMENTS_TEST_*`, below a prefix of this test's own."""
    given = {
        k.replace("_TEST_", "_"): v for k, v in os.environ.items() if "_TEST_" in k
    }
    if "DOCUMENTS_BUCKET" not in given:
        pytest.skip("DOCUMENTS_TEST_BUCKET names no bucket")
    return Config.from_env({**given, "DOCUMENTS_PREFIX": f"test-{uuid4().hex}"})


@pytest.fixture(params=["folder", "live"])
def documents(request: pytest.FixtureRequest) -> Documents:
    name = "config" if request.param == "folder" else "live_config"
    return Documents(request.getfixturevalue(name))


@pytest.fixture(params=["folder", "live"])
def async_documents(request: pytest.FixtureRequest) -> AsyncDocuments:
    name = "config" if request.param == "folder" else "live_config"
    return AsyncDocuments(request.getfixturevalue(name))
