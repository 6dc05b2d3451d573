"""How the issuer's keys are fetched, cached and refreshed. Offline: a fake issuer."""

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2 as httpx
import pytest

from integrations.login import AsyncTokenVerifier, LoginConfig, TokenVerifier
from integrations.login.keys import KeySet
from integrations.login.local import LocalIssuer
from integrations.login.verifier import site
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import AuthenticationError, Unavailable
from integrations.runtime.http import AsyncHttpTransport, HttpTransport

NOW = 1_700_000_000
CONFIG = LoginConfig(
    audiences=("https://api.example.com",),
    issuer="https://login.example.com",
    keys_url="https://login.example.com/oauth2/keys",
    token_types=("at+jwt", "JWT"),
    required_scopes=("orders:read",),
    leeway_seconds=30,
    keys_ttl_seconds=600.0,
    keys_stale_seconds=86_400.0,
    refresh_pause_seconds=10.0,
)


class FakeIssuer:
    """Publishes the keys of a local issuer, and counts how often it is asked."""

    def __init__(self, config: LoginConfig = CONFIG) -> None:
        self.signer = LocalIssuer(config)
        self.status = 200
        self.asked: list[str] = []
        self.metadata = {"issuer": CONFIG.issuer, "jwks_uri": CONFIG.keys_url}
        self.clock = FakeClock(unix=NOW)
        self.patience = 0.0
        self.held = False
        self.arrived = threading.Event()
        self._go_on = threading.Event()

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if len(self.asked) > 1:
            self.arrived.set()
        (self._go_on if self.held else self.arrived).wait(self.patience)
        if request.url.path.startswith("/.well-known/"):
            return httpx.Response(self.status, json=self.metadata)
        return httpx.Response(self.status, text=self.signer.jwks())

    async def answer_async(self, request: httpx.Request) -> httpx.Response:
        reply = self.answer(request)
        await asyncio.sleep(0)
        return reply

    def verifier(self, config: LoginConfig = CONFIG) -> TokenVerifier:
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return TokenVerifier(
            config,
            http=HttpTransport(site(config, self.clock), client),
            calls=Calls("login", clock=self.clock),
        )

    def async_verifier(self) -> AsyncTokenVerifier:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer_async))
        return AsyncTokenVerifier(
            CONFIG,
            http=AsyncHttpTransport(site(CONFIG, self.clock), client),
            calls=Calls("login", clock=self.clock),
        )

    def bearer(self, kid: str | None = None) -> str:
        header = None if kid is None else {"kid": kid}
        now = self.clock.unix()
        return "Bearer " + self.signer.token(header=header, now=now)

    def hold(self) -> None:
        self.held, self.patience = True, 5.0

    def release(self) -> None:
        self._go_on.set()

    def rotate(self) -> None:
        self.signer = LocalIssuer(CONFIG, kid="local-2")


@pytest.fixture
def issuer() -> FakeIssuer:
    return FakeIssuer()


def test_keys_are_fetched_once_and_again_when_they_are_old(issuer: FakeIssuer) -> None:
    verifier = issuer.verifier()
    for _ in range(10):
        verifier.authenticate(issuer.bearer())
    assert issuer.asked == ["/oauth2/keys"]
    issuer.clock.advance(CONFIG.keys_ttl_seconds)
    verifier.authenticate(issuer.bearer())
    assert len(issuer.asked) == 2


def test_a_new_key_is_fetched_when_a_token_names_it(issuer: FakeIssuer) -> None:
    verifier = issuer.verifier()
    old = issuer.bearer()
    verifier.authenticate(old)
    issuer.clock.advance(CONFIG.refresh_pause_seconds)
    issuer.rotate()
    assert verifier.authenticate(issuer.bearer()).subject == "local"
    with pytest.raises(AuthenticationError):
        verifier.authenticate(old)
    assert len(issuer.asked) == 2


def test_made_up_key_ids_do_not_hammer_the_issuer(issuer: FakeIssuer) -> None:
    verifier = issuer.verifier()
    verifier.authenticate(issuer.bearer())
    for second in range(60):
        for number in range(10):
            with pytest.raises(AuthenticationError):
                verifier.authenticate(issuer.bearer(kid=f"{second}-{number}"))
        issuer.clock.advance(1.0)
    assert len(issuer.asked) <= 1 + 60 / CONFIG.refresh_pause_seconds


def test_made_up_algorithms_ask_nothing(issuer: FakeIssuer) -> None:
    with pytest.raises(AuthenticationError):
        issuer.verifier().authenticate("Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA")
    assert issuer.asked == []


