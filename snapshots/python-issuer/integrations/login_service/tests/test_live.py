"""The adapter against a real issuer, named by `LOGIN_SERVICE_LIVE_ISSUER`."""

import asyncio
import os
from dataclasses import replace

import pytest

from integrations.login_service import (
    AsyncServiceTokens,
    LoginServiceConfig,
    ServiceTokens,
)
from integrations.runtime.errors import AuthenticationError
from integrations.runtime.secrets import Secret

ISSUER = os.environ.get("LOGIN_SERVICE_LIVE_ISSUER", "")
pytestmark = pytest.mark.skipif(not ISSUER, reason="LOGIN_SERVICE_LIVE_ISSUER not set")


@pytest.fixture
def config() -> LoginServiceConfig:
    return replace(LoginServiceConfig.from_env(), issuer=ISSUER, token_url=None)


def test_the_issuer_gives_a_token(config: LoginServiceConfig) -> None:
    with ServiceTokens(config) as tokens:
        first = tokens.token()
        assert first.reveal()
        assert tokens.token() is first


def test_the_issuer_gives_a_token_awaiting(config: LoginServiceConfig) -> None:
    async def main() -> str:
        async with AsyncServiceTokens(config) as tokens:
            return (await tokens.token()).reveal()

    assert asyncio.run(main())


def test_the_issuer_refuses_a_wrong_secret(config: LoginServiceConfig) -> None:
    wrong = replace(config, client_secret=Secret("not the secret"))
    with ServiceTokens(wrong) as tokens, pytest.raises(AuthenticationError):
        tokens.token()
