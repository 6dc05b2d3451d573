"""Requests as they leave, replies as they are read, both flavours alike."""

import asyncio
import gzip
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import httpx2 as httpx
import pytest

from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    ConfigurationError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_encoding import json_body
from integrations.runtime.http_request import (
    Credentials,
    Operation,
    Reply,
    Request,
    Security,
    nothing,
    raw,
    text,
)
from integrations.runtime.http_site import Site
from integrations.runtime.metrics import Metrics
from integrations.runtime.secrets import Secret

GET = Operation("things.get", "GET", "/things/{}", json.loads)
POST = Operation("things.create", "POST", "/things", nothing)
PAY = Operation("pay", "POST", "/pay", nothing, idempotency_header="Idempotency-Key")
Answer = httpx.Response | Exception


class Server:
    """Answers in order, and remembers what it was asked."""

    def __init__(self, *answers: Answer, base_url: str = "https://svc.test/v1") -> None:
        self.seen: list[httpx.Request] = []
        self.clock = FakeClock()
        self.metrics = Metrics()
        self._answers = list(answers)
        calls = Calls("svc", clock=self.clock, metrics=self.metrics)
        self.site = Site(calls, base_url, authorize=authorize, cost_header="x-cost")
        self.mock = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def authorize(_operation: str, security: Security | None) -> Credentials:
    if security == ((),):
        return Credentials()
    return Credentials({"authorization": "Bearer t1"}, {"api_key": "k1"})


def authorize_by_cookie(_operation: str, _security: Security | None) -> Credentials:
    return Credentials({"cookie": "sid=s"})


def ask(server: Server, request: Request[object]) -> Reply[object]:
    with HttpTransport(server.site, httpx.Client(transport=server.mock)) as http:
        return http.exchange(request)


def ask_async(server: Server, request: Request[object]) -> Reply[object]:
    async def main() -> Reply[object]:
        client = httpx.AsyncClient(transport=server.mock)
        async with AsyncHttpTransport(server.site, client) as http:
            return await http.exchange(request)

    return asyncio.run(main())


Ask = Callable[[Server, Request[object]], Reply[object]]
both = pytest.mark.parametrize("ask", [ask, ask_async])


@both
def test_a_request_leaves_as_described(ask: Ask) -> None:
    server = Server(httpx.Response(201))
    create = Operation[object]("things.create", "POST", "/things/{}", nothing)
    ask(
        server,
        create(
            "a/b",
            query={"tag": ["x", "y"], "none": None},
            headers={"X-Trace": "1", "X-None": None},
            body=json_body({"name": "é"}),
        ),
    )
    (seen,) = server.seen
    assert seen.method == "POST"
    assert str(seen.url) == ("https://svc.test/v1/things/a%2Fb?tag=x&tag=y&api_key=k1")
    assert seen.headers["authorization"] == "Bearer t1"
    assert seen.headers["accept"] == "application/json"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-trace"] == "1"
    assert "x-none" not in seen.headers
    assert seen.content == '{"name":"é"}'.encode()


@both
def test_an_operation_can_go_without_credentials(ask: Ask) -> None:
    server = Server(httpx.Response(200, json=1))
    ask(server, Operation("open", "GET", "/open", json.loads, security=((),))())
    assert "authorization" not in server.seen[0].headers
    assert server.seen[0].url.query == b""


@both
def test_a_reply_is_decoded_and_its_cost_counted(ask: Ask) -> None:
    content = gzip.compress(b'{"a": 1}')
    headers = {"x-cost": "2.5", "content-encoding": "gzip"}
    server = Server(httpx.Response(200, content=content, headers=headers))
    reply = ask(server, GET("1"))
    assert (reply.value, reply.status) == ({"a": 1}, 200)
    assert server.metrics.snapshot()["svc", "things.get"].cost == 2.5


@pytest.mark.parametrize(
    ("decode", "value"), [(nothing, None), (raw, b"\xc3\xa9"), (text, "é")]
)
def test_a_reply_need_not_be_json(
    decode: Callable[[bytes], object], value: object
) -> None:
    server = Server(httpx.Response(200, content="é".encode()))
    assert ask(server, Operation("get", "GET", "/x", decode)()).value == value


@both
def test_a_reply_that_cannot_be_read_is_an_error_of_ours(ask: Ask) -> None:
    server = Server(httpx.Response(200, text="<html>"))
    with pytest.raises(UnexpectedResponse, match="cannot read the reply") as raised:
        ask(server, GET("1"))
    assert raised.value.context == {"body": "<html>"}


@both
def test_429_waits_as_long_as_the_service_asks(ask: Ask) -> None:
    server = Server(
        httpx.Response(429, headers={"retry-after": "7"}), httpx.Response(200, json=1)
    )
    assert ask(server, GET("1")).value == 1
    assert server.clock.sleeps == [7.0]


@both
def test_a_pause_is_kept_by_the_next_call_too(ask: Ask) -> None:
    used_up = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "20"}
    server = Server(
        httpx.Response(200, json=1, headers=used_up), httpx.Response(200, json=2)
    )
    ask(server, GET("1"))
    ask(server, GET("2"))
    assert server.clock.sleeps == [20.0]


@both
@pytest.mark.parametrize("lost", [httpx.ReadTimeout("late"), httpx.ReadError("reset")])
def test_a_read_is_repeated_when_the_connection_fails(ask: Ask, lost: Answer) -> None:
    server = Server(lost, httpx.Response(200, json=1))
    assert ask(server, GET("1")).value == 1


@both
@pytest.mark.parametrize("lost", [httpx.ReadTimeout("late"), httpx.ReadError("reset")])
def test_a_write_that_may_have_happened_is_not_repeated(ask: Ask, lost: Answer) -> None:
    server = Server(lost, httpx.Response(201))
    with pytest.raises(Unavailable):
        ask(server, POST())
    assert len(server.seen) == 1


