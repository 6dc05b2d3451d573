"""Prometheus metrics of what this project's adapters do, and of its own signals."""

from integrations.metrics.config import MetricsConfig
from integrations.metrics.server import Metrics, MetricsServer
from integrations.metrics.signals import Signals

__all__ = ["Metrics", "MetricsConfig", "MetricsServer", "Signals"]
