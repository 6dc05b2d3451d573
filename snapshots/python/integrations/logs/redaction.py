"""Keeps secrets out of the log, wherever in a line they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeGuard

from structlog.typing import EventDict, WrappedLogger

from integrations.runtime.secrets import MASK, redact

DEEPEST = 8
_SECRET_NAME = re.compile(
    r"passw(or)?d|secret|token|api[-_]?key|authorization|cookie|credential"
    r"|private[-_]?key",
    re.IGNORECASE,
)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def redact_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask texts below names such as `password`, and known secrets in all others."""
    return {
        name: _redacted(value, depth=0, hidden=_is_secret(name))
        for name, value in event.items()
    }


def printable(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Escape what would move the cursor of a terminal."""
    text = str(event.get("event", ""))
    event["event"] = _CONTROL.sub(lambda found: rf"\x{ord(found[0]):02x}", text)
    return event


def _redacted(value: object, *, depth: int, hidden: bool) -> object:
    """Return a value for the log; `hidden` says that it is below a secret's name."""
    if depth > DEEPEST:
        return "…"
    if _is_mapping(value):
        return {
            redact(str(key)): _redacted(
                item, depth=depth + 1, hidden=hidden or _is_secret(str(key))
            )
            for key, item in value.items()
        }
    if _is_sequence(value):
        return [_redacted(item, depth=depth + 1, hidden=hidden) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if hidden:
        return MASK
    return redact(value if isinstance(value, str) else repr(value))


def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, list | tuple | set | frozenset)
