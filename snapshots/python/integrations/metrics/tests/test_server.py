"""The page that Prometheus scrapes, and the settings."""

from __future__ import annotations

from urllib.request import urlopen

import pytest

from integrations.metrics import Metrics, MetricsConfig
from integrations.runtime.errors import ConfigurationError
from integrations.runtime.events import Events
from integrations.runtime.metrics import Metrics as CallMetrics

ANY_PORT = MetricsConfig(host="127.0.0.1", port=0, process=True)


def metrics(config: MetricsConfig = ANY_PORT) -> Metrics:
    return Metrics(config, metrics=CallMetrics(), events=Events())


def test_the_page_is_served() -> None:
    with metrics().serve() as server, urlopen(server.url, timeout=5) as reply:
        page = reply.read().decode()
        assert reply.headers["Content-Type"].startswith("text/plain; version=")
    assert "# TYPE integration_calls_total counter\n" in page
    assert "# TYPE shop_orders_placed_total counter\n" in page
    assert "process_cpu_seconds_total " in page


def test_an_address_with_colons_stands_in_brackets() -> None:
    elsewhere = MetricsConfig(host="2001:db8::1", port=0)
    with pytest.raises(ConfigurationError, match=r"listen at \[2001:db8::1\]:0"):
        metrics(elsewhere).serve()


def test_the_page_is_there_for_a_server_of_ones_own() -> None:
    page, content_type = metrics().page(accept="application/openmetrics-text")
    assert content_type.startswith("application/openmetrics-text")
    assert page.endswith(b"# EOF\n")


def test_the_process_can_be_left_out() -> None:
    page, _ = metrics(MetricsConfig(process=False)).page()
    assert b"process_" not in page


def test_two_servers_do_not_disturb_one_another() -> None:
    with metrics().serve() as one, metrics().serve() as two:
        assert one.url != two.url


def test_a_port_that_is_taken_is_an_error() -> None:
    with metrics().serve() as server:
        port = int(server.url.rpartition(":")[2].removesuffix("/metrics"))
        with pytest.raises(ConfigurationError, match=f"cannot listen at .*:{port}"):
            metrics(MetricsConfig(host="127.0.0.1", port=port)).serve()


def test_nothing_must_be_set() -> None:
    assert MetricsConfig.from_env({}) == MetricsConfig()


def test_all_settings_are_read() -> None:
    environ = {
        "METRICS_HOST": "0.0.0.0",
        "METRICS_PORT": "0",
        "METRICS_MAX_OPERATIONS": "5",
        "METRICS_PROCESS": "false",
    }
    config = MetricsConfig.from_env(environ)
    assert (config.host, config.port) == ("0.0.0.0", 0)
    assert (config.max_operations, config.process) == (5, False)


@pytest.mark.parametrize("port", ["-1", "http", "65536"])
def test_a_port_must_be_one(port: str) -> None:
    with pytest.raises(ConfigurationError, match="METRICS_PORT is not a port"):
        MetricsConfig.from_env({"METRICS_PORT": port})
