"""Bearer tokens of https://login.example.com: start with `TokenVerifier`."""

from integrations.login_tokens.claims import Claims
from integrations.login_tokens.config import LoginTokensConfig
from integrations.login_tokens.verifier import (
    AsyncTokenVerifier,
    TokenVerifier,
    challenge,
)

__all__ = [
    "AsyncTokenVerifier",
    "Claims",
    "LoginTokensConfig",
    "TokenVerifier",
    "challenge",
]
