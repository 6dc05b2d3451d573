"""What each operation of `books` sends, and what it reads of the examples."""

from __future__ import annotations

from integrations.bookshop import AsyncBookshop, Bookshop
from integrations.runtime.http_encoding import File
from integrations.runtime.http_testing import FakeService

Service = FakeService[Bookshop, AsyncBookshop]


def test_list(service: Service) -> None:
    service.example(200, "books list")
    found = service.items(lambda bookshop: bookshop.books.list())
    assert service.sent[0] == "GET /books"
    assert len(found) == 1


def test_create(service: Service) -> None:
    service.example(201, "Book")
    reply = service.both(
        lambda bookshop: bookshop.books.create(
            isbn="9780262510875",
            title="Structure and Interpretation",
            genre="novel",
            price_cents=4200,
            sequels=[],
        )
    )
    assert service.sent == ["POST /books"]
    assert service.json == {
        "isbn": "9780262510875",
        "title": "Structure and Interpretation",
        "genre": "novel",
        "price_cents": 4200,
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
    reply = service.both(lambda bookshop: bookshop.books.update("9780262510875"))
    assert service.sent == ["PATCH /books/9780262510875"]
    assert service.json == {}
    assert reply.isbn == "9780262510875"


def test_delete(service: Service) -> None:
    service.answers(204)
    service.both(lambda bookshop: bookshop.books.delete("9780262510875"))
    assert service.sent == ["DELETE /books/9780262510875"]


def test_upload_cover(service: Service) -> None:
    service.answers(204)
    service.both(
        lambda bookshop: bookshop.books.upload_cover(
            "text", picture=File("file", b"content")
        )
    )
    assert service.sent == ["PUT /books/text/cover"]


def test_get_cover(service: Service) -> None:
    service.answers(200, b"content")
    reply = service.both(lambda bookshop: bookshop.books.get_cover("text"))
    assert service.sent == ["GET /books/text/cover"]
    assert reply == b"content"
