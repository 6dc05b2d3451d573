"""Secrets stay secret; settings that are missing are all named at once."""

import base64
import copy
import json
import logging
import pickle
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote_plus

import pytest

from integrations.runtime.errors import ConfigurationError
from integrations.runtime.secrets import MASK, Secret, Settings, redact, redact_record


def test_a_secret_shows_nowhere() -> None:
    secret = Secret("hunter2")
    shown = [str(secret), repr(secret), f"{secret}", f"{[secret]}"]
    assert not any("hunter2" in text for text in shown)
    assert secret.reveal() == "hunter2"


def test_a_secret_cannot_be_written_out() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret("hunter2"))
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2"))


def test_secrets_compare_by_what_they_hold() -> None:
    secret = Secret("a")
    assert secret == Secret("a") != Secret("b")
    assert len({secret, Secret("a"), copy.deepcopy(secret)}) == 1


def test_redact_hides_secrets_and_passwords_in_urls() -> None:
    secret = Secret("hunter2")
    assert redact("token hunter2 sent") == "token *** sent"
    assert redact("postgres://me:pw@db/x") == "postgres://me:***@db/x"
    assert secret.reveal() not in redact("hunter2hunter2")


@pytest.mark.parametrize("text", ["pass word+/%é", 'quo"te\\d', "hunter2"])
def test_redact_finds_a_secret_however_it_was_sent(text: str) -> None:
    secret = Secret(text)
    forms = [
        quote(text, safe=""),
        quote(text),
        quote_plus(text),
        quote(text, safe="").lower(),
        json.dumps(text),
        json.dumps(text, ensure_ascii=False),
        base64.b64encode(text.encode()).decode(),
        base64.urlsafe_b64encode(text.encode()).decode(),
        *(
            base64.b64encode(f"{user}:{text}:after".encode()).decode()
            for user in ("a", "me", "you")
        ),
    ]
    for form in forms:
        shown = redact(f"<{form}>")
        assert MASK in shown, form
        assert len(shown) < len(form) and text not in unquote_plus(shown)
    assert secret.reveal() == text


def test_redact_leaves_nothing_of_a_secret_that_begins_like_another() -> None:
    secrets = [Secret("abc-1"), Secret("abc-1-and-more"), Secret("abc")]
    assert redact("abc-1-and-more abc-1 abc") == "*** *** ***"
    assert len(secrets) == 3


def test_lines_of_a_library_are_redacted(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("k y!")
    logger = logging.getLogger("some.library")
    logger.addFilter(redact_record)
    logger.warning("GET %s", f"https://api.test/?key={quote(secret.reveal())}")
    logger.removeFilter(redact_record)
    assert caplog.messages == ["GET https://api.test/?key=***"]


def test_settings_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    environ = {
        "SVC_URL": "https://example.test",
        "SVC_TOKEN_FILE": str(tmp_path / "token"),
        "SVC_SECONDS": "2.5",
        "SVC_BURST": "7",
        "SVC_DEBUG": "true",
    }
    settings = Settings("svc", "SVC_", environ)
    assert settings.text("URL") == "https://example.test"
    assert settings.text("REGION", "eu") == "eu"
    assert settings.secret("TOKEN").reveal() == "from-file"
    assert settings.optional_secret("KEY") is None
    assert settings.optional_text("NOTE") is None
    assert settings.number("SECONDS", 1.0) == 2.5
    assert settings.integer("BURST", 1) == 7
    assert settings.flag("DEBUG", default=False)
    settings.check()


def test_an_empty_text_takes_a_default_away() -> None:
    settings = Settings("svc", "SVC_", {"SVC_PREFIX": "", "SVC_LEEWAY": "0"})
    assert settings.optional_text("PREFIX", "2026") is None
    assert settings.optional_text("RESOURCE", "api") == "api"
    assert settings.integer("LEEWAY", 30, least=0) == 0
    settings.check()


def test_everything_that_is_wrong_is_raised_as_one_error() -> None:
    environ = {"SVC_SECONDS": "soon", "SVC_BURST": "0", "SVC_KEY_FILE": "/no/such"}
    settings = Settings("svc", "SVC_", environ | {"SVC_DEBUG": "maybe"})
    settings.text("URL")
    settings.secret("TOKEN")
    settings.optional_secret("KEY")
    settings.number("SECONDS", 1.0)
    settings.integer("BURST", 1)
    settings.flag("DEBUG", default=False)
    with pytest.raises(ConfigurationError) as raised:
        settings.check()
    assert raised.value.context["problems"] == [
        "SVC_URL (or SVC_URL_FILE) is not set",
        "SVC_TOKEN (or SVC_TOKEN_FILE) is not set",
        "SVC_KEY_FILE cannot be read: [Errno 2] No such file or directory: '/no/such'",
        "SVC_SECONDS is not a number above 0",
        "SVC_BURST is not a whole number above 0",
        "SVC_DEBUG is neither true nor false",
    ]
