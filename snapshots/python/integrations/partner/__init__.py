"""Service tokens of https://login.example.com: start with `ServiceTokens`."""

from integrations.partner.config import PartnerConfig
from integrations.partner.tokens import AsyncServiceTokens, ServiceTokens

__all__ = ["AsyncServiceTokens", "PartnerConfig", "ServiceTokens"]
