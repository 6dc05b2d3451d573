"""Follows pages, however a service names the next one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_request import Reply, Request

P = TypeVar("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Page(Generic[P, T_co]):
    """One page as it came: the request, its reply, and the items in it."""

    request: Request[P]
    reply: Reply[P]
    items: Sequence[T_co]


@dataclass(frozen=True)
class Pages(Generic[P, T]):
    """How an operation is paged.

    Attributes:
        items: Returns the items of a page; None counts as no items.
        following: Returns the request for the next page, or None after the last.
    """

    items: Callable[[P], Sequence[T] | None]
    following: Callable[[Page[P, T]], Request[P] | None]

    def iterate(
        self,
        http: HttpTransport,
        first: Request[P],
        timeout_seconds: float | None = None,
    ) -> Iterator[T]:
        """Yield the items of every page; `timeout_seconds` is for each page."""
        request: Request[P] | None = first
        while request is not None:
            reply = http.exchange(request, timeout_seconds)
            page = Page(request, reply, self.items(reply.value) or [])
            yield from page.items
            request = self.following(page)

    async def iterate_async(
        self,
        http: AsyncHttpTransport,
        first: Request[P],
        timeout_seconds: float | None = None,
    ) -> AsyncIterator[T]:
        """Yield the items of every page; `timeout_seconds` is for each page."""
        request: Request[P] | None = first
        while request is not None:
            reply = await http.exchange(request, timeout_seconds)
            page = Page(request, reply, self.items(reply.value) or [])
            for item in page.items:
                yield item
            request = self.following(page)


def by_offset(
    parameter: str, total: Callable[[P], int | None] | None = None
) -> Callable[[Page[P, object]], Request[P] | None]:
    """Ask for what comes after the items seen, until all or an empty page are seen."""

    def following(page: Page[P, object]) -> Request[P] | None:
        seen = int(str(page.request.query.get(parameter) or 0)) + len(page.items)
        last = total(page.reply.value) if total else None
        if not page.items or (last is not None and seen >= last):
            return None
        return _with(page.request, parameter, seen)

    return following


def by_number(
    parameter: str, first: int = 1
) -> Callable[[Page[P, object]], Request[P] | None]:
    """Ask for the page numbered one higher, until a page is empty."""

    def following(page: Page[P, object]) -> Request[P] | None:
        number = page.request.query.get(parameter)
        number = first if number is None else int(str(number))
        return _with(page.request, parameter, number + 1) if page.items else None

    return following


def by_cursor(
    parameter: str, cursor: Callable[[P], str | None]
) -> Callable[[Page[P, object]], Request[P] | None]:
    """Ask with the cursor that a page holds, until one holds none."""

    def following(page: Page[P, object]) -> Request[P] | None:
        value = cursor(page.reply.value)
        return _with(page.request, parameter, value) if value else None

    return following


def by_last_item(
    parameter: str, more: Callable[[P], bool], key: Callable[[T], str]
) -> Callable[[Page[P, T]], Request[P] | None]:
    """Ask for what comes after the last item, while a page says there is more."""

    def following(page: Page[P, T]) -> Request[P] | None:
        if not page.items or not more(page.reply.value):
            return None
        return _with(page.request, parameter, key(page.items[-1]))

    return following


def by_link(page: Page[P, object]) -> Request[P] | None:
    """Ask for the URL that the `Link` header calls `next`. Source: RFC 8288."""
    for link in re.split(r",\s*(?=<)", page.reply.headers.get("link", "")):
        url, _, attributes = link.partition(">")
        if re.search(r';\s*rel="?([^";]*\s)?next[\s";]?', attributes):
            return replace(page.request, path=url.strip().removeprefix("<"), query={})
    return None


def _with(request: Request[P], parameter: str, value: object) -> Request[P]:
    return replace(request, query={**request.query, parameter: value})
