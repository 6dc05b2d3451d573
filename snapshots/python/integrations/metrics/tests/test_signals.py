"""One test a signal, and what bounds them."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry

from integrations.metrics import Signals
from integrations.runtime.clock import FakeClock


def test_count_orders_placed() -> None:
    registry = CollectorRegistry()
    signals = Signals(registry)
    signals.count_orders_placed(channel="web")
    signals.count_orders_placed(2, channel="web")
    sample = "shop_orders_placed_total"
    assert registry.get_sample_value(sample, {"channel": "web"}) == 3
    assert registry.get_sample_value(sample, {"channel": "app"}) == 0


def test_observe_checkout_duration() -> None:
    registry = CollectorRegistry()
    signals = Signals(registry)
    signals.observe_checkout_duration(0.3)
    sample = "shop_checkout_duration_seconds_bucket"
    values = [
        registry.get_sample_value(sample, {"le": bound})
        for bound in ("0.1", "0.5", "+Inf")
    ]
    assert values == [0, 1, 1]


def test_time_checkout_duration() -> None:
    registry = CollectorRegistry()
    clock = FakeClock()
    signals = Signals(registry, clock=clock)
    with signals.time_checkout_duration():
        clock.advance(2.0)
    sample = "shop_checkout_duration_seconds_sum"
    assert registry.get_sample_value(sample) == 2.0


def test_a_value_that_is_not_declared_is_other() -> None:
    registry = CollectorRegistry()
    signals = Signals(registry)
    undeclared: Any = "undeclared"
    signals.count_orders_placed(1, channel=undeclared)
    sample = "shop_orders_placed_total"
    seen = [
        registry.get_sample_value(sample, {"channel": value})
        for value in (undeclared, "other")
    ]
    assert seen == [None, 1]
