"""How values become paths, queries and bodies of HTTP requests."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from itertools import chain
from typing import Final, Literal, TypeGuard, final
from urllib.parse import quote, urlencode
from uuid import UUID


@final
class Omit:
    """The type of `OMIT`."""

    def __repr__(self) -> str:
        """Return `OMIT`."""
        return "OMIT"


OMIT: Final = Omit()
"""An optional field that is left out. It is not None, which is sent as `null`."""


Style = Literal["brackets", "comma", "json", "pipe", "repeat", "space"]
"""How a value with parts is spelt: `a[]=1`, `a=1,2`, `a=[1]`, `a=1|2`, `a=1&a=2`, `a=1 2`.

`repeat` lets the fields of a mapping stand for themselves. Without a style a list repeats
its name, and what is deeper goes into brackets.
"""

SEPARATORS: Final[Mapping[str | None, str]] = {"comma": ",", "pipe": "|", "space": " "}


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries, as bytes, so that each attempt sends the same."""

    content: bytes
    content_type: str


def path(template: str, *segments: object) -> str:
    """Fill each `{}` with one percent-encoded segment; a list's values stand with commas.

    Refuses what is empty, `.` or `..`, for it would address something else.
    """
    return template.format(*(_segments(template, value) for value in segments))


def pick(
    params: Mapping[str, object], wire_names: Mapping[str, str]
) -> dict[str, object]:
    """Return the `params` that `wire_names` knows, under the names it gives them."""
    return {wire: params[name] for name, wire in wire_names.items() if name in params}


def query_pairs(
    query: Mapping[str, object], styles: Mapping[str, Style] | None = None
) -> list[tuple[str, str]]:
    """Return the pairs of a query, leaving out what is None."""
    return [
        (key, _text(leaf))
        for name, value in query.items()
        for key, leaf in _styled(name, value, (styles or {}).get(name))
        if leaf is not None
    ]


def texts(
    values: Mapping[str, object], as_json: Collection[str] = ()
) -> dict[str, str]:
    """Return the values as headers and cookies spell them, leaving out what is None.

    `as_json` names those that are sent as JSON.
    """
    return {
        name: _json(value, ascii_only=True) if name in as_json else _text(leaf)
        for name, value in values.items()
        for _, leaf in _styled(name, value, "comma")
        if leaf is not None
    }


def is_header_text(text: str) -> bool:
    """Return whether a header can have this value: ASCII without control characters."""
    return text.isascii() and text.isprintable()


def _styled(
    name: str, value: object, style: Style | None
) -> Iterable[tuple[str, object]]:
    if style == "json" and value is not None:
        return [(name, _json(value))]
    if style == "repeat" and _is_mapping(value):
        return [leaf for key, item in value.items() for leaf in _leaves(key, item)]
    if style in SEPARATORS and (_is_list(value) or _is_mapping(value)):
        return [(name, SEPARATORS[style].join(map(_text, _flat(value))))]
    return _leaves(name, value, brackets=style == "brackets")


def json_body(value: object, content_type: str = "application/json") -> Body:
    """Encode JSON, leaving out the fields of an object that are `OMIT`."""
    kept = _kept(value) if _is_mapping(value) else value
    return Body(_json(kept).encode(), content_type)


def form_body(
    fields: Mapping[str, object],
    styles: Mapping[str, Style] | None = None,
    *,
    brackets: bool = False,
) -> Body:
    """Encode a form, leaving out what is `OMIT`; None becomes an empty text.

    With `brackets` it is the style of all fields that `styles` does not name.
    """
    known = styles or {}
    usual: Style | None = "brackets" if brackets else None
    pairs = [
        (key, "" if leaf is None else _text(leaf))
        for name, value in _kept(fields).items()
        for key, leaf in _styled(name, value, known.get(name) or usual)
    ]
    return Body(urlencode(pairs).encode(), "application/x-www-form-urlencoded")


def multipart_body(fields: Mapping[str, object]) -> Body:
    """Encode a form with files, leaving out what is `OMIT` or None.

    A list repeats its name; a mapping is sent as JSON.
    """
    parts = [
        _part(name, item)
        for name, value in _kept(fields).items()
        for item in (value if _is_list(value) else [value])
        if item is not None
    ]
    boundary = sha256(b"".join(parts)).hexdigest()
    mark = b"--" + boundary.encode()
    lines = [line for part in parts for line in (mark, part)]
    content = b"\r\n".join([*lines, mark + b"--", b""])
    return Body(content, f"multipart/form-data; boundary={boundary}")


def _segments(template: str, value: object) -> str:
    texts = [_text(item) for item in (value if _is_list(value) else [value])] or [""]
    if bad := {"", ".", ".."}.intersection(texts):
        raise ValueError(f"{template}: {bad.pop()!r} cannot be a path segment")
    return ",".join(quote(text, safe="") for text in texts)


def _part(name: str, value: object) -> bytes:
    head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if isinstance(value, File):
        head += (
            f'; filename="{_quoted(value.name)}"\r\nContent-Type: {value.content_type}'
        )
        content = value.content
    elif _is_mapping(value):
        head += "\r\nContent-Type: application/json"
        content = json_body(value).content
    else:
        content = _text(value).encode()
    return head.encode() + b"\r\n\r\n" + content


def _leaves(
    name: str, value: object, *, brackets: bool = False
) -> Iterator[tuple[str, object]]:
    if _is_mapping(value):
        for key, item in value.items():
            yield from _leaves(f"{name}[{key}]", item, brackets=True)
    elif _is_list(value):
        for index, item in enumerate(value):
            if _is_mapping(item) or _is_list(item):
                yield from _leaves(f"{name}[{index}]", item, brackets=True)
            else:
                yield (f"{name}[]" if brackets else name), item
    else:
        yield name, value


def _flat(value: Sequence[object] | Mapping[str, object]) -> Iterable[object]:
    return chain.from_iterable(value.items()) if _is_mapping(value) else value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} cannot be sent as a number")
    if _is_list(value) or _is_mapping(value):
        return _json(value)
    known = _known(value)
    return str(value) if known is None else known


def _json(value: object, *, ascii_only: bool = False) -> str:
    return json.dumps(
        value,
        allow_nan=False,
        default=_json_value,
        ensure_ascii=ascii_only,
        separators=(",", ":"),
    )


def _json_value(value: object) -> str:
    known = _known(value)
    if known is None:
        raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
    return known


def _known(value: object) -> str | None:
    """Return the text for a type that JSON has none for, or None."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone: give it one, such as UTC")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} cannot be sent as a number")
        return f"{value:f}"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, UUID) else None


def _kept(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not OMIT}


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)
