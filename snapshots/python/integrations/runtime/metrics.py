"""Counts what the adapters do: calls, failures, retries, time and cost."""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, replace

BUCKETS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets; what took longer is counted in one more."""


@dataclass(frozen=True, slots=True)
class OperationMetrics:
    """What one operation of one service has done since the start.

    Attributes:
        calls: Finished calls, failed and cancelled ones included.
        failures: Calls that ended in an error.
        cancellations: Calls that their caller gave up.
        retries: Attempts beyond the first of each call.
        seconds_total: Time of all calls, waits included.
        seconds_max: Time of the slowest call.
        buckets: Calls by time; the bounds are `BUCKETS_SECONDS`, the last has none.
        cost: Sum of what the service said its calls cost, in the service's unit.
    """

    calls: int = 0
    failures: int = 0
    cancellations: int = 0
    retries: int = 0
    seconds_total: float = 0.0
    seconds_max: float = 0.0
    buckets: tuple[int, ...] = (0,) * (len(BUCKETS_SECONDS) + 1)
    cost: float = 0.0


class Metrics:
    """Metrics by service and operation. Safe to share."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._lock = threading.Lock()
        self._operations: dict[tuple[str, str], OperationMetrics] = {}

    def record(
        self,
        service: str,
        operation: str,
        *,
        seconds: float,
        failed: bool = False,
        cancelled: bool = False,
        retries: int = 0,
    ) -> None:
        """Count one finished call."""
        slot = bisect_left(BUCKETS_SECONDS, seconds)
        with self._lock:
            old = self._operations.get((service, operation), OperationMetrics())
            buckets = old.buckets
            self._operations[service, operation] = replace(
                old,
                calls=old.calls + 1,
                failures=old.failures + failed,
                cancellations=old.cancellations + cancelled,
                retries=old.retries + retries,
                seconds_total=old.seconds_total + seconds,
                seconds_max=max(old.seconds_max, seconds),
                buckets=(*buckets[:slot], buckets[slot] + 1, *buckets[slot + 1 :]),
            )

    def add_cost(self, service: str, operation: str, cost: float) -> None:
        """Add what the service said a call cost."""
        with self._lock:
            old = self._operations.get((service, operation), OperationMetrics())
            self._operations[service, operation] = replace(old, cost=old.cost + cost)

    def snapshot(self) -> dict[tuple[str, str], OperationMetrics]:
        """Return the metrics by service and operation, as they are now."""
        with self._lock:
            return dict(self._operations)


METRICS = Metrics()
"""What adapters count in, unless they are given another."""
