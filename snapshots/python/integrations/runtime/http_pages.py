"""Follows pages, however a service names the next one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from urllib.parse import urljoin

from integrations.runtime.errors import NotFound
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_request import Reply, Request

P = TypeVar("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LINK = re.compile(r'<([^>]*)>((?:[^",<]|"(?:[^"\\]|\\.)*")*)')
"""A link of a `Link` header: what it leads to, and its attributes."""

ATTRIBUTE = re.compile(r';\s*([^\s=;]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;]*))?')


@dataclass(frozen=True)
class Page(Generic[P, T_co]):
    """One page as it came: the request, its reply, the items in it, and all seen."""

    request: Request[P]
    reply: Reply[P]
    items: Sequence[T_co]
    seen: int


@dataclass(frozen=True)
class Pages(Generic[P, T]):
    """How an operation is paged.

    Attributes:
        items: Returns the items of a page; None counts as no items.
        following: Returns the request for the next page, or None after the last.

    A service that answers the next request like the last one, or names the last one as
    the next, has no more pages.
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
        page = self._read(first, http.exchange(first, timeout_seconds))
        while page is not None:
            yield from page.items
            request = self._next(page)
            if request is None:
                return
            try:
                reply = http.exchange(request, timeout_seconds)
            except NotFound:
                if request.guessed:
                    return
                raise
            page = self._read(request, reply, page)

    async def iterate_async(
        self,
        http: AsyncHttpTransport,
        first: Request[P],
        timeout_seconds: float | None = None,
    ) -> AsyncIterator[T]:
        """Yield the items of every page; `timeout_seconds` is for each page."""
        page = self._read(first, await http.exchange(first, timeout_seconds))
        while page is not None:
            for item in page.items:
                yield item
            request = self._next(page)
            if request is None:
                return
            try:
                reply = await http.exchange(request, timeout_seconds)
            except NotFound:
                if request.guessed:
                    return
                raise
            page = self._read(request, reply, page)

    def _read(
        self, request: Request[P], reply: Reply[P], last: Page[P, T] | None = None
    ) -> Page[P, T] | None:
        """Return the page, or None when it is the last one once more."""
        items = self.items(reply.value) or []
        if last is not None and request.guessed and items == last.items:
            return None
        seen = len(items) + (last.seen if last else 0)
        return Page(request, reply, items, seen)

    def _next(self, page: Page[P, T]) -> Request[P] | None:
        request = self.following(page)
        return None if request == page.request else request


def by_offset(
    parameter: str, total: Callable[[P], int | None] | None = None
) -> Callable[[Page[P, object]], Request[P] | None]:
    """Ask for what comes after the items seen, until all or an empty page are seen."""

    def following(page: Page[P, object]) -> Request[P] | None:
        seen = int(float(str(page.request.query.get(parameter) or 0))) + len(page.items)
        last = total(page.reply.value) if total else None
        if not page.items or (last is not None and seen >= last):
            return None
        return _with(page.request, parameter, seen, guessed=True)

    return following


def by_number(
    parameter: str,
    first: int = 1,
    *,
    more: Callable[[P], object] | None = None,
    last: Callable[[P], int | None] | None = None,
    total: Callable[[P], int | None] | None = None,
) -> Callable[[Page[P, object]], Request[P] | None]:
    """Ask for the page numbered one higher, until there is none or it is empty.

    Args:
        parameter: Takes the number.
        first: Number of the first page.
        more: Returns what a page says of the next: nothing, when it is the last.
        last: Returns how many pages there are, where a page says so.
        total: Returns how many items there are, where a page says so.
    """

    def ends(page: Page[P, object], number: int) -> bool:
        reply = page.reply.value
        if not page.items or (more and not more(reply)):
            return True
        pages, items = last and last(reply), total and total(reply)
        if pages is not None and number - first + 1 >= pages:
            return True
        return items is not None and page.seen >= items

    def following(page: Page[P, object]) -> Request[P] | None:
        given = page.request.query.get(parameter)
        number = first if given is None else int(float(str(given)))
        if ends(page, number):
            return None
        return _with(page.request, parameter, number + 1, guessed=True)

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


def by_url(
    url: Callable[[P], str | None],
) -> Callable[[Page[P, object]], Request[P] | None]:
    """Ask for the URL that a page holds, until one holds none."""

    def following(page: Page[P, object]) -> Request[P] | None:
        target = url(page.reply.value)
        return _led(page, target) if target else None

    return following


def by_link(page: Page[P, object]) -> Request[P] | None:
    """Ask for the URL that the `Link` header calls `next`. Source: RFC 8288."""
    for target, attributes in LINK.findall(page.reply.headers.get("link", "")):
        if "next" in _relations(attributes):
            return _led(page, target)
    return None


def _relations(attributes: str) -> list[str]:
    """Return the words of a link's first `rel`."""
    for name, value in ATTRIBUTE.findall(attributes):
        if name.lower() == "rel":
            return str(value).strip('"').lower().split()
    return []


def _led(page: Page[P, object], target: str) -> Request[P]:
    """Return the request for `target`, as seen from where the page was."""
    try:
        url = urljoin(page.reply.url, target.strip())
    except ValueError:
        url = target  # What is no URL is refused when it is asked for.
    return replace(page.request, path=url, query={})


def _with(
    request: Request[P], parameter: str, value: object, *, guessed: bool = False
) -> Request[P]:
    query = {**request.query, parameter: value}
    return replace(request, query=query, guessed=guessed)
