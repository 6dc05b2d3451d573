"""Turns everything this process logs into lines of JSON."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from integrations.logs.calls import log_calls
from integrations.logs.config import LogsConfig
from integrations.logs.redaction import printable, redact_event
from integrations.runtime.events import EVENTS, Events, current_correlation_id


def configure(
    config: LogsConfig | None = None,
    *,
    stream: TextIO | None = None,
    events: Events = EVENTS,
) -> Callable[[], None]:
    """Log to `stream`, which is standard output unless given. Call it at the start.

    Takes in what is logged through `get_logger`, through the standard library's
    `logging`, and what the adapters report to `events`.

    Returns:
        What undoes it, for tests.
    """
    config = config or LogsConfig()
    shared = _shared(config.application)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=BoundLogger,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_formatter(config, shared))
    restore = _replace_handlers(config, handler)
    stop = events.listen(log_calls(get_logger("integrations.calls")))

    def undo() -> None:
        stop()
        restore()
        structlog.reset_defaults()

    return undo


def get_logger(name: str, **fields: object) -> BoundLogger:
    """Return a logger whose lines carry `fields`; `bind` gives a child with more."""
    logger: BoundLogger = structlog.stdlib.get_logger(name, **fields)
    return logger


def _replace_handlers(
    config: LogsConfig, handler: logging.Handler
) -> Callable[[], None]:
    root = logging.getLogger()
    handlers, root_level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in config.levels}
    root.handlers[:] = [handler]
    root.setLevel(config.level.upper())
    for name, level in config.levels.items():
        logging.getLogger(name).setLevel(level.upper())

    def restore() -> None:
        root.handlers[:] = handlers
        root.setLevel(root_level)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)

    return restore


def _shared(application: str) -> list[Processor]:
    def describe(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.setdefault("application", application)
        if current := current_correlation_id():
            event.setdefault("correlation_id", current)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _formatter(config: LogsConfig, shared: list[Processor]) -> ProcessorFormatter:
    renderers: list[Processor] = [
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(),
    ]
    if config.format == "console":
        renderers = [printable, structlog.dev.ConsoleRenderer(colors=False)]
    return ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            redact_event,
            *renderers,
        ],
    )
