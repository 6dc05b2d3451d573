"""What object storage says and takes: keys, attributes, ranges, errors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import IOBase
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    InvalidPathError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)

from integrations.runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    Conflict,
    IntegrationError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.secrets import redact

if TYPE_CHECKING:
    from obstore import Attributes, ObjectMeta, PutResult

T = TypeVar("T")

PAGE_SIZE = 1000
PART_BYTES = 8 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024

LONGEST_KEY_BYTES = 1024
LONGEST_SIGNATURE_SECONDS = 604_800.0

CONTENT_TYPE = "Content-Type"
_RESERVED = {"", ".", ".."}
_STANDARD = re.compile(r"[A-Z]")
_METADATA_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a store knows of an object without opening it."""

    key: str
    size: int
    modified_at: dt.datetime
    etag: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store says of an object it just took."""

    key: str
    etag: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies directly below a prefix: objects, and the prefixes of others."""

    folders: tuple[str, ...]
    objects: tuple[ObjectInfo, ...]


def info(meta: ObjectMeta) -> ObjectInfo:
    """Return what the store said of an object."""
    return ObjectInfo(
        key=meta["path"],
        size=meta["size"],
        modified_at=meta["last_modified"],
        etag=meta["e_tag"],
        version=meta["version"],
    )


def stored(key: str, result: PutResult) -> Stored:
    """Return what the store said of an object it took."""
    return Stored(key=key, etag=result["e_tag"], version=result["version"])


class Checked:
    """Refuses what no store takes, and what would mean something else on another."""

    def __init__(self, service: str) -> None:
        """Blame `service`."""
        self._service = service

    def key(self, operation: str, key: str) -> str:
        """Return `key`: parts between single slashes, none of them `.` or `..`."""
        if any(part in _RESERVED for part in key.split("/")):
            raise self._invalid(operation, f"the key {key!r} has an empty or dot part")
        return self._name(operation, key)

    def fits(self, key: str) -> bool:
        """Return whether `key` would take this key."""
        try:
            self.key("list", key)
        except InvalidRequest:
            return False
        return True

    def prefix(self, operation: str, prefix: str) -> str | None:
        """Return `prefix` without its last slash; None means everything."""
        return self.key(operation, prefix.removesuffix("/")) if prefix else None

    def attributes(
        self, operation: str, content_type: str | None, metadata: Mapping[str, str]
    ) -> Attributes:
        """Return what is kept beside an object."""
        for name, value in metadata.items():
            if not _METADATA_NAME.fullmatch(name):
                reason = f"the metadata name {name!r} is not lower-case letters"
                raise self._invalid(operation, reason)
            if not (value.isascii() and value.isprintable()):
                reason = f"the metadata {name!r} is not printable ASCII"
                raise self._invalid(operation, reason)
        kind = {} if content_type is None else {CONTENT_TYPE: content_type}
        return {**kind, **metadata}

    def range(self, operation: str, start: int, end: int | None) -> None:
        """Refuse a range that is empty or starts before the object."""
        if start < 0 or (end is not None and end <= start):
            raise self._invalid(operation, f"the range {start} to {end} is empty")

    def expiry(self, operation: str, seconds: float) -> dt.timedelta:
        """Return how long a URL is good for: at most a week."""
        if not 1 <= seconds <= LONGEST_SIGNATURE_SECONDS:
            reason = f"{seconds} seconds is not between 1 and 604800 (a week)"
            raise self._invalid(operation, reason)
        return dt.timedelta(seconds=seconds)

    def _name(self, operation: str, key: str) -> str:
        if len(key.encode()) > LONGEST_KEY_BYTES:
            raise self._invalid(operation, "the key is longer than 1024 bytes")
        if not key.isprintable() or "\\" in key:
            reason = f"the key {key!r} has a control character or backslash"
            raise self._invalid(operation, reason)
        return key

    def _invalid(self, operation: str, reason: str) -> InvalidRequest:
        return InvalidRequest(self._service, operation, reason)


def split_attributes(attributes: Attributes) -> tuple[str | None, dict[str, str]]:
    """Return the content type, and the metadata of one's own."""
    own = {k: v for k, v in attributes.items() if not _STANDARD.match(k)}
    return attributes.get(CONTENT_TYPE), own


def rewinder(body: T) -> Callable[[], T] | None:
    """Return what gives the body again, or None when it can be read only once."""
    if isinstance(body, bytes | Path):
        return lambda: body
    if not (isinstance(body, IOBase) and body.seekable()):
        return None
    start = body.tell()

    def rewind() -> T:
        body.seek(start)
        return body

    return rewind


STORE_ERRORS = (BaseError, FileNotFoundError, PermissionError)

BY_TYPE: dict[type[Exception], type[IntegrationError]] = {
    AlreadyExistsError: Conflict,
    FileNotFoundError: NotFound,
    InvalidPathError: UnexpectedResponse,
    PermissionDeniedError: PermissionDenied,
    PermissionError: PermissionDenied,
    PreconditionError: Conflict,
    UnauthenticatedError: AuthenticationError,
}

BY_CODE: dict[str, type[IntegrationError]] = {
    "AccessDenied": PermissionDenied,
    "ExpiredToken": AuthenticationError,
    "InvalidAccessKeyId": AuthenticationError,
    "NoSuchBucket": ConfigurationError,
    "RequestTimeTooSkewed": AuthenticationError,
    "SignatureDoesNotMatch": AuthenticationError,
    "SlowDown": RateLimited,
}


@contextmanager
def store_errors(service: str, operation: str) -> Generator[None]:
    """Raise the errors of this project in place of the store's."""
    try:
        yield
    except STORE_ERRORS as cause:
        raise store_error(service, operation, cause) from cause


@contextmanager
def only_absent() -> Generator[None]:
    """Take it well that there is no such object, but not that there is no bucket."""
    try:
        yield
    except FileNotFoundError as cause:
        code = _CODE.search(str(cause))
        if code and code[1] == "NoSuchBucket":
            raise


def store_error(service: str, operation: str, cause: Exception) -> IntegrationError:
    """Return the error to raise for `cause`."""
    text = str(cause)
    found, code = _STATUS.search(text), _CODE.search(text)
    status = int(found[1]) if found else None
    kind = BY_CODE.get(code[1]) if code else None
    kind = kind or BY_TYPE.get(type(cause)) or _by_status(text, status)
    reason = redact(text.split("\n", 1)[0])
    return kind(service, operation, reason, status=status)


def _by_status(text: str, status: int | None) -> type[IntegrationError]:
    if "LocalFileSystem" in text:
        return Conflict if "directory" in text else UnexpectedResponse
    if status is None or status >= 500:
        return Unavailable
    if status in {400, 416}:
        return InvalidRequest
    return RateLimited if status == 429 else UnexpectedResponse
