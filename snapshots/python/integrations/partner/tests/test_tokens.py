"""How a service token is got and kept fresh. Offline: a fake issuer."""

import asyncio
import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qs

import httpx2 as httpx
import pytest

from integrations.partner import AsyncServiceTokens, PartnerConfig, ServiceTokens
from integrations.partner.tokens import PAUSE_SECONDS, RETRY
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    IntegrationError,
    InvalidRequest,
    PermissionDenied,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.http import HttpTransport
from integrations.runtime.http_request import Credentials, Operation, text
from integrations.runtime.http_site import Site
from integrations.runtime.secrets import Secret

CONFIG = PartnerConfig(
    client_id="orders service",
    client_secret=Secret("s3cret:+/% &=?"),
    issuer="https://login.example.com",
    token_url="https://login.example.com/oauth2/token",
    scopes=("orders:read",),
    resource="https://api.example.com",
    early_seconds=60.0,
)


class FakeIssuer:
    """Gives token-1, token-2, … unless there are other replies to give first."""

    def __init__(self) -> None:
        self.replies: list[httpx.Response | httpx.TransportError] = []
        self.requests: list[httpx.Request] = []
        self.given = 0
        self.clock = FakeClock()
        self.calls = Calls("partner", retry=RETRY, clock=self.clock)
        self.patience = 0.0
        self._second = threading.Event()

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if len(self.requests) > 1:
            self._second.set()
        self._second.wait(self.patience)
        reply = self.replies.pop(0) if self.replies else None
        if isinstance(reply, httpx.TransportError):
            raise reply
        if reply is not None:
            return httpx.Response(reply.status_code, content=reply.content)
        self.given += 1
        return grant(f"token-{self.given}")

    async def answer_async(self, request: httpx.Request) -> httpx.Response:
        reply = self.answer(request)
        await asyncio.sleep(0)
        return reply

    def tokens(self, config: PartnerConfig = CONFIG) -> ServiceTokens:
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return ServiceTokens(config, client=client, calls=self.calls)

    def async_tokens(self, config: PartnerConfig = CONFIG) -> AsyncServiceTokens:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer_async))
        return AsyncServiceTokens(config, client=client, calls=self.calls)


def grant(token: str, **more: object) -> httpx.Response:
    body = {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more}
    return httpx.Response(200, json=body)


@pytest.fixture
def issuer() -> FakeIssuer:
    return FakeIssuer()


def test_a_token_endpoint_on_another_origin_is_told_who_we_are(
    issuer: FakeIssuer,
) -> None:
    elsewhere = replace(CONFIG, token_url="https://tokens.example.net/oauth2/token")
    issuer.tokens().token()
    issuer.tokens(elsewhere).token()
    asyncio.run(issuer.async_tokens(elsewhere).token())
    usual, *others = issuer.requests
    for request in others:
        assert str(request.url) == elsewhere.token_url
        assert request.headers["authorization"] == usual.headers["authorization"]


def test_the_request_says_who_we_are_and_what_we_want(issuer: FakeIssuer) -> None:
    assert issuer.tokens().token().reveal() == "token-1"
    (request,) = issuer.requests
    assert (request.method, str(request.url)) == ("POST", CONFIG.token_url)
    sent = request.headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"orders+service:s3cret%3A%2B%2F%25+%26%3D%3F"
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["orders:read"],
        "resource": ["https://api.example.com"],
    }


def test_what_is_not_asked_for_is_not_sent(issuer: FakeIssuer) -> None:
    issuer.tokens(replace(CONFIG, scopes=(), resource=None)).token()
    (request,) = issuer.requests
    form = parse_qs(request.content.decode(), keep_blank_values=True)
    assert not {"scope", "resource", "audience"} & set(form)


def test_a_token_is_kept_until_shortly_before_its_end(issuer: FakeIssuer) -> None:
    tokens = issuer.tokens()
    tokens.token()
    issuer.clock.advance(3600 - 61)
    assert tokens.token().reveal() == "token-1"
    issuer.clock.advance(1)
    assert tokens.token().reveal() == "token-2"
    assert len(issuer.requests) == 2


def test_a_short_token_is_kept_for_half_its_life(issuer: FakeIssuer) -> None:
    issuer.replies = [grant("short", expires_in=10)]
    tokens = issuer.tokens()
    tokens.token()
    issuer.clock.advance(4)
    assert tokens.token().reveal() == "short"
    issuer.clock.advance(1)
    assert tokens.token().reveal() == "token-1"


