"""Which error each reply stands for, and what the error tells."""

import httpx2 as httpx
import pytest

from integrations.runtime.errors import (
    AuthenticationError,
    Conflict,
    IntegrationError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.http_errors import error_of_failure, error_of_reply
from integrations.runtime.secrets import Secret

NOW = 1_700_000_000.0


def error_of(response: httpx.Response) -> IntegrationError:
    return error_of_reply("svc", "get", response, response.content, NOW)


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (302, UnexpectedResponse, False),
        (400, InvalidRequest, False),
        (401, AuthenticationError, False),
        (403, PermissionDenied, False),
        (404, NotFound, False),
        (408, Unavailable, True),
        (409, Conflict, False),
        (410, NotFound, False),
        (412, Conflict, False),
        (418, InvalidRequest, False),
        (422, InvalidRequest, False),
        (429, RateLimited, True),
        (500, Unavailable, True),
        (501, Unavailable, False),
        (503, Unavailable, True),
    ],
)
def test_the_status_decides_the_kind(
    status: int, kind: type[IntegrationError], *, retryable: bool
) -> None:
    error = error_of(httpx.Response(status))
    assert type(error) is kind
    assert (error.retryable, error.status) == (retryable, status)
    assert error.reason == f"HTTP {status}"


def test_403_with_a_wait_is_a_rate_limit() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 9)}
    error = error_of(httpx.Response(403, headers=headers))
    assert isinstance(error, RateLimited)
    assert error.retry_after_seconds == 9.0


@pytest.mark.parametrize(
    "body",
    [
        {"detail": "too long", "title": "Bad"},
        {"message": "too long"},
        {"error": {"message": "too long", "type": "x"}},
        {"error": "too long"},
        {"errors": [], "title": "too long"},
    ],
)
def test_the_reason_is_what_the_body_says(body: object) -> None:
    error = error_of(httpx.Response(400, json=body))
    assert error.reason == "HTTP 400: too long"
    assert error.context["body"] == body


def test_a_body_that_is_no_json_is_kept_as_text_and_cut() -> None:
    error = error_of(httpx.Response(502, text="<html>" * 4_000))
    assert error.reason == "HTTP 502"
    assert len(str(error.context["body"])) == 4_000


def test_the_service_s_request_id_is_kept() -> None:
    error = error_of(httpx.Response(500, headers={"X-Request-Id": "r1"}))
    assert error.context["request_id"] == "r1"


@pytest.mark.parametrize(
    ("cause", "not_applied"),
    [
        (httpx.ConnectError("refused"), True),
        (httpx.ConnectTimeout("timed out"), True),
        (httpx.PoolTimeout("no connection free"), True),
        (httpx.ReadTimeout("timed out"), False),
        (httpx.ReadError("reset"), False),
        (httpx.RemoteProtocolError("closed"), False),
    ],
)
def test_without_a_reply_it_matters_whether_the_request_left(
    cause: httpx.RequestError, *, not_applied: bool
) -> None:
    error = error_of_failure("svc", "get", cause)
    assert type(error) is Unavailable
    assert (error.retryable, error.not_applied) == (True, not_applied)


def test_no_reason_holds_a_secret() -> None:
    secret = Secret("hunter2")
    said = f"the token {secret.reveal()} is unknown"
    errors = [
        error_of(httpx.Response(400, json={"message": said})),
        error_of_failure("svc", "get", httpx.ReadError(said)),
    ]
    for error in errors:
        assert error.reason.endswith("the token *** is unknown")
    assert error_of(httpx.Response(400, text=said)).context["body"] == (
        "the token *** is unknown"
    )


def test_a_reply_that_cannot_be_unpacked_is_unexpected() -> None:
    error = error_of_failure("svc", "get", httpx.DecodingError("bad gzip"))
    assert type(error) is UnexpectedResponse
