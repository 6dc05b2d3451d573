"""What an error tells, and what is counted."""

import pickle

from integrations.runtime.errors import (
    IntegrationError,
    RateLimited,
    Unavailable,
    count_error,
    error_counts,
)


def test_a_kind_says_what_its_errors_are_unless_one_says_otherwise() -> None:
    usual = Unavailable("svc", "get", "HTTP 503")
    special = Unavailable("svc", "get", "HTTP 501", retryable=False, severity="error")
    assert (usual.retryable, usual.severity) == (True, "warning")
    assert (special.retryable, special.severity) == (False, "error")
    assert RateLimited("svc", "get", "HTTP 429").not_applied


def test_an_error_passes_between_processes_whole() -> None:
    error = RateLimited("svc", "get", "wait", retry_after_seconds=2.0, status=429)
    error.correlation_id = "c1"
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, IntegrationError)
    assert (str(copy), copy.status, copy.retry_after_seconds) == (str(error), 429, 2.0)


def test_errors_are_counted_by_service_operation_and_kind() -> None:
    for _ in range(2):
        count_error(Unavailable("counted", "get", "down"))
    assert error_counts()["counted", "get", "Unavailable"] == 2
