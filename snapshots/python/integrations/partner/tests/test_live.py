"""The adapter against a real issuer, named by `PARTNER_LIVE_ISSUER`."""

import asyncio
import os
from dataclasses import replace

import pytest

from integrations.partner import AsyncServiceTokens, PartnerConfig, ServiceTokens
from integrations.runtime.errors import AuthenticationError
from integrations.runtime.secrets import Secret

ISSUER = os.environ.get("PARTNER_LIVE_ISSUER", "")
pytestmark = pytest.mark.skipif(not ISSUER, reason="PARTNER_LIVE_ISSUER not set")


@pytest.fixture
def config() -> PartnerConfig:
    return replace(PartnerConfig.from_env(), issuer=ISSUER, token_url=None)


def test_the_issuer_gives_a_token(config: PartnerConfig) -> None:
    with ServiceTokens(config) as tokens:
        first = tokens.token()
        assert first.reveal()
        assert tokens.token() is first


def test_the_issuer_gives_a_token_awaiting(config: PartnerConfig) -> None:
    async def main() -> str:
        async with AsyncServiceTokens(config) as tokens:
            return (await tokens.token()).reveal()

    assert asyncio.run(main())


def test_the_issuer_refuses_a_wrong_secret(config: PartnerConfig) -> None:
    wrong = replace(config, client_secret=Secret("not the secret"))
    with ServiceTokens(wrong) as tokens, pytest.raises(AuthenticationError):
        tokens.token()
