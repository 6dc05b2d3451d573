"""Settings of the logs adapter, from arguments or the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, get_args

from integrations.runtime.secrets import Settings

SERVICE = "logs"
APPLICATION = "shop"

Level = Literal["debug", "info", "warning", "error", "critical"]
Format = Literal["json", "console"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogsConfig:
    """What is logged, and how.

    Attributes:
        application: Name of this program, in every line.
        level: Lines below it are left out.
        levels: The same for one logger and those below it, such as `aio_pika`.
        format: `json` is one object a line; `console` is for people.
    """

    application: str = APPLICATION
    level: Level = "info"
    levels: Mapping[str, Level] = field(default_factory=dict[str, Level])
    format: Format = "json"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `LOGS_*`; raises one `ConfigurationError` for all that is wrong."""
        read = Settings(SERVICE, "LOGS_", environ)
        form = read.text("FORMAT", "json")
        config = cls(
            application=read.text("APPLICATION", APPLICATION),
            level=_level(read.text("LEVEL", "info"), "LOGS_LEVEL", read),
            levels=_levels(read.optional_text("LEVELS") or "", read),
            format="console" if form == "console" else "json",
        )
        if form not in get_args(Format):
            read.problem("LOGS_FORMAT is neither json nor console")
        read.check()
        return config


def _level(text: str, variable: str, read: Settings) -> Level:
    known: tuple[Level, ...] = get_args(Level)
    for level in known:
        if level == text.lower():
            return level
    read.problem(f"{variable}: {text!r} is none of {', '.join(known)}")
    return "info"


def _levels(text: str, read: Settings) -> dict[str, Level]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return {
        name.strip(): _level(level.strip(), "LOGS_LEVELS", read)
        for name, _, level in pairs
    }
