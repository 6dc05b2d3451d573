"""Shows the metrics to Prometheus, over HTTP."""

from __future__ import annotations

import threading
from typing import Self
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.exposition import choose_encoder

from integrations.metrics.collector import CallCollector
from integrations.metrics.config import SERVICE, MetricsConfig
from integrations.metrics.signals import Signals
from integrations.runtime.errors import ConfigurationError
from integrations.runtime.events import EVENTS, Events
from integrations.runtime.metrics import METRICS
from integrations.runtime.metrics import Metrics as CallMetrics


class Metrics:
    """All metrics of this process. Make one, and share it.

    Attributes:
        signals: What the project counts and measures itself.
        registry: For collectors of your own.
    """

    def __init__(
        self,
        config: MetricsConfig | None = None,
        *,
        metrics: CallMetrics = METRICS,
        events: Events = EVENTS,
    ) -> None:
        """Show what adapters report to `metrics` and `events`, and the signals."""
        self.config = config or MetricsConfig()
        self.registry = CollectorRegistry()
        self.signals = Signals(self.registry)
        limit = self.config.max_operations
        calls = CallCollector(limit, metrics=metrics, events=events)
        self.registry.register(calls)
        if self.config.process:
            ProcessCollector(registry=self.registry)

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """Return the page for `GET /metrics` and its type, for a server of your own."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def serve(self) -> MetricsServer:
        """Serve `/metrics` on a thread; use it in a `with` block, or `stop` it."""
        return MetricsServer(self.config, self.registry)


class MetricsServer:
    """A server of its own for `/metrics`."""

    def __init__(self, config: MetricsConfig, registry: CollectorRegistry) -> None:
        """Listen; raises `ConfigurationError` when the port is taken."""
        host = f"[{config.host}]" if ":" in config.host else config.host
        try:
            started = start_http_server(config.port, config.host, registry)
        except OSError as error:
            reason = f"cannot listen at {host}:{config.port}: {error.strerror}"
            raise ConfigurationError(SERVICE, "serve", reason) from error
        self._server: WSGIServer = started[0]
        self._thread: threading.Thread = started[1]
        self.url = f"http://{host}:{self._server.server_port}/metrics"

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        """Return the server, which is listening."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.stop()
