"""Which credentials go out, and what is said when there are none."""

import pytest

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.http_auth import (
    Authorizer,
    Scheme,
    basic,
    bearer,
    in_cookie,
    in_header,
    in_query,
    is_sendable,
)
from integrations.runtime.http_request import Credentials
from integrations.runtime.secrets import Secret

KEY = Secret("k y")


def authorizer(**schemes: Scheme) -> Authorizer:
    return Authorizer("svc", schemes, (("a",), ("b", "c")))


@pytest.mark.parametrize(
    ("credentials", "headers", "query"),
    [
        (bearer(KEY), {"authorization": "Bearer k y"}, {}),
        (basic("me", Secret("pw")), {"authorization": "Basic bWU6cHc="}, {}),
        (in_header("X-Key", KEY), {"x-key": "k y"}, {}),
        (in_query("key", KEY), {}, {"key": "k y"}),
        (in_cookie("key", KEY), {"cookie": "key=k%20y"}, {}),
    ],
)
def test_each_scheme_puts_its_secret_in_its_place(
    credentials: Credentials | None, headers: dict[str, str], query: dict[str, str]
) -> None:
    assert credentials == Credentials(headers, query)


def test_a_scheme_that_is_not_set_gives_nothing() -> None:
    found = [
        bearer(None),
        basic(None, KEY),
        basic("me", None),
        in_header("X-Key", None),
        in_query("key", None),
        in_cookie("key", None),
    ]
    assert found == [None] * 6


def test_a_token_may_be_renewed_between_attempts() -> None:
    tokens = [Secret("t2"), Secret("t1")]
    authorize = authorizer(a=lambda: bearer(tokens.pop))
    sent = [authorize("get", None).headers["authorization"] for _ in range(2)]
    assert sent == ["Bearer t1", "Bearer t2"]


def test_the_first_alternative_that_is_set_whole_is_sent() -> None:
    authorize = authorizer(
        a=lambda: None, b=lambda: in_cookie("b", KEY), c=lambda: in_cookie("c", KEY)
    )
    assert authorize("get", None).headers == {"cookie": "b=k%20y; c=k%20y"}


def test_an_operation_may_ask_for_something_else_or_nothing() -> None:
    authorize = authorizer(a=lambda: bearer(KEY), c=lambda: in_query("c", KEY))
    assert authorize("get", (("c",),)).query == {"c": "k y"}
    assert authorize("get", ((),)) == Credentials()
    assert authorize("get", ((), ("c",))).query == {"c": "k y"}


@pytest.mark.parametrize("secret", ["TOP\nSECRET", "TOP\u00fcSECRET", "TOP\x7fSECRET"])
def test_a_secret_that_no_header_takes_is_named_but_not_shown(secret: str) -> None:
    given = Secret(secret)
    assert not is_sendable(given)
    for scheme in (lambda: bearer(lambda: given), lambda: in_header("X-Key", given)):
        with pytest.raises(ConfigurationError, match="secret for a holds") as raised:
            authorizer(a=scheme)("get", None)
        assert "TOP" not in repr(raised.value)


def test_what_is_encoded_may_hold_anything() -> None:
    given = Secret("a\nb")
    assert in_query("key", given) == Credentials(query={"key": "a\nb"})
    assert in_cookie("key", given) == Credentials({"cookie": "key=a%0Ab"})
    assert is_sendable(None)


def test_without_credentials_nothing_is_sent() -> None:
    authorize = authorizer(a=lambda: None, b=lambda: bearer(KEY), c=lambda: None)
    with pytest.raises(ConfigurationError, match="set: a, or b with c"):
        authorize("get", None)
