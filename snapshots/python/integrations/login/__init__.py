"""Bearer tokens of https://login.example.com: start with `TokenVerifier`."""

from integrations.login.claims import Claims
from integrations.login.config import LoginConfig
from integrations.login.verifier import (
    AsyncTokenVerifier,
    TokenRefused,
    TokenVerifier,
    challenge,
)

__all__ = [
    "AsyncTokenVerifier",
    "Claims",
    "LoginConfig",
    "TokenRefused",
    "TokenVerifier",
    "challenge",
]
