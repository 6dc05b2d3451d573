"""Every operation that only reads, against the Galaxy that `GALAXY_BASE_URL` names.

Skipped without it. `GALAXY_TEST_WRITES=true` runs the other operations too: set it only
where they can do no harm, such as against a mock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from integrations.galaxy import AsyncGalaxy, Galaxy
from integrations.runtime.errors import NotFound, PermissionDenied
from integrations.runtime.http_encoding import File
from integrations.runtime.http_testing import settle

Client = Galaxy | AsyncGalaxy

READS: dict[str, Callable[[Client], object]] = {
    "authentication.get_me": lambda galaxy: galaxy.authentication.get_me(),
    "planets.list": lambda galaxy: galaxy.planets.list(limit=10, offset=0),
    "planets.get": lambda galaxy: galaxy.planets.get(1),
}
WRITES: dict[str, Callable[[Client], object]] = {
    "authentication.create_user": lambda galaxy: galaxy.authentication.create_user(
        name="Marc", email="marc@scalar.com", password="i-love-scalar"
    ),
    "authentication.get_token": lambda galaxy: galaxy.authentication.get_token(
        email="marc@scalar.com", password="i-love-scalar"
    ),
    "planets.create": lambda galaxy: galaxy.planets.create(
        name="Mars", description="The red planet"
    ),
    "planets.update": lambda galaxy: galaxy.planets.update(
        1, name="Mars", description="The red planet"
    ),
    "planets.delete": lambda galaxy: galaxy.planets.delete(1),
    "planets.upload_image": lambda galaxy: galaxy.planets.upload_image(
        1, image=File("image", b"content")
    ),
}


live = pytest.mark.skipif(
    "GALAXY_BASE_URL" not in os.environ, reason="GALAXY_BASE_URL is not set"
)
writes = pytest.mark.skipif(
    os.environ.get("GALAXY_TEST_WRITES") != "true",
    reason="GALAXY_TEST_WRITES is not true",
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

    async def run_async() -> None:
        async with AsyncGalaxy() as galaxy:
            await settle(call(galaxy))

    try:
        with Galaxy() as galaxy:
            asyncio.run(settle(call(galaxy)))
        asyncio.run(run_async())
    except (NotFound, PermissionDenied) as error:
        pytest.skip(str(error))
