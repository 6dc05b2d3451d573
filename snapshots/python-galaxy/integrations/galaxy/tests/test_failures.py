"""What the clients do when Galaxy, or the way to it, fails."""

from __future__ import annotations

import httpx2 as httpx
import pytest

from integrations.galaxy import AsyncGalaxy, Galaxy
from integrations.runtime.errors import (
    AuthenticationError,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.http_testing import FakeService

Service = FakeService[Galaxy, AsyncGalaxy]

LOST = [
    httpx.ReadTimeout("timed out"),
    httpx.ReadError("connection reset"),
    httpx.RemoteProtocolError("closed"),
]


def test_429_is_tried_again_when_the_service_says(service: Service) -> None:
    service.answers(429, headers={"retry-after": "7"})
    service.example(200, "Planet")
    service.both(lambda galaxy: galaxy.planets.get(1))
    assert service.sleeps == [7.0]


def test_429_beyond_the_deadline_is_raised_at_once(service: Service) -> None:
    service.answers(429, headers={"retry-after": "3600"})
    with pytest.raises(RateLimited) as raised:
        service.both(lambda galaxy: galaxy.planets.get(1))
    assert raised.value.retry_after_seconds == 3600.0
    assert (len(service.sent), service.sleeps) == (1, [])


def test_an_outage_is_waited_out(service: Service) -> None:
    service.answers(503)
    service.answers(502)
    service.example(200, "Planet")
    service.both(lambda galaxy: galaxy.planets.get(1))
    assert service.sleeps == [0.5, 1.0]


@pytest.mark.parametrize("lost", LOST)
def test_a_read_that_is_lost_is_sent_again(service: Service, lost: Exception) -> None:
    service.fails(lost)
    service.example(200, "Planet")
    service.both(lambda galaxy: galaxy.planets.get(1))
    assert len(service.sent) == 2


@pytest.mark.parametrize("lost", LOST)
def test_a_write_that_is_lost_is_not_sent_again(
    service: Service, lost: Exception
) -> None:
    service.fails(lost)
    service.example(201, "Planet")
    with pytest.raises(Unavailable):
        service.both(lambda galaxy: galaxy.planets.create(name="Mars"))
    assert len(service.sent) == 1


def test_a_write_that_never_left_is_sent_again(service: Service) -> None:
    service.fails(httpx.ConnectError("refused"))
    service.example(201, "Planet")
    service.both(lambda galaxy: galaxy.planets.create(name="Mars"))
    assert len(service.sent) == 2


def test_refused_credentials_are_not_sent_twice(service: Service) -> None:
    service.answers(401, {"detail": "the token has expired"})
    with pytest.raises(AuthenticationError, match="the token has expired"):
        service.both(lambda galaxy: galaxy.planets.create(name="Mars"))
    assert len(service.sent) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"name": {}}'])
def test_a_reply_that_breaks_the_promise_is_named(
    service: Service, body: bytes
) -> None:
    service.answers(200, body)
    with pytest.raises(UnexpectedResponse, match=r"planets\.get: cannot read"):
        service.both(lambda galaxy: galaxy.planets.get(1))


def test_credentials_go_only_where_they_are_asked_for(service: Service) -> None:
    service.example(200, "Planet")
    service.both(lambda galaxy: galaxy.planets.get(1))
    assert "authorization" not in service.requests[0].headers


def test_credentials_do_not_follow_a_redirect_to_another_host(
    service: Service,
) -> None:
    service.answers(302, headers={"location": "https://elsewhere.test/me"})
    service.example(200, "User")
    service.both(lambda galaxy: galaxy.authentication.get_me())
    sent = [request.headers.get("authorization") for request in service.requests]
    assert sent == ["Bearer bearer-auth", None]
