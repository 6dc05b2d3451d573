"""A stand-in for Galaxy that both clients talk to."""

from pathlib import Path

import pytest

from integrations.galaxy import AsyncGalaxy, Config, Galaxy
from integrations.runtime.http_testing import FakeService
from integrations.runtime.secrets import Secret

CONFIG = Config(
    base_url="https://galaxy.test",
    bearer_auth=Secret("bearer-auth"),
)


@pytest.fixture
def service() -> FakeService[Galaxy, AsyncGalaxy]:
    return FakeService(
        lambda calls, http: Galaxy(CONFIG, calls=calls, client=http),
        lambda calls, http: AsyncGalaxy(CONFIG, calls=calls, client=http),
        Path(__file__).parent / "examples",
    )
