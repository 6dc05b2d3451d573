"""Where objects are: a bucket, or a folder that behaves like one."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import obstore
from obstore.store import LocalStore, S3Store

from integrations.runtime.cache import TtlCache
from integrations.runtime.errors import InvalidRequest

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import S3Config

    from integrations.runtime.secrets import Secret

Method = Literal["GET", "PUT"]

LONG_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True)
class BucketOptions:
    """How to reach a bucket, or the folder that stands in for it.

    Attributes:
        bucket: The bucket's name.
        prefix: What all keys are below; the adapter's keys leave it out.
        folder: A folder to use in place of the bucket; None means the bucket.
        endpoint: Where the service is; None means Amazon S3 of the region.
        region: The bucket's region.
        path_style: Name the bucket in the path, as most services besides Amazon want.
        access_key_id: Who we are; None means what the environment or machine says.
        secret_access_key: The secret that belongs to it.
        session_token: The token of temporary credentials.
        connect_seconds: Longest wait for a connection.
        attempt_seconds: Longest wait between two pieces of a reply.
    """

    bucket: str
    prefix: str | None = None
    folder: Path | None = None
    endpoint: str | None = None
    region: str = "us-east-1"
    path_style: bool = False
    access_key_id: str | None = None
    secret_access_key: Secret | None = None
    session_token: Secret | None = None
    connect_seconds: float = 5.0
    attempt_seconds: float = 30.0


class Store(Protocol):
    """What differs between a bucket and a folder."""

    @property
    def objects(self) -> S3Store | LocalStore:
        """Where the bytes are."""
        ...

    def within(self, seconds: float, *, body: bool = False) -> S3Store | LocalStore:
        """Return where the bytes are, for a request that takes at most `seconds`.

        With `body` it is only the wait for an answer, and between two pieces of it.
        """
        ...

    def kept_with_bytes(self, attributes: Attributes) -> Attributes | None:
        """Return the attributes that are written with the bytes."""
        ...

    def keep(self, key: str, attributes: Attributes) -> None:
        """Write the others, once the bytes are there."""
        ...

    def attributes(self, key: str, read: Attributes) -> Attributes:
        """Return all attributes, given those read with the bytes."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy what is kept apart from the bytes."""
        ...

    def forget(self, key: str) -> None:
        """Delete what is kept apart from the bytes."""
        ...

    def sign(self, method: Method, key: str, expires_in: dt.timedelta) -> str:
        """Return a URL that allows `method` on `key` for a while."""
        ...


def open_store(service: str, options: BucketOptions) -> Store:
    """Return the folder of `options`, or else its bucket."""
    if options.folder is not None:
        below = options.folder / (options.prefix or "").strip("/")
        return FolderStore(service, below)
    return BucketStore(options)


class BucketStore:
    """A bucket of Amazon S3, or of a service that speaks its protocol."""

    def __init__(self, options: BucketOptions) -> None:
        """Connect when first used. Retries are left to the caller."""
        self._options = options
        self.objects = self._connected(options.attempt_seconds, LONG_SECONDS)
        self._hurried = TtlCache[S3Store](16, 3600.0)

    def within(self, seconds: float, *, body: bool = False) -> S3Store:
        """Return a store of its own limits where the usual ones are too long.

        They are in tenths of a second, so that calls share connections.
        """
        if seconds >= self._options.attempt_seconds + self._options.connect_seconds:
            return self.objects
        limit = max(math.floor(min(seconds, LONG_SECONDS) * 10) / 10, 0.1)
        wait = min(limit, self._options.attempt_seconds)
        key = wait, LONG_SECONDS if body else limit
        try:
            return self._hurried.get(key)
        except KeyError:
            store = self._connected(*key)
        self._hurried.put(key, store)
        return store

    def _connected(self, wait_seconds: float, whole_seconds: float) -> S3Store:
        options = self._options
        connect_seconds = min(options.connect_seconds, wait_seconds)
        return S3Store(
            config=_config(options),
            prefix=options.prefix,
            client_options={
                "allow_http": (options.endpoint or "").startswith("http://"),
                "connect_timeout": _time(connect_seconds),
                "read_timeout": _time(wait_seconds),
                "timeout": _time(whole_seconds),
            },
            retry_config={"max_retries": 0},
        )

    def kept_with_bytes(self, attributes: Attributes) -> Attributes | None:
        """Return all attributes."""
        return attributes

    def keep(self, key: str, attributes: Attributes) -> None:
        """Do nothing."""

    def attributes(self, key: str, read: Attributes) -> Attributes:
        """Return the attributes read."""
        return read

    def copy(self, source: str, target: str) -> None:
        """Do nothing."""

    def forget(self, key: str) -> None:
        """Do nothing."""

    def sign(self, method: Method, key: str, expires_in: dt.timedelta) -> str:
        """Sign with our credentials; nothing is sent."""
        return obstore.sign(self.objects, method, key, expires_in)


def _time(seconds: float) -> dt.timedelta:
    return dt.timedelta(seconds=min(seconds, LONG_SECONDS))


def _config(options: BucketOptions) -> S3Config:
    config: S3Config = {
        "bucket": options.bucket,
        "region": options.region,
        "checksum_algorithm": "SHA256",
        "disable_bulk_delete": True,
        "virtual_hosted_style_request": not options.path_style,
    }
    if options.endpoint is not None:
        config["endpoint"] = options.endpoint
    if options.access_key_id is not None:
        config["access_key_id"] = options.access_key_id
    if options.secret_access_key is not None:
        config["secret_access_key"] = options.secret_access_key.reveal()
    if options.session_token is not None:
        config["session_token"] = options.session_token.reveal()
    return config


class FolderStore:
    """A folder: bytes below `objects/`, attributes as JSON below `attributes/`."""

    def __init__(self, service: str, folder: Path) -> None:
        """Make the folder when it is not there."""
        self._service = service
        self._attributes = folder / "attributes"
        self.objects = LocalStore(folder / "objects", mkdir=True)

    def within(self, seconds: float, *, body: bool = False) -> LocalStore:
        """Return the folder: nobody else is waited for."""
        return self.objects

    def kept_with_bytes(self, attributes: Attributes) -> Attributes | None:
        """Return nothing: files have no attributes."""
        return None

    def keep(self, key: str, attributes: Attributes) -> None:
        """Write a file of attributes."""
        file = self._file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(attributes), encoding="utf-8")

    def attributes(self, key: str, read: Attributes) -> Attributes:
        """Return what the file of attributes says."""
        try:
            text = self._file(key).read_text(encoding="utf-8")
        except FileNotFoundError:
            return read
        return {**read, **json.loads(text)}

    def copy(self, source: str, target: str) -> None:
        """Copy the file of attributes."""
        if self._file(source).exists():
            self._file(target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._file(source), self._file(target))

    def forget(self, key: str) -> None:
        """Delete the file of attributes."""
        self._file(key).unlink(missing_ok=True)

    def sign(self, method: Method, key: str, expires_in: dt.timedelta) -> str:
        """Refuse: nobody serves the folder."""
        raise InvalidRequest(
            self._service, "sign", f"a folder has no URL to {method} {key}"
        )

    def _file(self, key: str) -> Path:
        return self._attributes / f"{key}.json"
