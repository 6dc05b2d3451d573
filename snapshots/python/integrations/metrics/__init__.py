"""Prometheus metrics of what this project's adapters do, and of its own signals.

Written by integrate from answers. Yours to edit, under no licence of the generator;
`README.md` says how to use and test it.
"""

from integrations.metrics.config import MetricsConfig
from integrations.metrics.server import Metrics, MetricsServer
from integrations.metrics.signals import Signals

__all__ = ["Metrics", "MetricsConfig", "MetricsServer", "Signals"]
