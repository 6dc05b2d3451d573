"""The adapter against a real issuer, named by `LOGIN_LIVE_ISSUER`.

`LOGIN_LIVE_TOKEN` holds a token of it that is still good.
"""

import asyncio
import os
from dataclasses import replace

import pytest

from integrations.login import AsyncTokenVerifier, LoginConfig, TokenVerifier
from integrations.runtime.errors import AuthenticationError, PermissionDenied

ISSUER = os.environ.get("LOGIN_LIVE_ISSUER", "")
BEARER = "Bearer " + os.environ.get("LOGIN_LIVE_TOKEN", "")
pytestmark = pytest.mark.skipif(not ISSUER, reason="LOGIN_LIVE_ISSUER not set")


@pytest.fixture
def config() -> LoginConfig:
    return replace(LoginConfig.from_env(), issuer=ISSUER, keys_url=None)


def test_a_token_of_the_issuer_is_accepted(config: LoginConfig) -> None:
    with TokenVerifier(config) as verifier:
        assert verifier.authenticate(BEARER).subject
        with pytest.raises(PermissionDenied):
            verifier.authenticate(BEARER, scopes=["no:such-scope"])


def test_a_token_of_the_issuer_is_accepted_awaiting(config: LoginConfig) -> None:
    async def main() -> str:
        async with AsyncTokenVerifier(config) as verifier:
            return (await verifier.authenticate(BEARER)).subject

    assert asyncio.run(main())


def test_a_token_for_somebody_else_is_refused(config: LoginConfig) -> None:
    other = replace(config, audiences=("urn:somebody-else",))
    with TokenVerifier(other) as verifier, pytest.raises(AuthenticationError):
        verifier.authenticate(BEARER)
