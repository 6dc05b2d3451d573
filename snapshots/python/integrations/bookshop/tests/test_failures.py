"""What the clients do when Bookshop, or the way to it, fails."""

from __future__ import annotations

from dataclasses import replace

import httpx2 as httpx
import pytest

from integrations.bookshop import AsyncBookshop, Bookshop
from integrations.bookshop.tests.conftest import CONFIG
from integrations.runtime.calls import Calls
from integrations.runtime.errors import (
    AuthenticationError,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.http_testing import FakeService

Service = FakeService[Bookshop, AsyncBookshop]

LOST = [
    httpx.ReadTimeout("timed out"),
    httpx.ReadError("connection reset"),
    httpx.RemoteProtocolError("closed"),
]


def test_429_is_tried_again_when_the_service_says(service: Service) -> None:
    service.answers(429, headers={"retry-after": "7"})
    service.example(200, "Book")
    service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert service.sleeps == [7.0]


def test_429_beyond_the_deadline_is_raised_at_once(service: Service) -> None:
    service.answers(429, headers={"retry-after": "3600"})
    with pytest.raises(RateLimited) as raised:
        service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert raised.value.retry_after_seconds == 3600.0
    assert (len(service.sent), service.sleeps) == (1, [])


def test_an_outage_is_waited_out(service: Service) -> None:
    service.answers(503)
    service.answers(502)
    service.example(200, "Book")
    service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert service.sleeps == [0.5, 1.0]


@pytest.mark.parametrize("lost", LOST)
def test_a_read_that_is_lost_is_sent_again(service: Service, lost: Exception) -> None:
    service.fails(lost)
    service.example(200, "Book")
    service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert len(service.sent) == 2


def test_the_settings_hold_for_calls_that_are_shared() -> None:
    sent: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(503)

    config = replace(CONFIG, attempts=1)
    http = httpx.Client(transport=httpx.MockTransport(refuse))
    with (
        Bookshop(config, calls=Calls("shared"), client=http) as bookshop,
        pytest.raises(Unavailable),
    ):
        bookshop.books.get("9780262510875")
    assert len(sent) == 1


def test_refused_credentials_are_not_sent_twice(service: Service) -> None:
    service.answers(401, {"detail": "the token has expired"})
    with pytest.raises(AuthenticationError, match="the token has expired"):
        service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert len(service.sent) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]"])
def test_a_reply_that_breaks_the_promise_is_named(
    service: Service, body: bytes
) -> None:
    service.answers(200, body)
    with pytest.raises(UnexpectedResponse, match="cannot read"):
        service.both(lambda bookshop: bookshop.books.get("9780262510875"))


def test_credentials_do_not_follow_a_redirect_to_another_host(service: Service) -> None:
    service.answers(302, headers={"location": "https://elsewhere.test/me"})
    service.example(200, "Book")
    service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert "authorization" not in service.requests[-1].headers


@pytest.mark.parametrize("lost", LOST)
def test_a_write_that_is_lost_is_not_sent_again(
    service: Service, lost: Exception
) -> None:
    service.fails(lost)
    with pytest.raises(Unavailable):
        service.both(
            lambda bookshop: bookshop.books.create(
                isbn="9780262510875",
                title="Structure and Interpretation",
                genre="novel",
                price_cents=4200,
                sequels=[],
            )
        )
    assert len(service.sent) == 1


def test_a_write_that_never_left_is_sent_again(service: Service) -> None:
    service.fails(httpx.ConnectError("refused"))
    service.fails(httpx.ReadTimeout("timed out"))
    with pytest.raises(Unavailable):
        service.both(
            lambda bookshop: bookshop.books.create(
                isbn="9780262510875",
                title="Structure and Interpretation",
                genre="novel",
                price_cents=4200,
                sequels=[],
            )
        )
    assert len(service.sent) == 2
