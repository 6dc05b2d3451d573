"""What a token must satisfy. Offline: a local issuer signs."""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from integrations.login import (
    AsyncTokenVerifier,
    LoginConfig,
    TokenRefused,
    TokenVerifier,
    challenge,
)
from integrations.login.local import LocalIssuer
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    PermissionDenied,
    error_counts,
)

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
ISSUER = LocalIssuer(CONFIG)
STRANGER = LocalIssuer(CONFIG)


def verifier(config: LoginConfig = CONFIG) -> TokenVerifier:
    local = replace(config, local_keys=ISSUER.jwks())
    return TokenVerifier(local, calls=Calls("login", clock=FakeClock(unix=NOW)))


def token(
    claims: Mapping[str, object] | None = None,
    header: Mapping[str, object] | None = None,
) -> str:
    return ISSUER.token(claims=claims, header=header, now=NOW)


def with_header(header: object) -> str:
    _, payload, signature = token().split(".")
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).decode()
    return ".".join((encoded.rstrip("="), payload, signature))


def test_a_good_token_gives_its_claims() -> None:
    claims = verifier().authenticate(
        f"Bearer {token({'sub': 'alice', 'scp': None, 'client_id': 'app'})}"
    )
    assert (claims.subject, claims.client_id) == ("alice", "app")
    assert claims.tenant == "example"
    assert claims.scopes == {"orders:read"}
    assert claims.expires_at.timestamp() == NOW + 3600


def test_the_async_verifier_accepts_and_refuses_the_same() -> None:
    config = replace(CONFIG, local_keys=ISSUER.jwks())
    calls = Calls("login", clock=FakeClock(unix=NOW))

    async def main() -> None:
        async with AsyncTokenVerifier(config, calls=calls) as awaited:
            assert (await awaited.authenticate(f"Bearer {token()}")).subject == "local"
            with pytest.raises(AuthenticationError):
                await awaited.authenticate(f"Bearer {token({'aud': 'other'})}")

    asyncio.run(main())


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 31},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 1e300},
        {"nbf": NOW + 31},
        {"iat": NOW + 31},
        {"iss": "https://login.example.com/"},
        {"iss": ["https://login.example.com"]},
        {"iss": None},
        {"aud": "https://api.example.com.evil.example"},
        {"aud": []},
        {"aud": None},
        {"sub": None},
        {"sub": 7},
        {"tenant": None},
        {"tenant": 7},
        {"email": 7},
        {"scope": 7},
    ],
    ids=str,
)
def test_claims_that_are_refused(claims: dict[str, object]) -> None:
    with pytest.raises(AuthenticationError):
        verifier().authenticate(f"Bearer {token(claims)}")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 29},
        {"nbf": NOW + 29},
        {"aud": ["other", "https://api.example.com"]},
        {"scope": None, "scp": ["orders:read", "orders:write"]},
        {"scope": "orders:write orders:read"},
        {"unknown": {"nested": [1]}},
    ],
    ids=str,
)
def test_claims_that_are_accepted(claims: dict[str, object]) -> None:
    assert verifier().authenticate(f"bearer {token(claims)}").subject == "local"


def test_an_unsigned_token_is_refused() -> None:
    header, payload, _ = with_header({"alg": "none", "typ": "at+jwt"}).split(".")
    with pytest.raises(AuthenticationError):
        verifier().authenticate(f"Bearer {header}.{payload}.")


@pytest.mark.parametrize("private", [False, True], ids=["jwks", "pem"])
def test_the_public_key_is_not_a_shared_secret(*, private: bool) -> None:
    public = ISSUER.key.as_pem(private=False) if private else ISSUER.jwks().encode()
    forged = jwt.encode(
        {"alg": "HS256", "kid": "local-1", "typ": "at+jwt"},
        {"iss": CONFIG.issuer, "sub": "eve", "aud": CONFIG.audiences[0]},
        OctKey.import_key(base64.urlsafe_b64encode(public)),
    )
    with pytest.raises(AuthenticationError):
        verifier().authenticate(f"Bearer {forged}")


def test_a_shared_secret_in_the_settings_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="algorithms"):
        replace(CONFIG, algorithms=("ES256", "HS256"))


def test_a_stranger_who_uses_our_key_id_is_refused() -> None:
    with pytest.raises(AuthenticationError):
        verifier().authenticate(f"Bearer {STRANGER.token(now=NOW)}")


