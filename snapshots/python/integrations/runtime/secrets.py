"""Secrets that are never printed, and settings from the environment and from files."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from weakref import WeakValueDictionary

from integrations.runtime.errors import ConfigurationError

MASK = "***"


class Secret:
    """A text that shows as `***` wherever it is printed, logged or formatted."""

    __slots__ = ("__weakref__", "_shown_as", "_value")

    def __init__(self, value: str) -> None:
        """Keep `value`, and let `redact` know it."""
        self._value = value
        self._shown_as: re.Pattern[str] | None = None
        _KNOWN[id(self)] = self

    def reveal(self) -> str:
        """Return the secret itself. Call it where the secret is sent, not before."""
        return self._value

    def mask(self, text: str) -> str:
        """Return `text` with the secret as `***`: plain, escaped, or in base64."""
        if not self._value:
            return text
        if self._shown_as is None:
            self._shown_as = _pattern(self._value)
        return self._shown_as.sub(MASK, text)

    def __repr__(self) -> str:
        """Return `***`."""
        return MASK

    def __eq__(self, other: object) -> bool:
        """Compare in a time that does not tell where the texts differ."""
        return isinstance(other, Secret) and hmac.compare_digest(
            self._value.encode(), other._value.encode()
        )

    def __hash__(self) -> int:
        """Return the hash of the text."""
        return hash(self._value)

    def __deepcopy__(self, memo: object) -> Secret:
        """Return the secret itself: it cannot change."""
        return self

    def __reduce__(self) -> str:
        """Refuse to be pickled."""
        raise TypeError("a Secret cannot be pickled")


_KNOWN: WeakValueDictionary[int, Secret] = WeakValueDictionary()
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")


def redact(text: str) -> str:
    """Return `text` with every living secret, and passwords in URLs, as `***`.

    A secret is found as it is, percent-encoded, escaped as in JSON, and in base64,
    alone or inside of something longer.
    """
    known = sorted(_KNOWN.values(), key=lambda secret: -len(secret.reveal()))
    for secret in known:  # the longest first: others may be parts of it
        text = secret.mask(text)
    return _URL_PASSWORD.sub(rf"\1:{MASK}@", text)


def redact_record(record: logging.LogRecord) -> bool:
    """Filter for loggers of libraries, whose lines may hold what they send."""
    record.msg, record.args = redact(record.getMessage()), None
    return True


SHORTEST_BASE64 = 6
"""Fewer letters of base64 would be found everywhere."""


def _pattern(secret: str) -> re.Pattern[str]:
    forms = ["".join(map(_letter, secret))]
    for code in _base64(secret.encode()):
        forms.append(
            re.sub(r"[+/]", lambda it: "[+-]" if it[0] == "+" else "[/_]", code)
        )
    return re.compile("|".join(forms))


def _letter(letter: str) -> str:
    """Return a pattern of one letter, plain or escaped."""
    octets = letter.encode()
    percent = "".join(f"%{octet:02X}" for octet in octets)
    forms = {re.escape(letter), f"(?i:{percent})", re.escape(json.dumps(letter)[1:-1])}
    if letter == " ":
        forms.add(r"\+")
    return f"(?:{'|'.join(sorted(forms))})"


def _base64(secret: bytes) -> Iterator[str]:
    """Return the letters that do not depend on what stands around, and the whole."""
    if len(secret) >= SHORTEST_BASE64 // 2:
        yield base64.b64encode(secret).decode().rstrip("=")
    for before in range(3):
        code = base64.b64encode(bytes(before) + secret).decode()
        known = code[(before * 8 + 5) // 6 : (before + len(secret)) * 8 // 6]
        if len(known) >= SHORTEST_BASE64:
            yield known


class Settings:
    """Reads `<prefix><NAME>`, or the file that `<prefix><NAME>_FILE` names.

    What is missing or malformed is collected, and `check` raises it all as one error:
    use the values only after it.
    """

    def __init__(
        self, service: str, prefix: str, environ: Mapping[str, str] | None = None
    ) -> None:
        """Read from `environ`; None means the process's environment."""
        self._service = service
        self._prefix = prefix
        self._environ = os.environ if environ is None else environ
        self._problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text, which must be set when there is no default."""
        value = self._read(name)
        if value is None and default is None:
            self.missing(name)
        return value or default or ""

    def secret(self, name: str) -> Secret:
        """Return a secret, which must be set."""
        return Secret(self.text(name))

    def optional_text(self, name: str, default: str | None = None) -> str | None:
        """Return a text, or `default` when it is not set; an empty one is None."""
        return None if self._is_empty(name) else self._read(name) or default

    def optional_secret(self, name: str) -> Secret | None:
        """Return a secret, or None when it is not set."""
        value = self._read(name)
        return None if value is None else Secret(value)

    def number(self, name: str, default: float) -> float:
        """Return a number above 0; `inf` is one."""
        try:
            value = float(self._read(name) or default)
        except ValueError:
            value = -1.0
        if not value > 0:
            self.problem(f"{self._prefix}{name} is not a number above 0")
        return value

    def integer(self, name: str, default: int, *, least: int = 1) -> int:
        """Return a whole number, `least` or above."""
        try:
            value = int(self._read(name) or default)
        except ValueError:
            value = least - 1
        if value < least:
            self.problem(
                f"{self._prefix}{name} is not a whole number above {least - 1}"
            )
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether a setting is `true` or `1`, not `false` or `0`."""
        value = (self._read(name) or str(default)).lower()
        if value not in {"true", "1", "false", "0"}:
            self.problem(f"{self._prefix}{name} is neither true nor false")
        return value in {"true", "1"}

    def missing(self, name: str) -> None:
        """Add that a setting is not set to what `check` raises."""
        variable = self._prefix + name
        self.problem(f"{variable} (or {variable}_FILE) is not set")

    def problem(self, text: str) -> None:
        """Add a problem to what `check` raises."""
        self._problems.append(text)

    def check(self) -> None:
        """Raise one `ConfigurationError` that names every problem found."""
        if self._problems:
            reason = "; ".join(self._problems)
            raise ConfigurationError(
                self._service, "configure", reason, context={"problems": self._problems}
            )

    def _is_empty(self, name: str) -> bool:
        variable = self._prefix + name
        return self._environ.get(variable) == "" and not (
            self._environ.get(variable + "_FILE")
        )

    def _read(self, name: str) -> str | None:
        """Return what is set, an empty text counting as not set."""
        variable = self._prefix + name
        file = self._environ.get(variable + "_FILE")
        if value := self._environ.get(variable):
            return value
        if not file:
            return None
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError) as error:
            self.problem(f"{variable}_FILE cannot be read: {error}")
            return None
