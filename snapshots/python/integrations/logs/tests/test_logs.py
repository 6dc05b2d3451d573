"""What is in a line of the log, and what must not be."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Generator

import pytest

from integrations.logs import LogsConfig, configure, get_logger
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    NotFound,
    Unavailable,
)
from integrations.runtime.events import Events, correlation_id
from integrations.runtime.metrics import Metrics
from integrations.runtime.secrets import Secret


class Log:
    """The log of this process, and an adapter `galaxy` that reports to it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.events = Events()
        self.clock = FakeClock()
        self.galaxy = Calls(
            "galaxy", events=self.events, metrics=Metrics(), clock=self.clock
        )
        config = LogsConfig(application="shop", level="info", format="json")
        self.undo = configure(config, stream=self.stream, events=self.events)

    def again(self, config: LogsConfig) -> None:
        self.undo()
        self.undo = configure(config, stream=self.stream, events=self.events)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def shown(self, *names: str) -> list[tuple[object, ...]]:
        return [tuple(line.get(name) for name in names) for line in self.lines]


@pytest.fixture
def log() -> Generator[Log]:
    log = Log()
    yield log
    log.undo()


def test_a_line_is_one_json_object(log: Log) -> None:
    get_logger("shop.orders").info("placed\nand paid", order="o-1", lines=2)
    [line] = log.lines
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "message": "placed\nand paid",
        "level": "info",
        "logger": "shop.orders",
        "application": "shop",
        "order": "o-1",
        "lines": 2,
    }


def test_a_child_has_the_fields_of_its_parent(log: Log) -> None:
    parent = get_logger("shop", tenant="acme")
    parent.bind(order="o-1").info("placed")
    parent.info("idle")
    assert log.shown("tenant", "order") == [("acme", "o-1"), ("acme", None)]


def test_the_standard_library_logs_the_same_way(log: Log) -> None:
    with correlation_id("c-1"):
        logging.getLogger("aio_pika").warning("lost %s", "it", extra={"queue": "q"})
    names = ("message", "level", "logger", "correlation_id", "queue")
    assert log.shown(*names) == [("lost it", "warning", "aio_pika", "c-1", "q")]


def test_the_correlation_id_is_in_every_line_of_the_work(log: Log) -> None:
    logger = get_logger("shop")
    logger.info("before")
    with correlation_id("c-1"):
        logger.info("inside")
        log.galaxy.run("planets.get", lambda _: logger.info("attempt"), repeatable=True)
    assert log.shown("message", "correlation_id") == [
        ("before", None),
        ("inside", "c-1"),
        ("attempt", "c-1"),
        ("call completed", "c-1"),
    ]


def test_calls_are_logged(log: Log) -> None:
    log.again(LogsConfig(level="debug", format="json"))
    log.galaxy.run("planets.get", lambda _: log.clock.advance(6.0), repeatable=True)
    names = ("message", "level", "service", "operation", "attempt", "seconds")
    assert log.shown(*names) == [
        ("call started", "debug", "galaxy", "planets.get", 1, 0.0),
        ("call completed", "info", "galaxy", "planets.get", 1, 6.0),
        ("call slow", "warning", "galaxy", "planets.get", 1, 6.0),
    ]


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NotFound("galaxy", "planets.get", "no planet"), "error"),
        (Unavailable("galaxy", "planets.get", "down", retryable=False), "warning"),
        (AuthenticationError("galaxy", "planets.get", "expired"), "critical"),
        (RuntimeError("a bug"), "error"),
    ],
)
def test_a_failure_is_as_loud_as_its_error(
    log: Log, error: Exception, level: str
) -> None:
    def attempt(_: float) -> None:
        raise error

    with pytest.raises(type(error)):
        log.galaxy.run("planets.get", attempt, repeatable=True)
    [line] = log.lines
    assert (line["message"], line["level"]) == ("call failed", level)
    assert line["error"] == type(error).__name__
    assert line["reason"] == str(error)


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "apiKey", "x-api-key", "Authorization", "cookie"],
)
def test_a_field_with_such_a_name_is_masked(log: Log, name: str) -> None:
    get_logger("shop").info("request", headers=[{name: "hunter2"}], **{name: "hunter2"})
    assert "hunter2" not in log.text
    assert log.lines[0][name] == "***"


def test_everything_below_such_a_name_is_masked(log: Log) -> None:
    get_logger("shop").info("in", cookies={"session": "hunter2", "all": [["hunter2"]]})
    assert "hunter2" not in log.text


def test_a_number_under_such_a_name_stays(log: Log) -> None:
    get_logger("shop").info("answered", tokens=17)
    assert log.shown("tokens") == [(17,)]


def test_a_known_secret_is_masked_wherever_it_is(log: Log) -> None:
    secret = Secret("hunter2")
    logger = get_logger("shop", url="amqp://shop:hunter2@broker/")
    try:
        int(secret.reveal())
    except ValueError:
        logger.exception(
            "hunter2", key={"deep": ["hunter2"]}, secret=secret, o={secret}
        )
    logging.getLogger("other").warning("with %s", secret.reveal())
    log.galaxy.run("hunter2", lambda _: None, repeatable=True)
    assert "hunter2" not in log.text
    assert "with base 10: '***'" in str(log.lines[0]["exception"])


def test_what_json_cannot_say_is_described(log: Log) -> None:
    circle: list[object] = []
    circle.append(circle)
    get_logger("shop").info("odd", when=FakeClock, circle=circle, raw=b"\x00")
    assert log.shown("message", "raw") == [("odd", "b'\\x00'")]


def test_lines_below_the_level_are_left_out(log: Log) -> None:
    log.again(
        LogsConfig(
            level="warning",
            levels={"aio_pika": "error", "shop": "debug"},
            format="json",
        )
    )
    for name in ("aio_pika", "shop", "other"):
        get_logger(name).warning("one")
        get_logger(name).debug("two")
    assert log.shown("logger", "message") == [
        ("shop", "one"),
        ("shop", "two"),
        ("other", "one"),
    ]


def test_the_console_shows_lines_for_people(log: Log) -> None:
    log.again(LogsConfig(level="info", format="console"))
    get_logger("shop").info("placed\x1b[2J", password="hunter2")
    assert r"placed\x1b[2J" in log.text
    assert "hunter2" not in log.text
    assert not log.text.startswith("{")


def test_settings_are_read() -> None:
    environ = {
        "LOGS_APPLICATION": "billing",
        "LOGS_LEVEL": "DEBUG",
        "LOGS_LEVELS": "aio_pika=warning, httpx2=error",
        "LOGS_FORMAT": "console",
    }
    assert LogsConfig.from_env(environ) == LogsConfig(
        application="billing",
        level="debug",
        levels={"aio_pika": "warning", "httpx2": "error"},
        format="console",
    )
    assert LogsConfig.from_env({}) == LogsConfig()


def test_every_mistake_is_named_at_once() -> None:
    environ = {"LOGS_LEVEL": "loud", "LOGS_LEVELS": "a=quiet", "LOGS_FORMAT": "xml"}
    with pytest.raises(ConfigurationError) as caught:
        LogsConfig.from_env(environ)
    for name in ("LOGS_LEVEL:", "LOGS_LEVELS:", "LOGS_FORMAT"):
        assert name in str(caught.value)
