"""A stand-in for a service, for the tests of adapters: it answers as it is told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeGuard, TypeVar
from urllib.parse import parse_qsl, unquote

import httpx2 as httpx

from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import IntegrationError
from integrations.runtime.events import Events
from integrations.runtime.metrics import Metrics
from integrations.runtime.retry import Retry

S = TypeVar("S")
A = TypeVar("A")
T = TypeVar("T")

Answer = httpx.Response | Exception


class _Run:
    """One flavour of the client at work."""

    def __init__(self, answers: list[Callable[[], Answer]]) -> None:
        self.requests: list[httpx.Request] = []
        self.clock = FakeClock()
        self.error: IntegrationError | None = None
        self._answers = answers

    def calls(self) -> Calls:
        """Return calls that only this run counts, without chance and without waits."""
        retry = Retry(jitter=lambda: 1.0)
        events, metrics = Events(), Metrics()
        return Calls(
            "test", retry=retry, events=events, metrics=metrics, clock=self.clock
        )

    def transport(self) -> httpx.MockTransport:
        """Return what answers the requests."""

        def answer(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            reply = self._answers.pop(0)()
            if isinstance(reply, Exception):
                raise reply
            return reply

        return httpx.MockTransport(answer)

    def run(self, call: Callable[[], T]) -> list[T]:
        """Return the result in a list that is empty when the call failed."""
        try:
            return [call()]
        except IntegrationError as error:
            self.error = error
            return []

    def seen(self) -> object:
        """Return what can be told about the run from outside."""
        requests = [
            (sent.method, str(sent.url), _stable(sent.headers), sent.content)
            for sent in self.requests
        ]
        error = self.error
        return requests, self.clock.sleeps, error and (type(error), error.reason)


async def settle(found: object, most: int = 3) -> None:
    """Wait for what a client's method returned, or take `most` of its items."""
    if _is_iterator(found):
        list(islice(found, most))
    elif _is_async_iterator(found):
        left = most
        async for _ in found:
            left -= 1
            if left == 0:
                break
    elif isinstance(found, Awaitable):
        await found


def _changed(reply: Any, changes: Mapping[str, object]) -> Any:
    """Return a reply with changes in it, however deep."""
    return reply | {
        name: _changed(reply.get(name) or {}, new) if _is_mapping(new) else new
        for name, new in changes.items()
    }


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _is_iterator(value: object) -> TypeGuard[Iterator[object]]:
    return isinstance(value, Iterator)


def _is_async_iterator(value: object) -> TypeGuard[AsyncIterator[object]]:
    return isinstance(value, AsyncIterator)


def _is_awaitable(value: T | Awaitable[T]) -> TypeGuard[Awaitable[T]]:
    return isinstance(value, Awaitable)


def _stable(headers: httpx.Headers) -> dict[str, str]:
    return {name: text for name, text in headers.items() if name != "idempotency-key"}


