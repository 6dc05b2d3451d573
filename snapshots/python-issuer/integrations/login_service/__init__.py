"""Service tokens of https://login.example.com: start with `ServiceTokens`."""

from integrations.login_service.config import LoginServiceConfig
from integrations.login_service.tokens import AsyncServiceTokens, ServiceTokens

__all__ = ["AsyncServiceTokens", "LoginServiceConfig", "ServiceTokens"]
