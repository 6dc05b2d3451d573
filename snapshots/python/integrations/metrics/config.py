"""Settings of the metrics adapter, from arguments or the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from integrations.runtime.secrets import Settings

SERVICE = "metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsConfig:
    """Where metrics are shown, and how many.

    Attributes:
        host: Address to listen at; `127.0.0.1` unless Prometheus is on another machine.
        port: Port to listen at; 0 takes any free one, which `MetricsServer.url` tells.
        max_operations: Operations of one service shown by name; the rest is `other`.
        process: Show memory, processor time and open files of this process as well.
    """

    host: str = "127.0.0.1"
    port: int = 9464
    max_operations: int = 200
    process: bool = True

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `METRICS_*`; raises one `ConfigurationError` for all that is wrong."""
        read = Settings(SERVICE, "METRICS_", environ)
        port = read.text("PORT", "9464")
        if not port.isdecimal() or int(port) > 65_535:
            read.problem("METRICS_PORT is not a port: a number from 0 to 65535")
        max_operations = read.integer("MAX_OPERATIONS", 200)
        process = read.flag("PROCESS", default=True)
        read.check()
        return cls(
            host=read.text("HOST", "127.0.0.1"),
            port=int(port),
            max_operations=max_operations,
            process=process,
        )
