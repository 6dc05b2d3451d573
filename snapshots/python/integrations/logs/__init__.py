"""Structured logs with correlation ids: call `configure` once, then `get_logger`."""

from integrations.logs.config import LogsConfig
from integrations.logs.setup import configure, get_logger

__all__ = ["LogsConfig", "configure", "get_logger"]
