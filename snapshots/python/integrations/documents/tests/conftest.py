"""The adapter on a folder, and on the bucket that `DOCUMENTS_TEST_*` names."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from integrations.documents import AsyncDocuments, Config, Documents

LIVE = "DOCUMENTS_TEST_"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(folder=tmp_path / "bucket")


@pytest.fixture
def live_config() -> Config:
    """Settings from `DOCUMENTS_TEST_*`, below a prefix of this test's own."""
    given = {
        name.replace(LIVE, "DOCUMENTS_"): value
        for name, value in os.environ.items()
        if name.startswith(LIVE)
    }
    if "DOCUMENTS_BUCKET" not in given:
        pytest.skip("DOCUMENTS_TEST_BUCKET names no bucket")
    return Config.from_env({**given, "DOCUMENTS_PREFIX": f"test-{uuid4().hex}"})


@pytest.fixture(params=["folder", "live"])
def objects(request: pytest.FixtureRequest) -> Documents:
    name = "config" if request.param == "folder" else "live_config"
    return Documents(request.getfixturevalue(name))


@pytest.fixture(params=["folder", "live"])
def async_objects(request: pytest.FixtureRequest) -> AsyncDocuments:
    name = "config" if request.param == "folder" else "live_config"
    return AsyncDocuments(request.getfixturevalue(name))
