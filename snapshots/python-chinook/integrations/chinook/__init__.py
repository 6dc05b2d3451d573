"""Adapter to the database `chinook`. Start with `Chinook()`."""

from integrations.chinook.client import AsyncChinook, Chinook, Tables, Transaction
from integrations.chinook.config import Config

__all__ = ["AsyncChinook", "Chinook", "Config", "Tables", "Transaction"]