def test_a_token_that_was_changed_is_refused() -> None:
    header, _, signature = token().split(".")
    payload = token({"sub": "eve"}).split(".")[1]
    with pytest.raises(AuthenticationError):
        verifier().authenticate(f"Bearer {header}.{payload}.{signature}")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "kid": "local-1", "typ": "logout+jwt"},
        {"alg": "ES256", "kid": "local-1", "crit": ["exp"], "exp": 1},
        {"alg": "RS256", "kid": "local-1"},
        {"alg": "es256", "kid": "local-1"},
        {"alg": ["ES256"]},
        {"alg": "ES256", "kid": 7},
        {"alg": "ES256", "typ": 7},
        {"kid": "local-1"},
        ["alg"],
        "alg",
        7,
        None,
    ],
    ids=str,
)
def test_headers_that_are_refused(header: object) -> None:
    with pytest.raises(AuthenticationError):
        verifier().authenticate(f"Bearer {with_header(header)}")


def test_only_access_tokens_pass_where_the_issuer_marks_them() -> None:
    strict = replace(CONFIG, token_types=("at+jwt",))
    assert verifier(strict).authenticate(f"Bearer {token()}").subject == "local"
    with pytest.raises(AuthenticationError):
        verifier(strict).authenticate(f"Bearer {token(header={'typ': 'JWT'})}")


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer a",
        "Bearer a.b",
        "Bearer a.b.c",
        "Bearer ..",
        "Basic YTpi",
        f"Bearer {token()} x",
        f"Bearer {token()}\n",
        f"Bearer {'a' * 20_000}",
        "é",
    ],
    ids=lambda text: text[:12],
)
def test_malformed_headers_are_refused(authorization: str) -> None:
    with pytest.raises(AuthenticationError) as raised:
        verifier().authenticate(authorization)
    assert challenge(raised.value) == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("authorization", [None, ""])
def test_no_header_is_challenged_without_an_error(authorization: str | None) -> None:
    with pytest.raises(AuthenticationError) as raised:
        verifier().authenticate(authorization)
    assert challenge(raised.value) == "Bearer"


def test_a_refusal_is_counted_apart_from_refusals_of_our_own_credentials() -> None:
    before = error_counts()
    with pytest.raises(TokenRefused):
        verifier().authenticate(None)
    after = error_counts()
    assert {key[2] for key in after if after[key] != before.get(key)} == {
        "TokenRefused"
    }


def test_a_token_with_a_long_header_is_accepted() -> None:
    long = token(header={"x5t#S256": "a" * 43, "jku": "https://x.example/" + "a" * 900})
    assert verifier().authenticate(f"Bearer {long}").subject


def test_callers_learn_nothing_about_why() -> None:
    refusals: list[AuthenticationError] = []
    for bad in (token({"exp": 1}), token({"aud": "x"}), STRANGER.token(now=NOW)):
        with pytest.raises(AuthenticationError) as raised:
            verifier().authenticate(f"Bearer {bad}")
        refusals.append(raised.value)
    assert len({(e.reason, challenge(e)) for e in refusals}) == 1
    assert len({str(e.context["detail"]) for e in refusals}) == 3


def test_a_missing_scope_is_denied_not_refused() -> None:
    with pytest.raises(PermissionDenied) as raised:
        verifier().authenticate(f"Bearer {token()}", scopes=["orders:write"])
    expected = 'Bearer error="insufficient_scope", scope="orders:write"'
    assert challenge(raised.value) == expected
    with pytest.raises(PermissionDenied):
        verifier().authenticate(f"Bearer {token({'scope': 'orders:write'})}")


def test_settings_come_from_the_environment() -> None:
    config = LoginConfig.from_env(
        {
            "LOGIN_AUDIENCES": "a b",
            "LOGIN_ISSUER": "https://other.example",
            "LOGIN_LEEWAY_SECONDS": "0",
        }
    )
    assert (config.audiences, config.leeway_seconds) == (("a", "b"), 0)
    assert config.keys_url is None, "the keys of another issuer are looked up there"
    with pytest.raises(ConfigurationError, match="LOGIN_AUDIENCES"):
        LoginConfig.from_env({})


@pytest.mark.parametrize(
    "url",
    ["http://login.example.com", "https://", "ftp://localhost", "login.example.com"],
)
def test_only_https_is_trusted(url: str) -> None:
    with pytest.raises(ConfigurationError):
        replace(CONFIG, issuer=url)
    replace(CONFIG, issuer="http://127.0.0.1:9400")