def test_many_threads_ask_once(issuer: FakeIssuer) -> None:
    tokens = issuer.tokens()
    issuer.patience = 0.05  # seconds in which a second request would come
    with ThreadPoolExecutor(16) as pool:
        got = [pool.submit(tokens.token) for _ in range(64)]
    assert {future.result().reveal() for future in got} == {"token-1"}
    assert len(issuer.requests) == 1


def test_many_tasks_ask_once(issuer: FakeIssuer) -> None:
    async def main() -> set[str]:
        async with issuer.async_tokens() as tokens:
            got = await asyncio.gather(*(tokens.token() for _ in range(64)))
            return {token.reveal() for token in got}

    assert asyncio.run(main()) == {"token-1"}
    assert len(issuer.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(503),
        httpx.Response(429),
        httpx.ReadTimeout("late"),
        httpx.ConnectError("reset"),
    ],
    ids=["503", "429", "timeout", "reset"],
)
def test_passing_faults_are_retried(
    issuer: FakeIssuer, fault: httpx.Response | httpx.TransportError
) -> None:
    issuer.replies = [fault]
    assert issuer.tokens().token().reveal() == "token-1"
    assert len(issuer.requests) == 2


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_client_is_not_retried(issuer: FakeIssuer, status: int) -> None:
    reply = httpx.Response(status, json={"error": "invalid_client"})
    issuer.replies = [reply]
    tokens = issuer.tokens()
    for _ in range(10):
        with pytest.raises(AuthenticationError):
            tokens.token()
    assert len(issuer.requests) == 1
    issuer.clock.advance(PAUSE_SECONDS)
    assert tokens.token().reveal() == "token-1"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_scope", PermissionDenied),
        ("invalid_target", PermissionDenied),
        ("unauthorized_client", AuthenticationError),
        ("invalid_request", InvalidRequest),
    ],
)
def test_refusals_by_their_code(
    issuer: FakeIssuer, code: str, kind: type[IntegrationError]
) -> None:
    issuer.replies = [httpx.Response(400, json={"error": code})]
    with pytest.raises(kind):
        issuer.tokens().token()


def test_an_issuer_that_is_down_is_not_hammered(issuer: FakeIssuer) -> None:
    issuer.replies = [httpx.Response(503)] * 3
    tokens = issuer.tokens()
    for _ in range(10):
        with pytest.raises(Unavailable):
            tokens.token()
    assert len(issuer.requests) == RETRY.attempts


def test_a_token_is_used_to_its_end_while_the_issuer_is_down(
    issuer: FakeIssuer,
) -> None:
    tokens = issuer.tokens()
    tokens.token()
    issuer.clock.advance(3600 - 30)
    issuer.replies = [httpx.Response(503)] * 3
    for _ in range(10):
        assert tokens.token().reveal() == "token-1"
    assert len(issuer.requests) == 1 + RETRY.attempts
    issuer.clock.advance(30)
    assert tokens.token().reveal() == "token-2"


def test_a_call_that_is_refused_is_made_once_more_with_a_new_token(
    issuer: FakeIssuer,
) -> None:
    tokens = issuer.tokens()
    orders = Orders(issuer, tokens, accepted="token-2")
    tokens.token()
    issuer.clock.advance(PAUSE_SECONDS)
    assert tokens.retrying(orders.get) == "ok"
    assert orders.seen == ["Bearer token-1", "Bearer token-2"]
    issuer.clock.advance(PAUSE_SECONDS)
    tokens.invalidate(Secret("token-1"))
    assert tokens.token().reveal() == "token-2", "an old token takes no new one away"


def test_a_service_that_refuses_every_token_is_believed(issuer: FakeIssuer) -> None:
    tokens = issuer.tokens()
    orders = Orders(issuer, tokens, accepted="none")
    for _ in range(10):
        with pytest.raises(AuthenticationError):
            tokens.retrying(orders.get)
    assert len(issuer.requests) == 1
    issuer.clock.advance(PAUSE_SECONDS)
    with pytest.raises(AuthenticationError):
        tokens.retrying(orders.get)
    assert len(issuer.requests) == 2


def test_the_same_awaiting(issuer: FakeIssuer) -> None:
    seen: list[str] = []

    async def main() -> str:
        async with issuer.async_tokens() as tokens:

            async def get() -> str:
                seen.append(tokens.held().reveal())
                if seen[-1] == "token-1":
                    raise AuthenticationError("orders", "orders.get", "HTTP 401")
                return "ok"

            with pytest.raises(AuthenticationError, match="inside `retrying`"):
                await get()
            await tokens.token()
            issuer.clock.advance(PAUSE_SECONDS)
            return await tokens.retrying(get)

    assert asyncio.run(main()) == "ok"
    assert seen == ["token-1", "token-2"]


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(200, text="access_token=leak&token_type=bearer"),
        httpx.Response(200, json={"access_token": "leak", "token_type": "mac"}),
        httpx.Response(200, json={"token_type": "bearer"}),
        httpx.Response(200, json=["leak"]),
        grant("leak", expires_in="soon"),
        grant("leak", expires_in=0),
    ],
    ids=["form", "mac", "no token", "list", "lifetime", "no lifetime"],
)
def test_odd_replies_are_named_and_not_shown(
    issuer: FakeIssuer, reply: httpx.Response
) -> None:
    issuer.replies = [reply]
    with pytest.raises(UnexpectedResponse) as raised:
        issuer.tokens().token()
    assert "leak" not in f"{raised.value} {raised.value.context}"