@both
def test_a_write_that_never_left_is_repeated(ask: Ask) -> None:
    server = Server(httpx.ConnectError("refused"), httpx.Response(201))
    ask(server, POST())
    assert len(server.seen) == 2


@both
def test_a_write_under_a_key_is_repeated_under_the_same_key(ask: Ask) -> None:
    server = Server(httpx.ReadTimeout("late"), httpx.Response(500), httpx.Response(201))
    ask(server, PAY())
    first, *others = [seen.headers["idempotency-key"] for seen in server.seen]
    assert others == [first, first]
    assert PAY().headers != PAY().headers
    assert PAY(idempotency_key="mine").headers == {"Idempotency-Key": "mine"}


@both
def test_errors_come_from_the_status(ask: Ask) -> None:
    server = Server(httpx.Response(404, json={"message": "no such thing"}))
    with pytest.raises(NotFound, match=r"svc things\.get: HTTP 404: no such thing"):
        ask(server, GET("1"))


@both
def test_a_redirect_to_another_host_takes_no_credentials_along(ask: Ask) -> None:
    away = httpx.Response(302, headers={"location": "https://files.test/f?sig=1"})
    server = Server(away, httpx.Response(200, json=1))
    assert ask(server, GET("1", headers={"X-Secret": "s"})).value == 1
    away_request = server.seen[1]
    assert str(away_request.url) == "https://files.test/f?sig=1"
    assert "authorization" not in away_request.headers
    assert "x-secret" not in away_request.headers


@both
def test_a_redirect_on_the_same_host_is_followed_with_them(ask: Ask) -> None:
    moved = httpx.Response(301, headers={"location": "/v1/things/2"})
    server = Server(moved, httpx.Response(200, json=1))
    ask(server, GET("1"))
    assert str(server.seen[1].url) == "https://svc.test/v1/things/2?api_key=k1"
    assert server.seen[1].headers["authorization"] == "Bearer t1"


@both
@pytest.mark.parametrize(
    ("operation", "location"),
    [(GET("1"), "http://svc.test/plain"), (POST(), "https://svc.test/v1/other")],
)
def test_a_redirect_that_is_not_safe_is_not_followed(
    ask: Ask, operation: Request[object], location: str
) -> None:
    server = Server(httpx.Response(307, headers={"location": location}))
    with pytest.raises(UnexpectedResponse, match="HTTP 307"):
        ask(server, operation)
    assert len(server.seen) == 1


@both
def test_redirects_in_a_circle_end(ask: Ask) -> None:
    moved = [httpx.Response(302, headers={"location": "/v1/a"}) for _ in range(9)]
    with pytest.raises(UnexpectedResponse, match="too many redirects"):
        ask(Server(*moved), GET("1"))


def test_a_reply_that_trickles_in_ends_at_the_deadline() -> None:
    def trickle() -> Iterator[bytes]:
        for _ in range(9):
            server.clock.advance(25.0)
            yield b" "

    server = Server(httpx.Response(200, content=trickle()))
    with pytest.raises(Unavailable, match="takes too long"):
        ask(server, POST())
    assert server.clock.now() <= 1_100.0


def test_each_redirect_has_what_the_last_one_left() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"]["read"])
        server.clock.advance(25.0)
        return httpx.Response(302, headers={"location": "/v1/a"})

    waits: list[float] = []
    server = Server()
    client = httpx.Client(transport=httpx.MockTransport(late))
    with (
        HttpTransport(server.site, client) as http,
        pytest.raises(Unavailable, match="takes too long"),
    ):
        http.send(GET("1"))
    assert waits == [30.0, 30.0, 10.0]


@both
def test_a_cookie_of_ours_goes_beside_that_of_the_credentials(ask: Ask) -> None:
    server = Server(httpx.Response(200, json=1))
    server.site = replace(server.site, authorize=authorize_by_cookie)
    ask(server, GET("1", cookies={"theme": "dark; sid=evil", "none": None}))
    assert server.seen[0].headers["cookie"] == "theme=dark%3B%20sid%3Devil; sid=s"


@both
def test_a_quota_of_some_operations_holds_no_others(ask: Ask) -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "20",
        "x-ratelimit-resource": "search",
    }
    used_up = httpx.Response(200, json=1, headers=headers)
    server = Server(used_up, *(httpx.Response(200, json=1) for _ in range(2)))
    search = Operation[object]("search", "GET", "/search", json.loads)
    ask(server, search())
    ask(server, GET("1"))
    assert server.clock.sleeps == []
    ask(server, search())
    assert server.clock.sleeps == [20.0]


def test_a_header_takes_no_line_break() -> None:
    with pytest.raises(ValueError, match="no line break or such: X-Trace"):
        GET("1", headers={"X-Trace": "a\r\nX-Other: b"})


def test_threads_share_a_transport_s_pause() -> None:
    server = Server(httpx.Response(429, headers={"retry-after": "120"}))
    with pytest.raises(RateLimited):
        ask(server, GET("1"))
    assert server.site.calls.limiter.paused_seconds() == 120.0


@pytest.mark.parametrize(
    "url", ["svc.test", "https://", "https://svc.test/v1\n", "https://svc.test?a=1"]
)
def test_a_base_url_must_be_one(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not an http or https URL"):
        Server(base_url=url)


def test_urls_that_the_library_logs_show_no_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = Secret("k y!")
    url = f"https://api.test/?key={quote(secret.reveal())}"
    logging.getLogger("httpx2").warning('HTTP Request: %s "%s"', "GET", url)
    assert caplog.messages == ['HTTP Request: GET "https://api.test/?key=***"']
