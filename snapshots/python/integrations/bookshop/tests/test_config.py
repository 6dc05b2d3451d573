"""Where settings come from, and which credentials they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.bookshop import Bookshop, Config
from integrations.runtime.errors import ConfigurationError
from integrations.runtime.http_request import Credentials
from integrations.runtime.secrets import Secret


@pytest.mark.parametrize(
    ("scheme", "environ", "headers", "query"),
    [
        ("token", {"TOKEN": "s"}, {"authorization": "Bearer s"}, {}),
        ("key", {"KEY": "s"}, {"x-api-key": "s"}, {}),
    ],
)
def test_each_scheme_is_read_and_sent(
    scheme: str, environ: dict[str, str], headers: dict[str, str], query: dict[str, str]
) -> None:
    config = Config.from_env({f"BOOKSHOP_{key}": text for key, text in environ.items()})
    assert config.authorizer()("a.b", ((scheme,),)) == Credentials(headers, query)


def test_a_secret_can_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s\n", encoding="utf-8")
    environ = {"BOOKSHOP_TOKEN_FILE": str(tmp_path / "secret")}
    assert Config.from_env(environ).token == Secret("s")


def test_secrets_are_never_shown() -> None:
    config = Config(token=Secret("hunter2"))
    assert "hunter2" not in repr(config)


def test_a_secret_that_no_header_takes_is_named_but_not_shown() -> None:
    with pytest.raises(ConfigurationError, match="BOOKSHOP_TOKEN holds") as raised:
        Bookshop(Config(token=Secret("hunter2\n")))
    assert "hunter2" not in repr(raised.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    environ = {"BOOKSHOP_BASE_URL": "nowhere", "BOOKSHOP_BURST": "many"}
    with pytest.raises(ConfigurationError) as raised:
        Config.from_env(environ)
    for part in ("BOOKSHOP_BASE_URL", "BOOKSHOP_BURST", "no credentials"):
        assert part in raised.value.reason


def test_a_client_without_credentials_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="no credentials"):
        Bookshop(Config())
