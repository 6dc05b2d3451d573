"""Shows what the project's adapters do, as Prometheus metrics.

Nothing is counted twice: each scrape reads what `runtime.metrics` has counted.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from integrations.runtime.errors import error_counts
from integrations.runtime.events import EVENTS, Event, Events
from integrations.runtime.metrics import (
    BUCKETS_SECONDS,
    METRICS,
    Metrics,
    OperationMetrics,
)

OTHER = "other"
CALL = ("service", "operation")
STEPS = {"started": 1, "completed": -1, "failed": -1, "cancelled": -1}

ErrorCounts = Callable[[], Mapping[tuple[str, str, str], int]]
Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class CallCollector(Collector):
    """Calls, errors, retries, time and cost by service and operation."""

    def __init__(
        self,
        max_operations: int,
        *,
        metrics: Metrics = METRICS,
        events: Events = EVENTS,
        errors: ErrorCounts = error_counts,
    ) -> None:
        """Show `max_operations` of each service by name, the rest as `other`."""
        self._names = OperationNames(max_operations)
        self._metrics = metrics
        self._errors = errors
        self._lock = threading.Lock()
        self._in_progress: Counter[tuple[str, str]] = Counter()
        events.listen(self._follow)

    def collect(self) -> Iterator[Family]:
        """Return the metrics as they are now."""
        yield from call_families(self._calls())
        yield self._error_family()
        yield self._in_progress_family()

    def _calls(self) -> dict[tuple[str, str], OperationMetrics]:
        calls: dict[tuple[str, str], OperationMetrics] = {}
        for (service, operation), more in self._metrics.snapshot().items():
            key = service, self._names.shown(service, operation)
            known = calls.get(key)
            calls[key] = more if known is None else _sum(known, more)
        return calls

    def _error_family(self) -> CounterMetricFamily:
        counts: Counter[tuple[str, str, str]] = Counter()
        for (service, operation, kind), count in self._errors().items():
            counts[service, self._names.shown(service, operation), kind] += count
        text = "Calls of adapters that failed, by kind of error."
        errors = CounterMetricFamily("integration_errors", text, labels=(*CALL, "kind"))
        for key, count in counts.items():
            errors.add_metric(key, count)
        return errors

    def _in_progress_family(self) -> GaugeMetricFamily:
        text = "Calls of adapters under way."
        family = GaugeMetricFamily("integration_calls_in_progress", text, labels=CALL)
        with self._lock:
            for key, count in self._in_progress.items():
                family.add_metric(key, count)
        return family

    def _follow(self, event: Event) -> None:
        step = STEPS.get(event.kind, 0)
        shown = self._names.shown(event.service, event.operation)
        with self._lock:
            self._in_progress[event.service, shown] += step


class OperationNames:
    """Bounds how many operations of a service are told apart. Safe to share."""

    def __init__(self, limit: int) -> None:
        """Tell `limit` operations of each service apart."""
        self._limit = limit
        self._lock = threading.Lock()
        self._known: dict[str, set[str]] = {}

    def shown(self, service: str, operation: str) -> str:
        """Return the operation's name, or `other` when there are too many."""
        with self._lock:
            known = self._known.setdefault(service, set())
            if len(known) < self._limit:
                known.add(operation)
            return operation if operation in known else OTHER


def call_families(
    calls: Mapping[tuple[str, str], OperationMetrics],
) -> tuple[Family, ...]:
    """Return calls, retries, time and cost as Prometheus writes them."""
    total = CounterMetricFamily(
        "integration_calls",
        "Finished calls of adapters, by outcome.",
        labels=(*CALL, "outcome"),
    )
    retries = CounterMetricFamily(
        "integration_retries", "Attempts beyond the first of each call.", labels=CALL
    )
    cost = CounterMetricFamily(
        "integration_cost", "What services said calls cost, in their unit.", labels=CALL
    )
    seconds = HistogramMetricFamily(
        "integration_call_duration_seconds",
        "Time of calls, waits included.",
        labels=CALL,
    )
    for key, done in calls.items():
        given_up = done.failures + done.cancellations
        total.add_metric((*key, "success"), done.calls - given_up)
        total.add_metric((*key, "failure"), done.failures)
        total.add_metric((*key, "cancelled"), done.cancellations)
        retries.add_metric(key, done.retries)
        cost.add_metric(key, done.cost)
        bounds = [*map(str, BUCKETS_SECONDS), "+Inf"]
        buckets = list(zip(bounds, accumulate(done.buckets), strict=True))
        seconds.add_metric(key, buckets, done.seconds_total)
    return total, retries, cost, seconds


def _sum(one: OperationMetrics, two: OperationMetrics) -> OperationMetrics:
    return replace(
        one,
        calls=one.calls + two.calls,
        failures=one.failures + two.failures,
        cancellations=one.cancellations + two.cancellations,
        retries=one.retries + two.retries,
        seconds_total=one.seconds_total + two.seconds_total,
        seconds_max=max(one.seconds_max, two.seconds_max),
        buckets=tuple(map(sum, zip(one.buckets, two.buckets, strict=True))),
        cost=one.cost + two.cost,
    )
