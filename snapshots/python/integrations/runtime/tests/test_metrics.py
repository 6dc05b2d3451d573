"""What is counted for each operation."""

from integrations.runtime.metrics import BUCKETS_SECONDS, Metrics


def test_calls_are_counted_by_service_and_operation() -> None:
    metrics = Metrics()
    metrics.record("svc", "get", seconds=0.02)
    metrics.record("svc", "get", seconds=99.0, failed=True, retries=2)
    metrics.record("svc", "put", seconds=0.01)
    get = metrics.snapshot()["svc", "get"]
    assert (get.calls, get.failures, get.retries) == (2, 1, 2)
    assert (get.seconds_total, get.seconds_max) == (99.02, 99.0)
    assert metrics.snapshot()["svc", "put"].calls == 1


def test_buckets_hold_what_took_at_most_their_bound() -> None:
    metrics = Metrics()
    for seconds in (0.01, 0.011, 30.0, 30.1):
        metrics.record("svc", "get", seconds=seconds)
    buckets = metrics.snapshot()["svc", "get"].buckets
    assert len(buckets) == len(BUCKETS_SECONDS) + 1
    assert (buckets[0], buckets[1], buckets[-2], buckets[-1]) == (1, 1, 1, 1)


def test_cost_adds_up_and_a_snapshot_stays_as_it_was() -> None:
    metrics = Metrics()
    metrics.add_cost("svc", "query", 2.5)
    before = metrics.snapshot()
    metrics.add_cost("svc", "query", 1.0)
    assert before["svc", "query"].cost == 2.5
    assert metrics.snapshot()["svc", "query"].cost == 3.5
