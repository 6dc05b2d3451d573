"""Every way of naming the next page leads through all items once."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx2 as httpx
import pytest

from integrations.runtime.calls import Calls
from integrations.runtime.errors import NotFound, UnexpectedResponse
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_pages import (
    Page,
    Pages,
    by_cursor,
    by_last_item,
    by_link,
    by_number,
    by_offset,
    by_url,
)
from integrations.runtime.http_request import Operation, Request
from integrations.runtime.http_site import Site


@dataclass
class Batch:
    items: list[str] | None
    next: str | None = None


def decode(content: bytes) -> Batch:
    match json.loads(content):
        case {"items": items, "next": after}:
            return Batch(items, after)
        case other:
            raise ValueError(other)


LIST = Operation("list", "GET", "/items", decode)
Following = Callable[[Page[Batch, str]], Request[Batch] | None]


def next_of(batch: Batch) -> str | None:
    return batch.next


GUESSES: list[Following] = [by_number("page"), by_offset("page")]
ENDS: list[Following] = [
    by_number("page", more=next_of),
    by_number("page", last=lambda _: 2),
    by_number("page", total=lambda _: 2),
]


def walk(
    following: Following, *replies: httpx.Response, query: dict[str, object]
) -> tuple[list[str], list[str]]:
    """Return the items and the queries, the same for both flavours."""
    seen: list[str] = []
    queue = [(reply.status_code, reply.headers, reply.content) for reply in replies]
    queue += queue

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url).removeprefix("https://svc.test/items"))
        status, headers, content = queue.pop(0)
        return httpx.Response(status, headers=headers, content=content)

    site = Site(Calls("svc"), "https://svc.test")
    mock = httpx.MockTransport(answer)
    pages = Pages(lambda batch: batch.items, following)
    with HttpTransport(site, httpx.Client(transport=mock)) as http:
        items = list(pages.iterate(http, LIST(query=query)))

    async def again() -> list[str]:
        client = httpx.AsyncClient(transport=mock)
        async with AsyncHttpTransport(site, client) as http:
            return [i async for i in pages.iterate_async(http, LIST(query=query))]

    assert asyncio.run(again()) == items
    assert seen[: len(seen) // 2] == seen[len(seen) // 2 :]
    return items, seen[: len(seen) // 2]


def batch(*items: str, after: str | None = None, link: str = "") -> httpx.Response:
    body = {"items": list(items), "next": after}
    return httpx.Response(200, json=body, headers={"link": link} if link else None)


def test_by_offset_counts_items_until_a_page_is_empty() -> None:
    items, seen = walk(
        by_offset("offset"), batch("a", "b"), batch("c"), batch(), query={"offset": 5}
    )
    assert items == ["a", "b", "c"]
    assert seen == ["?offset=5", "?offset=7", "?offset=8"]


def test_by_offset_stops_at_the_total() -> None:
    following: Following = by_offset("offset", lambda batch: int(batch.next or 0))
    items, seen = walk(
        following, batch("a", "b", after="3"), batch("c", after="3"), query={}
    )
    assert items == ["a", "b", "c"]
    assert seen == ["", "?offset=2"]


def test_by_number_begins_where_the_service_does() -> None:
    items, seen = walk(by_number("page", 0), batch("a"), batch("b"), batch(), query={})
    assert items == ["a", "b"]
    assert seen == ["", "?page=1", "?page=2"]


@pytest.mark.parametrize("following", ENDS)
def test_by_number_stops_where_a_page_says_so(following: Following) -> None:
    items, seen = walk(following, batch("a", after="2"), batch("b"), query={})
    assert items == ["a", "b"]
    assert seen == ["", "?page=2"]


@pytest.mark.parametrize("following", GUESSES)
def test_a_guess_that_is_not_found_is_the_end(following: Following) -> None:
    items, _ = walk(following, batch("a"), httpx.Response(404), query={})
    assert items == ["a"]


def test_what_is_not_found_at_first_is_a_failure() -> None:
    with pytest.raises(NotFound):
        walk(by_number("page"), httpx.Response(404), query={})


@pytest.mark.parametrize("following", GUESSES)
def test_a_last_page_that_comes_again_is_the_end(following: Following) -> None:
    items, seen = walk(following, batch("a"), batch("b"), batch("b"), query={})
    assert items == ["a", "b"]
    assert len(seen) == 3


def test_a_cursor_that_stays_is_the_end() -> None:
    pages = batch("a", after="x"), batch("b", after="x")
    items, seen = walk(by_cursor("cursor", next_of), *pages, query={})
    assert items == ["a", "b"]
    assert seen == ["", "?cursor=x"]


def test_by_number_counts_pages_until_one_is_empty() -> None:
    items, seen = walk(
        by_number("page"), batch("a"), batch("b"), batch(), query={"per_page": 1}
    )
    assert items == ["a", "b"]
    assert seen == ["?per_page=1", "?per_page=1&page=2", "?per_page=1&page=3"]


def test_by_cursor_follows_what_the_page_holds() -> None:
    following = by_cursor("cursor", next_of)
    items, seen = walk(
        following, batch("a", after="n/2"), batch(after="n3"), batch("b"), query={}
    )
    assert items == ["a", "b"]
    assert seen == ["", "?cursor=n%2F2", "?cursor=n3"]


def test_by_last_item_asks_while_there_is_more() -> None:
    following: Following = by_last_item(
        "starting_after", lambda batch: bool(batch.next), lambda item: item
    )
    items, seen = walk(following, batch("a", "b", after="x"), batch("c"), query={})
    assert items == ["a", "b", "c"]
    assert seen == ["", "?starting_after=b"]


@pytest.mark.parametrize(
    "link",
    [
        '<https://svc.test/items?p=2>; rel="next"',
        "</items?p=9>; rel=last, <https://svc.test/items?p=2>; rel=next",
        '<https://svc.test/items?p=2>; title="a, b"; rel="prefetch next"',
        '<items?p=2>; title="a; rel=prev, <b>"; REL=Next',
        '</items?p=1>; title="; rel=next"; rel=first, </items?p=2>;rel=next',
        "<?p=2>; rel=next; rel=prev",
    ],
)
def test_by_link_follows_the_header(link: str) -> None:
    items, seen = walk(by_link, batch("a", link=link), batch("b"), query={"x": 1})
    assert items == ["a", "b"]
    assert seen == ["?x=1", "?p=2"]


def test_a_link_is_seen_from_where_a_redirect_led() -> None:
    moved = httpx.Response(302, headers={"location": "/v2/items?key=k"})
    link = "<?p=2>; rel=next"
    _, seen = walk(by_link, moved, batch("a", link=link), batch("b"), query={})
    assert seen == ["", *("https://svc.test/v2/items" + q for q in ("?key=k", "?p=2"))]


def test_a_link_that_is_no_url_is_unexpected() -> None:
    with pytest.raises(UnexpectedResponse, match="InvalidURL"):
        walk(by_link, batch("a", link="<http://svc.test:x/>; rel=next"), query={})


@pytest.mark.parametrize("url", ["https://svc.test/items?p=2", "/items?p=2", "?p=2"])
def test_by_url_follows_what_a_page_holds(url: str) -> None:
    following: Following = by_url(next_of)
    items, seen = walk(following, batch("a", after=url), batch("b"), query={"x": 1})
    assert items == ["a", "b"]
    assert seen == ["?x=1", "?p=2"]


def test_by_link_ends_without_a_next() -> None:
    link = '<https://svc.test/items?p=1>; rel="prev"'
    assert walk(by_link, batch("a", link=link), query={})[0] == ["a"]


def test_a_page_without_items_counts_as_empty() -> None:
    reply = httpx.Response(200, json={"items": None, "next": None})
    assert walk(by_offset("offset"), reply, query={}) == ([], [""])


def test_a_bad_page_is_reported_where_it_is_met() -> None:
    with pytest.raises(UnexpectedResponse):
        walk(by_number("page"), batch("a"), httpx.Response(200, json=[]), query={})