class FakeService(Generic[S, A]):
    """Runs each call with both clients and checks that they behave alike.

    Attributes:
        requests: What the last call sent.
        sleeps: How long it waited, in seconds, each time.
    """

    def __init__(
        self,
        connect: Callable[[Calls, httpx.Client], S],
        connect_async: Callable[[Calls, httpx.AsyncClient], A],
        examples: Path = Path(),
    ) -> None:
        """Make the clients with these functions; `examples` is a folder of replies."""
        self.requests: list[httpx.Request] = []
        self.sleeps: list[float] = []
        self._service = connect, connect_async
        self._examples = examples
        self._answers: list[Callable[[], Answer]] = []

    def answers(
        self, status: int, body: object = b"", headers: dict[str, str] | None = None
    ) -> None:
        """Add a reply; a body that is not bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._answers.append(
            lambda: httpx.Response(status, content=content, headers=headers)
        )

    def example(
        self,
        status: int,
        name: str,
        changes: dict[str, object] | None = None,
        *,
        link: str = "",
    ) -> None:
        """Add the example `name` as a reply, with changes and a link to a next page."""
        headers = {"link": f'<{link}>; rel="next"'} if link else None
        found = self._replies()[name]
        reply = _changed(found, changes) if changes else found
        self.answers(status, reply, headers)

    def _replies(self) -> dict[str, Any]:
        replies: dict[str, Any] = {}
        for file in sorted(self._examples.glob("*.json")):
            replies |= json.loads(file.read_bytes())
        return replies

    def fails(self, error: Exception) -> None:
        """Add a failure in place of a reply."""
        self._answers.append(lambda: error)

    @property
    def sent(self) -> list[str]:
        """What the last call sent, as `GET /path?query` each."""
        return [f"{sent.method} {sent.url.raw_path.decode()}" for sent in self.requests]

    @property
    def json(self) -> object:
        """The body of the last request, read as JSON."""
        return json.loads(self.requests[-1].content)

    @property
    def form(self) -> list[list[str]]:
        """The fields of the form in the last request: names and texts."""
        content = self.requests[-1].content.decode()
        return [list(pair) for pair in parse_qsl(content, keep_blank_values=True)]

    @property
    def names(self) -> list[str]:
        """The names of the fields of the multipart form in the last request."""
        content = self.requests[-1].content.decode(errors="replace")
        return re.findall(r'form-data; name="([^"]*)"', content)

    @property
    def content(self) -> bytes:
        """The body of the last request."""
        return self.requests[-1].content

    @property
    def headers(self) -> httpx.Headers:
        """The headers of the last request."""
        return self.requests[-1].headers

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the last request."""
        pairs = (pair.partition("=") for pair in self.headers["cookie"].split("; "))
        return {name: unquote(text) for name, _, text in pairs}

    def both(self, call: Callable[[S | A], T | Awaitable[T]]) -> T:
        """Return what `call` returns, with either client."""

        def plain(client: S) -> T:
            found = call(client)
            if isinstance(found, Awaitable):
                raise TypeError("the blocking client returned an awaitable")
            return found

        async def awaited(client: A) -> T:
            found = call(client)
            if not _is_awaitable(found):
                raise TypeError("the async client returned no awaitable")
            return await found

        return self._alike(plain, awaited)

    def items(
        self, call: Callable[[S | A], Iterator[T] | AsyncIterator[T]], most: int = 100
    ) -> list[T]:
        """Return what `call` yields, with either client, `most` items at most."""

        def plain(client: S) -> list[T]:
            found = call(client)
            if isinstance(found, AsyncIterator):
                raise TypeError("the blocking client returned an async iterator")
            return list(islice(found, most))

        async def awaited(client: A) -> list[T]:
            found, items = call(client), list[T]()
            if isinstance(found, Iterator):
                raise TypeError("the async client returned a blocking iterator")
            async for item in found:
                items.append(item)
                if len(items) == most:
                    break
            return items

        return self._alike(plain, awaited)

    def _alike(
        self, plain: Callable[[S], T], awaited: Callable[[A], Awaitable[T]]
    ) -> T:
        first, second = _Run(list(self._answers)), _Run(list(self._answers))
        connect, connect_async = self._service

        async def run_async() -> T:
            async with httpx.AsyncClient(transport=second.transport()) as http:
                return await awaited(connect_async(second.calls(), http))

        with httpx.Client(transport=first.transport()) as http:
            result = first.run(lambda: plain(connect(first.calls(), http)))
        other = second.run(lambda: asyncio.run(run_async()))
        self.requests, self.sleeps = first.requests, first.clock.sleeps
        if first.seen() != second.seen():
            raise AssertionError(f"{first.seen()}\nis not\n{second.seen()}")
        if first.error is not None:
            raise first.error
        if result != other:
            raise AssertionError(f"{result}\nis not\n{other}")
        return result[0]
