"""A real Prometheus scrapes the page, and answers a query.

Needs the program `prometheus`, or PROMETHEUS with its path.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from integrations.metrics import Metrics, MetricsConfig
from integrations.runtime.calls import Calls
from integrations.runtime.events import Events
from integrations.runtime.metrics import Metrics as CallMetrics

PROGRAM = os.environ.get("PROMETHEUS") or shutil.which("prometheus") or ""
RULES = Path(__file__).parent.parent / "prometheus"
pytestmark = pytest.mark.skipif(not PROGRAM, reason="test_live: no prometheus program")

CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}/recording.yaml, {rules}/alerts.yaml]
scrape_configs: [{{job_name: test, static_configs: [{{targets: ["{target}"]}}]}}]
"""


@contextmanager
def prometheus(folder: Path, url: str) -> Generator[str]:
    """Run a Prometheus that scrapes `url`; yields its own address."""
    target = url.removeprefix("http://").removesuffix("/metrics")
    config = folder / "prometheus.yaml"
    config.write_text(CONFIG.format(rules=RULES, target=target), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    arguments = [
        PROGRAM,
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
    ]
    process = subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
    try:
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(10)


def query(address: str, expression: str) -> list[str]:
    """Return the values of an expression, waiting until there are any."""
    url = f"{address}/api/v1/query?query={quote(expression)}"
    for _ in range(100):
        values: list[str] = []
        with suppress(URLError), urlopen(url, timeout=5) as reply:
            text = reply.read().decode()
            values = re.findall(r'"value":\[[\d.]+,"([^"]*)"\]', text)
        if values:
            return values
        time.sleep(0.2)
    return []


def test_live_prometheus_counts_the_calls(tmp_path: Path) -> None:
    calls, events = CallMetrics(), Events()
    config = MetricsConfig(host="127.0.0.1", port=0)
    metrics = Metrics(config, metrics=calls, events=events)
    galaxy = Calls("galaxy", metrics=calls, events=events)
    for _ in range(3):
        galaxy.run("planets.get", lambda _: None, repeatable=True)
    metrics.signals.count_orders_placed(1, channel="web")
    with metrics.serve() as server, prometheus(tmp_path, server.url) as address:
        labels = 'service="galaxy",operation="planets.get",outcome="success"'
        assert query(address, f"integration_calls_total{{{labels}}}") == ["3"]
        assert query(address, 'shop_orders_placed_total{channel="web"}') == ["1"]
        recorded = "service_operation:integration_calls:rate5m"
        assert query(address, recorded) == ["0"]
