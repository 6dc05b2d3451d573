"""Settings from the environment and from secret files."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.orders import OrdersConfig
from integrations.runtime.errors import ConfigurationError

URL = "amqps://shop:hunter2@broker.example.com/orders"


def test_the_url_is_all_that_must_be_set() -> None:
    config = OrdersConfig.from_env({"ORDERS_URL": URL})
    assert config.url.reveal() == URL
    assert "hunter2" not in repr(config)
    assert config == OrdersConfig(url=config.url)


def test_the_url_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text(URL + "\n")
    config = OrdersConfig.from_env({"ORDERS_URL_FILE": str(file)})
    assert config.url.reveal() == URL


def test_all_settings_are_read() -> None:
    config = OrdersConfig.from_env(
        {
            "ORDERS_URL": URL,
            "ORDERS_NAME_PREFIX": "staging.",
            "ORDERS_DECLARE": "false",
            "ORDERS_PUBLISH_TIMEOUT_SECONDS": "1",
            "ORDERS_QUEUE_TYPE": "classic",
            "ORDERS_PREFETCH": "2",
            "ORDERS_RETRY_DELAYS_SECONDS": "0.5,3",
            "ORDERS_HANDLER_TIMEOUT_SECONDS": "4",
            "ORDERS_DEDUPE_SECONDS": "5",
            "ORDERS_DEDUPE_ENTRIES": "6",
            "ORDERS_SHUTDOWN_SECONDS": "7",
        }
    )
    assert (config.name_prefix, config.declare) == ("staging.", False)
    assert config.publish_timeout_seconds == 1.0
    consumer = config.consumer
    assert config.queue_type == "classic"
    assert (consumer.prefetch, consumer.retry_delays_seconds) == (2, (0.5, 3.0))
    assert (consumer.handler_timeout_seconds, consumer.dedupe_seconds) == (4.0, 5.0)
    assert (consumer.dedupe_entries, consumer.shutdown_seconds) == (6, 7.0)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        OrdersConfig.from_env(
            {
                "ORDERS_DECLARE": "perhaps",
                "ORDERS_QUEUE_TYPE": "mirrored",
                "ORDERS_RETRY_DELAYS_SECONDS": "1,soon",
                "ORDERS_PREFETCH": "0",
            }
        )
    for name in ("URL", "DECLARE", "QUEUE_TYPE", "RETRY_DELAYS_SECONDS", "PREFETCH"):
        assert f"ORDERS_{name}" in str(caught.value)