def test_old_keys_are_used_while_the_issuer_is_down(issuer: FakeIssuer) -> None:
    verifier = issuer.verifier()
    verifier.authenticate(issuer.bearer())
    issuer.status = 503
    issuer.clock.advance(CONFIG.keys_ttl_seconds)
    for _ in range(10):
        verifier.authenticate(issuer.bearer())
    assert len(issuer.asked) == 1 + 2, "one more fetch, of two attempts"
    issuer.clock.advance(CONFIG.keys_stale_seconds)
    with pytest.raises(Unavailable):
        verifier.authenticate(issuer.bearer())
    issuer.status = 200
    issuer.clock.advance(CONFIG.refresh_pause_seconds)
    verifier.authenticate(issuer.bearer())


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_without_keys_nobody_is_to_blame_but_the_issuer(
    issuer: FakeIssuer, status: int
) -> None:
    issuer.status = status
    with pytest.raises(Unavailable):
        issuer.verifier().authenticate(issuer.bearer())


def test_many_threads_fetch_once(issuer: FakeIssuer) -> None:
    verifier, bearer = issuer.verifier(), issuer.bearer()
    issuer.patience = 0.05  # seconds in which a second request would come
    with ThreadPoolExecutor(16) as pool:
        claims = list(pool.map(verifier.authenticate, [bearer] * 64))
    assert len(claims) == 64
    assert len(issuer.asked) == 1


def test_old_keys_serve_while_new_ones_are_fetched(issuer: FakeIssuer) -> None:
    verifier = issuer.verifier()
    verifier.authenticate(issuer.bearer())
    issuer.clock.advance(CONFIG.keys_ttl_seconds)
    issuer.hold()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(verifier.authenticate, issuer.bearer())
        issuer.arrived.wait(5)
        verifier.authenticate(issuer.bearer())
        assert not waiting.done()
        issuer.release()
        waiting.result()
    assert len(issuer.asked) == 2


def test_many_tasks_fetch_once(issuer: FakeIssuer) -> None:
    async def main() -> None:
        async with issuer.async_verifier() as verifier:
            bearer = issuer.bearer()
            await asyncio.gather(*(verifier.authenticate(bearer) for _ in range(64)))
            assert len(issuer.asked) == 1
            issuer.clock.advance(CONFIG.refresh_pause_seconds)
            issuer.rotate()
            bearer = issuer.bearer()
            await asyncio.gather(*(verifier.authenticate(bearer) for _ in range(64)))
            assert len(issuer.asked) == 2

    asyncio.run(main())


def test_the_metadata_says_where_the_keys_are(issuer: FakeIssuer) -> None:
    verifier = issuer.verifier(replace(CONFIG, keys_url=None))
    verifier.authenticate(issuer.bearer())
    assert issuer.asked == ["/.well-known/openid-configuration", "/oauth2/keys"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example", "jwks_uri": CONFIG.keys_url},
        {"issuer": CONFIG.issuer, "jwks_uri": "http://login.example.com/oauth2/keys"},
        {"issuer": CONFIG.issuer},
    ],
    ids=["of another issuer", "keys without https", "no keys"],
)
def test_metadata_that_is_not_trusted(
    issuer: FakeIssuer, metadata: dict[str, str | None]
) -> None:
    issuer.metadata = metadata
    with pytest.raises(Unavailable):
        issuer.verifier(replace(CONFIG, keys_url=None)).authenticate(issuer.bearer())
    assert "/oauth2/keys" not in issuer.asked


def unusable() -> Iterator[object]:
    yield from [
        None,
        7,
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "AKP", "pub": "x"},
    ]
    yield {"kty": "EC", "crv": "P-999", "x": "a", "y": "b"}
    yield {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}
    yield {"kty": "RSA", "n": "_" * 170 + "w", "e": "AQAB"}  # 1024 bits


def test_one_bad_key_does_not_spoil_the_set() -> None:
    signer = LocalIssuer(CONFIG)
    good: list[object] = json.loads(signer.jwks())["keys"]
    keys = KeySet.parse(json.dumps({"keys": [*unusable(), *good]}))
    assert len(keys.keys) == 1
    assert keys.get("local-1", "ES256") is not None
    assert keys.get(None, "ES256") is not None, "the only one that fits"
    assert keys.get("local-1", "RS256") is None
    for nothing in ('{"keys": []}', "[]", "7", json.dumps({"keys": list(unusable())})):
        with pytest.raises(ValueError, match="JWK Set"):
            KeySet.parse(nothing)