def test_fewer_scopes_than_asked_for_are_not_enough(issuer: FakeIssuer) -> None:
    issuer.replies = [grant("weak", scope="profile")]
    with pytest.raises(PermissionDenied, match="orders:read"):
        issuer.tokens().token()


def test_where_tokens_are_given_is_remembered_until_it_fails(
    issuer: FakeIssuer,
) -> None:
    told = {"issuer": CONFIG.issuer, "token_endpoint": "https://login.example.com/t"}
    metadata, down = httpx.Response(200, json=told), httpx.Response(404, json={})
    tokens = issuer.tokens(replace(CONFIG, token_url=None))
    issuer.replies = [metadata, grant("a"), grant("b"), down, metadata]
    for _ in range(3):
        tokens.token()
        issuer.clock.advance(3600 - 30)
    tokens.token()
    issuer.clock.advance(PAUSE_SECONDS)
    tokens.token()
    paths = [request.url.path for request in issuer.requests]
    known = "/.well-known/openid-configuration"
    assert paths == [known, "/t", "/t", "/t", known, "/t"]


def test_the_metadata_says_where_tokens_are_given(issuer: FakeIssuer) -> None:
    told = {"issuer": CONFIG.issuer, "token_endpoint": "https://login.example.com/t"}
    issuer.replies = [httpx.Response(200, json=told)]
    issuer.tokens(replace(CONFIG, token_url=None)).token()
    paths = [request.url.path for request in issuer.requests]
    assert paths == ["/.well-known/openid-configuration", "/t"]
    for lie in (
        {"issuer": "https://evil"},
        {"token_endpoint": "http://login.example.com/t"},
    ):
        issuer.replies = [httpx.Response(200, json={**told, **lie})]
        with pytest.raises((UnexpectedResponse, ConfigurationError)):
            issuer.tokens(replace(CONFIG, token_url=None)).token()
    assert len(issuer.requests) == 2 + 2


def test_settings_come_from_the_environment() -> None:
    environ = {
        "PARTNER_CLIENT_ID": "me",
        "PARTNER_CLIENT_SECRET": "hidden",
        "PARTNER_ISSUER": "https://other.example",
    }
    config = PartnerConfig.from_env(environ)
    assert config.token_url is None, "secrets are not sent to the endpoint of another"
    assert "hidden" not in repr(config)
    with pytest.raises(ConfigurationError, match=r"CLIENT_ID.*CLIENT_SECRET"):
        PartnerConfig.from_env({})
    insecure = "http://login.example.com/token"
    with pytest.raises(ConfigurationError, match="https"):
        replace(config, token_url=insecure)


def test_an_empty_setting_asks_for_no_api_by_name() -> None:
    config = PartnerConfig.from_env(
        {
            "PARTNER_CLIENT_ID": "me",
            "PARTNER_CLIENT_SECRET": "hidden",
            "PARTNER_ISSUER": "https://login.example.com",
            "PARTNER_RESOURCE": "",
        }
    )
    assert config.resource is None


class Orders:
    """An adapter of a service that accepts one token."""

    def __init__(
        self, issuer: FakeIssuer, tokens: ServiceTokens, accepted: str
    ) -> None:
        self.seen: list[str] = []
        self._tokens = tokens
        self._accepted = f"Bearer {accepted}"
        calls = Calls("orders", clock=issuer.clock)
        orders = Site(calls, "https://api.example.com", authorize=self._authorize)
        client = httpx.Client(transport=httpx.MockTransport(self._answer))
        self._http = HttpTransport(orders, client)

    def get(self) -> str:
        return self._http.send(Operation("orders.get", "GET", "/orders", text)())

    def _authorize(self, _operation: str, _security: object) -> Credentials:
        return Credentials({"authorization": f"Bearer {self._tokens.token().reveal()}"})

    def _answer(self, request: httpx.Request) -> httpx.Response:
        sent = request.headers["authorization"]
        self.seen.append(sent)
        good = sent == self._accepted
        return httpx.Response(200 if good else 401, text="ok" if good else "no")
