"""Where HTTP requests go and what goes with each: nothing here sends.

Credentials go to the origin of the base URL alone, whatever a redirect says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx2 as httpx

from integrations.runtime.calls import Calls
from integrations.runtime.errors import ConfigurationError, UnexpectedResponse
from integrations.runtime.http_encoding import query_pairs
from integrations.runtime.http_errors import error_of_reply, pause_of_reply
from integrations.runtime.http_request import Authorize, Credentials, Reply, Request

T = TypeVar("T")

REDIRECTS = frozenset({301, 302, 303, 307, 308})

BASE_URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


def is_base_url(text: str) -> bool:
    """Return whether paths can be put behind a text: http or https, without a query."""
    return BASE_URL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Site:
    """Where requests go, and what goes with each.

    Attributes:
        calls: Runs the operations.
        base_url: What the operations' paths are below.
        authorize: Gives the credentials; None sends none.
        headers: Sent with every request.
        attempt_seconds: Longest wait to connect, or between two pieces of a reply.
        cost_header: Header in which the service says what a call cost.
    """

    calls: Calls
    base_url: str
    authorize: Authorize | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    attempt_seconds: float = 30.0
    cost_header: str = ""

    def __post_init__(self) -> None:
        """Refuse a base URL that cannot be one."""
        if not is_base_url(self.base_url):
            reason = f"the base URL `{self.base_url}` is not an http or https URL"
            raise ConfigurationError(self.calls.service, "configure", reason)

    def url(self, request: Request[T]) -> httpx.URL:
        """Return the URL of a request, without credentials."""
        if not request.path.startswith("/"):
            return httpx.URL(request.path)
        pairs = query_pairs(request.query, request.operation.styles)
        query = urlencode(pairs, quote_via=quote)
        url = self.base_url.rstrip("/") + request.path
        return httpx.URL(f"{url}?{query}" if query else url)

    def build(
        self,
        client: httpx.Client | httpx.AsyncClient,
        request: Request[T],
        url: httpx.URL,
        left: float,
    ) -> httpx.Request:
        """Return what to send to `url`; our headers are only for our own origin."""
        operation, body = request.operation, request.body
        headers = {"accept": operation.accept}
        credentials = Credentials()
        if _origin(url) == _origin(httpx.URL(self.base_url)):
            if self.authorize is not None:
                credentials = self.authorize(operation.name, operation.security)
            headers |= _together(self.headers, request.headers, credentials.headers)
        if body is not None:
            headers["content-type"] = body.content_type
        return client.build_request(
            operation.method,
            _with_query(url, credentials.query),
            headers=headers,
            content=None if body is None else body.content,
            timeout=min(left, self.attempt_seconds),
        )

    def redirect(
        self, request: Request[T], sent: httpx.URL, response: httpx.Response
    ) -> httpx.URL | None:
        """Return where to go instead, or None to take the reply as it is.

        Only reads are sent elsewhere, and never from https to http.
        """
        location = response.headers.get("location")
        if response.status_code not in REDIRECTS or location is None:
            return None
        url = sent.join(location)
        reads = request.operation.method in {"GET", "HEAD"}
        safe = url.scheme == "https" or url.scheme == sent.scheme == "http"
        return url if reads and safe else None

    def reply(
        self, request: Request[T], response: httpx.Response, content: bytes
    ) -> Reply[T]:
        """Return the decoded reply, or raise the error it stands for."""
        service, operation = self.calls.service, request.operation
        unix = self.calls.clock.unix()
        pause = pause_of_reply(response, unix)
        if pause is not None:
            resource = response.headers.get("x-ratelimit-resource", "")
            self.calls.limiter.pause_for(pause, operation.name, resource)
        with suppress(KeyError, ValueError):
            cost = float(response.headers[self.cost_header])
            self.calls.metrics.add_cost(service, operation.name, cost)
        if not response.is_success:
            raise error_of_reply(service, operation.name, response, content, unix)
        try:
            value = operation.decode(content)
        except ValueError as cause:
            raise UnexpectedResponse(
                service,
                operation.name,
                f"cannot read the reply: {' '.join(str(cause).split())[:300]}",
                context={"body": content.decode(errors="replace")[:4_000]},
                status=response.status_code,
            ) from cause
        url = str(response.request.url.copy_with(query=None))
        return Reply(value, response.status_code, response.headers, url)


def _together(*groups: Mapping[str, str]) -> dict[str, str]:
    """Return all headers; of two of a name the later one counts, cookies add up."""
    headers: dict[str, str] = {}
    for name, text in (header for group in groups for header in group.items()):
        key = name.lower()
        before = headers.get(key) if key == "cookie" else None
        headers[key] = f"{before}; {text}" if before else text
    return headers


def _with_query(url: httpx.URL, query: Mapping[str, str]) -> httpx.URL:
    """Add to a URL what stands there once, whatever a link said of it."""
    names = {quote(name, safe="") for name in query}
    others = (
        pair
        for pair in url.query.decode().split("&")
        if pair.partition("=")[0] not in names
    )
    parts = [*others, urlencode(query, quote_via=quote)]
    return url.copy_with(query="&".join(filter(None, parts)).encode() or None)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
