"""The operations on the objects of a bucket, for asyncio."""

from __future__ import annotations

from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import obstore

from integrations.runtime.errors import NotFound
from integrations.runtime.objects import (
    CHUNK_BYTES,
    PAGE_SIZE,
    PART_BYTES,
    STORE_ERRORS,
    Checked,
    Folder,
    ObjectInfo,
    Stored,
    info,
    only_absent,
    rewinder,
    split_attributes,
    store_error,
    store_errors,
    stored,
)
from integrations.runtime.objects_listing import folder_async, page_async

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult

    from integrations.runtime.calls import Calls
    from integrations.runtime.objects_store import Method, Store

T = TypeVar("T")

AsyncBody = bytes | Path | IO[bytes] | Iterable[bytes] | AsyncIterable[bytes]
"""What can be put. A file is read from where it stands; an iterable only once."""


class AsyncContent:
    """An open object. Reading goes on where a connection broke.

    Attributes:
        info: What the store knows of it.
        content_type: Its media type; None when none was given.
        metadata: What was put with it.
        range: The bytes that are read: from, up to and without.
    """

    def __init__(self, objects: AsyncObjects, result: GetResult) -> None:
        """Read what `result` gives."""
        self.info = info(result.meta)
        self.range = result.range
        attributes = objects.store.attributes(self.info.key, result.attributes)
        self.content_type, self.metadata = split_attributes(attributes)
        self._objects = objects
        self._result = result

    async def read(self) -> bytes:
        """Return all bytes."""
        return b"".join([chunk async for chunk in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes in pieces of about a megabyte."""
        position, end = self.range
        result, resumed_at = self._result, -1
        while position < end:
            failure: Exception = EOFError("the body ended early")
            try:
                async for chunk in result.stream(CHUNK_BYTES):
                    position += len(chunk)
                    yield chunk
            except STORE_ERRORS as cause:
                failure = cause
            if position == resumed_at:  # nothing came since the last time
                raise store_error(self._objects.service, "get", failure) from failure
            if position < end:
                resumed_at = position
                result = await self._objects.resume(self.info, position, end)


class AsyncObjects:
    """The objects of one bucket. Tasks may share it."""

    def __init__(self, store: Store, calls: Calls) -> None:
        """Work on `store`."""
        self.store = store
        self.service = calls.service
        self._calls = calls
        self._checked = Checked(calls.service)

    async def put(
        self,
        key: str,
        body: AsyncBody,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
        if_absent: bool = False,
    ) -> Stored:
        """Store an object, replacing the one that has this key.

        More than 8 MiB goes up in parts, which are aborted when one fails. A body that
        can be read again is sent again after a failure.

        Args:
            key: Where to put it.
            body: What to put.
            content_type: Its media type, such as `application/pdf`.
            metadata: Names in lower case, values in ASCII.
            if_absent: Raise `Conflict` when there is an object. It is sent from memory,
                and only once: a second try could find what the first one put.
        """
        self._checked.key("put", key)
        attributes = self._checked.attributes("put", content_type, metadata or {})
        again = rewinder(body)

        async def attempt() -> Stored:
            result = await obstore.put_async(
                self.store.objects,
                key,
                again() if again else body,
                attributes=self.store.kept_with_bytes(attributes),
                mode="create" if if_absent else "overwrite",
                chunk_size=PART_BYTES,
            )
            self.store.keep(key, attributes)
            return stored(key, result)

        return await self._run("put", attempt, repeatable=bool(again) and not if_absent)

    async def get(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncContent:
        """Open an object, or the bytes from `start` up to and without `end`.

        Raises `NotFound` when no object has this key.
        """
        self._checked.key("get", key)
        self._checked.range("get", start, end)
        options: GetOptions = {"range": (start, end) if end else {"offset": start}}
        return AsyncContent(
            self, await self._open(key, options if start or end else {})
        )

    async def head(self, key: str) -> ObjectInfo:
        """Return what the store knows of an object, or raise `NotFound`."""
        self._checked.key("head", key)
        return info(
            await self._run("head", lambda: obstore.head_async(self.store.objects, key))
        )

    async def list(self, prefix: str = "") -> AsyncIterator[ObjectInfo]:
        """Yield the objects below `prefix`, by key, reading pages as they are needed.

        A prefix is whole parts of a key: `a/b` is not one of `a/bc`.
        """
        below = self._checked.prefix("list", prefix)
        after: str | None = None
        while True:
            found = await self._page(below, after)
            for listed in found:
                if await self._has(listed):
                    yield listed
            if len(found) < PAGE_SIZE:
                return
            after = found[-1].key

    async def folder(self, prefix: str = "") -> Folder:
        """Return what lies directly below `prefix`, as a folder would show it."""
        below = self._checked.prefix("folder", prefix)
        found = await self._run(
            "folder", lambda: folder_async(self.store.objects, below)
        )
        objects = [listed for listed in found.objects if await self._has(listed)]
        return replace(found, objects=tuple(objects))

    async def delete(self, key: str) -> None:
        """Delete an object; it is no error when there is none."""
        self._checked.key("delete", key)

        async def attempt() -> None:
            with only_absent():
                await obstore.delete_async(self.store.objects, key)
            self.store.forget(key)

        await self._run("delete", attempt)

    async def copy(self, source: str, target: str) -> None:
        """Copy an object inside the store, replacing the one at `target`."""
        self._checked.key("copy", source)
        self._checked.key("copy", target)

        async def attempt() -> None:
            await obstore.copy_async(self.store.objects, source, target)
            self.store.copy(source, target)

        await self._run("copy", attempt)

    async def sign_get(self, key: str, *, expires_seconds: float = 900.0) -> str:
        """Return a URL to get the object from without credentials; at most a week."""
        return await self._sign("GET", key, expires_seconds)

    async def sign_put(self, key: str, *, expires_seconds: float = 900.0) -> str:
        """Return a URL to put the object to without credentials; at most a week."""
        return await self._sign("PUT", key, expires_seconds)

    async def resume(self, opened: ObjectInfo, start: int, end: int) -> GetResult:
        """Open the rest of an object, or raise `Conflict` when it has changed."""
        options: GetOptions = {"range": (start, end), "if_match": opened.etag}
        return await self._open(opened.key, options)

    async def _open(self, key: str, options: GetOptions) -> GetResult:
        return await self._run(
            "get", lambda: obstore.get_async(self.store.objects, key, options=options)
        )

    async def _has(self, found: ObjectInfo) -> bool:
        """Return whether what was listed is an object that `get` would open.

        The marker `a/` that some programs put for a folder is listed as an empty `a`.
        """
        if not self._checked.fits(found.key):
            return False
        if found.size:
            return True
        try:
            await self.head(found.key)
        except NotFound:
            return False
        return True

    async def _page(
        self, prefix: str | None, after: str | None
    ) -> Sequence[ObjectInfo]:
        return await self._run(
            "list", lambda: page_async(self.store.objects, prefix, after)
        )

    async def _sign(self, method: Method, key: str, seconds: float) -> str:
        self._checked.key("sign", key)
        expires_in = self._checked.expiry("sign", seconds)

        async def attempt() -> str:
            return self.store.sign(method, key, expires_in)

        return await self._run("sign", attempt)

    async def _run(
        self,
        operation: str,
        attempt: Callable[[], Awaitable[T]],
        *,
        repeatable: bool = True,
    ) -> T:
        async def bounded(_left: float) -> T:
            with store_errors(self.service, operation):
                return await attempt()

        return await self._calls.run_async(operation, bounded, repeatable=repeatable)
