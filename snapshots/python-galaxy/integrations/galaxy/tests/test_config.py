"""Where settings come from, and which credentials they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.galaxy import Config, Galaxy
from integrations.runtime.errors import ConfigurationError
from integrations.runtime.http_request import Credentials
from integrations.runtime.secrets import Secret


@pytest.mark.parametrize(
    ("environ", "headers", "query"),
    [
        ({"BEARER_AUTH": "s"}, {"authorization": "Bearer s"}, {}),
        (
            {"BASIC_AUTH_USERNAME": "me", "BASIC_AUTH_PASSWORD": "s"},
            {"authorization": "Basic bWU6cw=="},
            {},
        ),
        ({"API_KEY_QUERY": "s"}, {}, {"api_key": "s"}),
        ({"API_KEY_HEADER": "s"}, {"x-api-key": "s"}, {}),
        ({"API_KEY_COOKIE": "s"}, {"cookie": "api_key=s"}, {}),
        ({"OAUTH2": "s"}, {"authorization": "Bearer s"}, {}),
        ({"OPEN_ID_CONNECT": "s"}, {"authorization": "Bearer s"}, {}),
    ],
)
def test_each_scheme_is_read_and_sent(
    environ: dict[str, str], headers: dict[str, str], query: dict[str, str]
) -> None:
    config = Config.from_env({f"GALAXY_{key}": text for key, text in environ.items()})
    assert config.authorizer()("planets.create", None) == Credentials(headers, query)


def test_a_secret_can_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s\n", encoding="utf-8")
    environ = {"GALAXY_BEARER_AUTH_FILE": str(tmp_path / "secret")}
    assert Config.from_env(environ).bearer_auth == Secret("s")


def test_all_that_is_wrong_is_said_at_once() -> None:
    environ = {"GALAXY_BASE_URL": "galaxy", "GALAXY_BURST": "many"}
    with pytest.raises(ConfigurationError) as raised:
        Config.from_env(environ)
    for part in ("GALAXY_BASE_URL", "GALAXY_BURST", "no credentials"):
        assert part in raised.value.reason


def test_a_client_without_credentials_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="no credentials"):
        Galaxy(Config())


def test_without_credentials_only_open_operations_can_be_called() -> None:
    authorizer = Config(anonymous=True).authorizer()
    assert authorizer("planets.list", ((),)) == Credentials()
    with pytest.raises(ConfigurationError, match="bearerAuth"):
        authorizer("planets.create", None)


def test_secrets_are_never_shown() -> None:
    config = Config(bearer_auth=Secret("hunter2"))
    assert "hunter2" not in repr(config)
