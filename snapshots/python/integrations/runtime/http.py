"""Sends HTTP requests, blocking or not: the only file that does."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self, TypeVar

import httpx2 as httpx

from integrations.runtime.http_errors import error_of_failure
from integrations.runtime.http_request import Reply, Request
from integrations.runtime.http_site import Site
from integrations.runtime.secrets import redact_record

T = TypeVar("T")

MAX_REDIRECTS = 5

# It logs every URL, and a URL may hold a key.
logging.getLogger("httpx2").addFilter(redact_record)


class HttpTransport:
    """Sends requests. Share it between threads; close it, or use it in `with`.

    An attempt ends at the call's deadline, but for one wait on the network that began
    before: to connect, or for the next bytes of a reply. Its headers count as one wait
    for each time that some of them come, however few.
    """

    def __init__(self, site: Site, client: httpx.Client | None = None) -> None:
        """Send through `client`; None opens one."""
        self._site = site
        self._client = client or httpx.Client()

    def send(self, request: Request[T], timeout_seconds: float | None = None) -> T:
        """Send a request and return the decoded body of the reply."""
        return self.exchange(request, timeout_seconds).value

    def exchange(
        self, request: Request[T], timeout_seconds: float | None = None
    ) -> Reply[T]:
        """Send a request and return the reply, headers included."""
        site, operation = self._site, request.operation

        def attempt(left: float) -> Reply[T]:
            try:
                response, content = self._attempt(request, left)
            except (httpx.RequestError, httpx.InvalidURL) as cause:
                raise error_of_failure(
                    site.calls.service, operation.name, cause
                ) from cause
            return site.reply(request, response, content)

        return site.calls.run(
            operation.name,
            attempt,
            repeatable=request.repeatable,
            timeout_seconds=timeout_seconds,
        )

    def _attempt(
        self, request: Request[T], left: float
    ) -> tuple[httpx.Response, bytes]:
        clock, url = self._site.calls.clock, self._site.url(request)
        until = clock.now() + left
        for _ in range(MAX_REDIRECTS + 1):
            left = until - clock.now()
            if left <= 0:
                raise httpx.ReadTimeout("the reply takes too long")
            sent = self._site.build(self._client, request, url, left)
            response = self._client.send(sent, stream=True, follow_redirects=False)
            content = bytearray()
            try:
                for piece in response.iter_bytes():
                    content += piece
                    if clock.now() > until:
                        raise httpx.ReadTimeout("the reply takes too long")
            finally:
                response.close()
            elsewhere = self._site.redirect(request, url, response)
            if elsewhere is None:
                return response, bytes(content)
            url = elsewhere
        raise httpx.TooManyRedirects("too many redirects")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        """Return the transport; the block's end closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()


class AsyncHttpTransport:
    """Sends requests without blocking. Close it, or use it in `async with`."""

    def __init__(self, site: Site, client: httpx.AsyncClient | None = None) -> None:
        """Send through `client`; None opens one."""
        self._site = site
        self._client = client or httpx.AsyncClient()

    async def send(
        self, request: Request[T], timeout_seconds: float | None = None
    ) -> T:
        """Send a request and return the decoded body of the reply."""
        return (await self.exchange(request, timeout_seconds)).value

    async def exchange(
        self, request: Request[T], timeout_seconds: float | None = None
    ) -> Reply[T]:
        """Send a request and return the reply, headers included."""
        site, operation = self._site, request.operation

        async def attempt(left: float) -> Reply[T]:
            try:
                response, content = await self._attempt(request, left)
            except (httpx.RequestError, httpx.InvalidURL) as cause:
                raise error_of_failure(
                    site.calls.service, operation.name, cause
                ) from cause
            return site.reply(request, response, content)

        return await site.calls.run_async(
            operation.name,
            attempt,
            repeatable=request.repeatable,
            timeout_seconds=timeout_seconds,
        )

    async def _attempt(
        self, request: Request[T], left: float
    ) -> tuple[httpx.Response, bytes]:
        url = self._site.url(request)
        for _ in range(MAX_REDIRECTS + 1):
            sent = self._site.build(self._client, request, url, left)
            response = await self._client.send(
                sent, stream=True, follow_redirects=False
            )
            try:
                content = await response.aread()
            finally:
                await response.aclose()
            elsewhere = self._site.redirect(request, url, response)
            if elsewhere is None:
                return response, content
            url = elsewhere
        raise httpx.TooManyRedirects("too many redirects")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        """Return the transport; the block's end closes it."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.close()
