"""What Prometheus sees of the adapters' calls."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from prometheus_client import CollectorRegistry

from integrations.metrics.collector import CallCollector
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import NotFound, Unavailable
from integrations.runtime.events import Event, Events
from integrations.runtime.metrics import Metrics
from integrations.runtime.retry import Retry


class Scene:
    """An adapter `galaxy`, and the page that Prometheus would see."""

    def __init__(self, max_operations: int = 100) -> None:
        self.clock = FakeClock()
        self.metrics = Metrics()
        self.events = Events()
        self.errors: dict[tuple[str, str, str], int] = {}
        self.registry = CollectorRegistry()
        collector = CallCollector(
            max_operations,
            metrics=self.metrics,
            events=self.events,
            errors=self.counted,
        )
        self.registry.register(collector)
        self.calls = Calls(
            "galaxy",
            clock=self.clock,
            events=self.events,
            metrics=self.metrics,
            retry=Retry(jitter=lambda: 1.0),
        )

    def counted(self) -> Mapping[tuple[str, str, str], int]:
        return self.errors

    def run(self, operation: str, *, seconds: float = 0.0, failures: int = 0) -> None:
        left = failures

        def attempt(_: float) -> None:
            nonlocal left
            self.clock.advance(seconds)
            left -= 1
            if left >= 0:
                raise Unavailable("galaxy", operation, "down")

        self.calls.run(operation, attempt, repeatable=True)

    def value(self, name: str, operation: str, **labels: str) -> float | None:
        known = {"service": "galaxy", "operation": operation, **labels}
        return self.registry.get_sample_value(name, known)


def test_calls_are_counted_by_outcome() -> None:
    scene = Scene()
    scene.run("planets.get")
    scene.run("planets.get")
    with pytest.raises(Unavailable):
        scene.run("planets.get", failures=3)
    name = "integration_calls_total"
    assert scene.value(name, "planets.get", outcome="success") == 2
    assert scene.value(name, "planets.get", outcome="failure") == 1


def test_retries_are_counted() -> None:
    scene = Scene()
    scene.run("planets.get", failures=2)
    assert scene.value("integration_retries_total", "planets.get") == 2


def test_durations_are_a_histogram_of_seconds() -> None:
    scene = Scene()
    for seconds in (0.02, 0.02, 4.0, 99.0):
        scene.metrics.record("galaxy", "planets.get", seconds=seconds)
    name = "integration_call_duration_seconds"
    buckets = [
        scene.value(f"{name}_bucket", "planets.get", le=bound)
        for bound in ("0.01", "0.025", "5.0", "30.0", "+Inf")
    ]
    assert buckets == [0, 2, 3, 3, 4]
    assert scene.value(f"{name}_count", "planets.get") == 4
    assert scene.value(f"{name}_sum", "planets.get") == pytest.approx(103.04)


def test_cost_is_counted() -> None:
    scene = Scene()
    scene.metrics.add_cost("galaxy", "planets.get", 0.25)
    scene.metrics.add_cost("galaxy", "planets.get", 0.5)
    assert scene.value("integration_cost_total", "planets.get") == 0.75


def test_errors_are_counted_by_kind() -> None:
    scene = Scene()
    scene.errors = {("galaxy", "planets.get", NotFound.__name__): 2}
    name = "integration_errors_total"
    assert scene.value(name, "planets.get", kind="NotFound") == 2


def test_calls_under_way_are_shown() -> None:
    scene = Scene()
    name = "integration_calls_in_progress"
    seen: list[float | None] = []
    scene.calls.run(
        "planets.get",
        lambda _: seen.append(scene.value(name, "planets.get")),
        repeatable=True,
    )
    with pytest.raises(Unavailable):
        scene.run("planets.get", failures=3)
    assert [*seen, scene.value(name, "planets.get")] == [1, 0]


def test_operations_beyond_the_limit_are_one() -> None:
    scene = Scene(max_operations=2)
    scene.errors = {
        ("galaxy", f"operation-{number}", "NotFound"): 1 for number in "345"
    }
    for number in range(5):
        scene.run(f"operation-{number}", seconds=1.0)
    name = "integration_calls_total"
    assert scene.value(name, "operation-1", outcome="success") == 1
    assert scene.value(name, "operation-2", outcome="success") is None
    assert scene.value(name, "other", outcome="success") == 3
    assert scene.value("integration_call_duration_seconds_sum", "other") == 3.0
    bucket = "integration_call_duration_seconds_bucket"
    assert scene.value(bucket, "other", le="1.0") == 3
    assert scene.value("integration_errors_total", "other", kind="NotFound") == 3
    assert scene.value("integration_calls_in_progress", "operation-4") is None


def test_an_event_of_tomorrow_changes_nothing() -> None:
    scene = Scene()
    scene.events.emit(Event("slow", "galaxy", "planets.get", "c-1"))
    assert scene.value("integration_calls_in_progress", "planets.get") == 0
