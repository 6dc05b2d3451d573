"""What each operation of `books` sends when all is given, and what it reads."""

from __future__ import annotations

from datetime import datetime

from integrations.bookshop import AsyncBookshop, Bookshop
from integrations.runtime.http_encoding import File
from integrations.runtime.http_testing import FakeService

Service = FakeService[Bookshop, AsyncBookshop]


def test_list(service: Service) -> None:
    service.example(200, "books list", {"next_cursor": "more"})
    service.example(200, "books list")
    found = service.items(
        lambda bookshop: bookshop.books.list(
            author="text", tags=["text", "text"], cursor="text", limit=1
        )
    )
    assert service.sent == [
        "GET /books?author=text&tags=text%2Ctext&cursor=text&limit=1",
        "GET /books?author=text&tags=text%2Ctext&cursor=more&limit=1",
    ]
    assert len(found) == 2


def test_create(service: Service) -> None:
    service.example(201, "Book")
    reply = service.both(
        lambda bookshop: bookshop.books.create(
            isbn="9780262510875",
            title="Structure and Interpretation",
            genre="novel",
            blurb="text",
            price_cents=4200,
            class_="text",
            x_shelf="text",
            sequels=[],
        )
    )
    assert service.sent == ["POST /books"]
    assert service.json == {
        "isbn": "9780262510875",
        "title": "Structure and Interpretation",
        "genre": "novel",
        "blurb": "text",
        "price_cents": 4200,
        "class": "text",
        "x-shelf": "text",
        "sequels": [],
    }
    assert reply.isbn == "9780262510875"


def test_get(service: Service) -> None:
    service.example(200, "Book")
    reply = service.both(lambda bookshop: bookshop.books.get("9780262510875"))
    assert service.sent == ["GET /books/9780262510875"]
    assert reply.isbn == "9780262510875"


def test_update(service: Service) -> None:
    service.example(200, "Book")
    reply = service.both(
        lambda bookshop: bookshop.books.update(
            "9780262510875",
            title="text",
            blurb="text",
            available_from=datetime.fromisoformat("2024-01-31T12:00:00+00:00"),
        )
    )
    assert service.sent == ["PATCH /books/9780262510875"]
    assert service.json == {
        "title": "text",
        "blurb": "text",
        "available_from": "2024-01-31T12:00:00+00:00",
    }
    assert reply.isbn == "9780262510875"


def test_delete(service: Service) -> None:
    service.answers(204)
    service.both(lambda bookshop: bookshop.books.delete("9780262510875"))
    assert service.sent == ["DELETE /books/9780262510875"]


def test_upload_cover(service: Service) -> None:
    service.answers(204)
    service.both(
        lambda bookshop: bookshop.books.upload_cover(
            "text", picture=File("file", b"content"), caption="text"
        )
    )
    assert service.sent == ["PUT /books/text/cover"]
    assert service.names == ["picture", "caption"]


def test_get_cover(service: Service) -> None:
    service.answers(200, b"content")
    reply = service.both(lambda bookshop: bookshop.books.get_cover("text"))
    assert service.sent == ["GET /books/text/cover"]
    assert reply == b"content"
