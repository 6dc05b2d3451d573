"""The resource `books` of Bookshop.

Written by integrate from openapi.yaml.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from integrations.bookshop.models.books import Book, BookInput, BooksListReply, Genre
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_encoding import (
    OMIT,
    File,
    Omit,
    json_body,
    multipart_body,
)
from integrations.runtime.http_pages import Pages, by_cursor
from integrations.runtime.http_request import ANONYMOUS, Operation, nothing, raw

_LIST = Operation(
    "books.list",
    "GET",
    "/books",
    BooksListReply.model_validate_json,
    security=ANONYMOUS,
    styles={"tags": "comma"},
)
_LIST_PAGES: Pages[BooksListReply, Book] = Pages(
    lambda page: page.items, by_cursor("cursor", lambda page: page.next_cursor)
)
_CREATE = Operation("books.create", "POST", "/books", Book.model_validate_json)
_GET = Operation(
    "books.get", "GET", "/books/{}", Book.model_validate_json, security=ANONYMOUS
)
_UPDATE = Operation("books.update", "PATCH", "/books/{}", Book.model_validate_json)
_DELETE = Operation("books.delete", "DELETE", "/books/{}", nothing)
_UPLOAD_COVER = Operation("books.upload_cover", "PUT", "/books/{}/cover", nothing)
_GET_COVER = Operation(
    "books.get_cover", "GET", "/books/{}/cover", raw, accept="image/png"
)


class Books:
    """The operations of `books`."""

    def __init__(self, http: HttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    def list(
        self,
        *,
        author: str | None = None,
        tags: Sequence[str] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        timeout_seconds: float | None = None,
    ) -> Iterator[Book]:
        """List the books on sale.

        Yields the items of every page, fetched when needed.

        Args:
            author: Keep only books by this author.
            tags: Sent as `tags` in the query.
            cursor: Sent as `cursor` in the query.
            limit: Defaults to 20.

        Raises:
            RateLimited: Too many calls (429).

        Source: GET /books, `listBooks` in openapi.yaml
        """
        in_query = {"author": author, "tags": tags, "cursor": cursor, "limit": limit}
        request = _LIST(query=in_query)
        return _LIST_PAGES.iterate(self._http, request, timeout_seconds)

    def create(
        self,
        *,
        isbn: str,
        title: str,
        genre: Genre,
        blurb: str | Omit | None = OMIT,
        price_cents: int | Omit = OMIT,
        class_: str | Omit = OMIT,
        x_shelf: str | Omit = OMIT,
        sequels: Sequence[BookInput] | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Book:
        """Put a book on sale.

        Args:
            isbn: Such as `9780262510875`.
            title: Such as `Structure and Interpretation`.
            genre: Sent as `genre` in the body.
            blurb: Sent as `blurb` in the body.
            price_cents: The price in cents. Such as `4200`.
            class_: A word that languages keep for themselves.
            x_shelf: Sent as `x-shelf` in the body.
            sequels: Sent as `sequels` in the body.

        Raises:
            Conflict: The book is on sale already (409).
            InvalidRequest: The book is not complete (422).

        Source: POST /books, `addBook` in openapi.yaml
        """
        in_body = {
            "isbn": isbn,
            "title": title,
            "genre": genre,
            "blurb": blurb,
            "price_cents": price_cents,
            "class": class_,
            "x-shelf": x_shelf,
            "sequels": sequels,
        }
        request = _CREATE(body=json_body(in_body))
        return self._http.send(request, timeout_seconds)

    def get(self, isbn: str, *, timeout_seconds: float | None = None) -> Book:
        """Get one book.

        Args:
            isbn: The ISBN-13 of the book. Such as `9780262510875`.

        Raises:
            NotFound: No book has this number (404).

        Source: GET /books/{isbn}, `getBook` in openapi.yaml
        """
        request = _GET(isbn)
        return self._http.send(request, timeout_seconds)

    def update(
        self,
        isbn: str,
        *,
        title: str | Omit = OMIT,
        blurb: str | Omit | None = OMIT,
        available_from: datetime | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Book:
        """Change what is known of a book.

        Args:
            isbn: The ISBN-13 of the book. Such as `9780262510875`.
            title: Sent as `title` in the body.
            blurb: Null takes the text away.
            available_from: Sent as `available_from` in the body.

        Source: PATCH /books/{isbn}, `changeBook` in openapi.yaml
        """
        in_body = {"title": title, "blurb": blurb, "available_from": available_from}
        request = _UPDATE(isbn, body=json_body(in_body))
        return self._http.send(request, timeout_seconds)

    def delete(self, isbn: str, *, timeout_seconds: float | None = None) -> None:
        """Calls `DELETE /books/{isbn}`.

        Deprecated by the service.

        Args:
            isbn: The ISBN-13 of the book. Such as `9780262510875`.

        Source: DELETE /books/{isbn}, `removeBook` in openapi.yaml
        """
        request = _DELETE(isbn)
        return self._http.send(request, timeout_seconds)

    def upload_cover(
        self,
        isbn: str,
        *,
        picture: File,
        caption: str | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> None:
        """Upload the picture of a cover.

        Args:
            isbn: Part of the path.
            picture: Sent as `picture` in the body.
            caption: Sent as `caption` in the body.

        Source: PUT /books/{isbn}/cover, `uploadCover` in openapi.yaml
        """
        in_body = {"picture": picture, "caption": caption}
        request = _UPLOAD_COVER(isbn, body=multipart_body(in_body))
        return self._http.send(request, timeout_seconds)

    def get_cover(self, isbn: str, *, timeout_seconds: float | None = None) -> bytes:
        """Calls `GET /books/{isbn}/cover`.

        Args:
            isbn: Part of the path.

        Source: GET /books/{isbn}/cover, `getCover` in openapi.yaml
        """
        request = _GET_COVER(isbn)
        return self._http.send(request, timeout_seconds)


class AsyncBooks:
    """The operations of `books`."""

    def __init__(self, http: AsyncHttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    def list(
        self,
        *,
        author: str | None = None,
        tags: Sequence[str] | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        timeout_seconds: float | None = None,
    ) -> AsyncIterator[Book]:
        """List the books on sale; see `Books.list`."""
        in_query = {"author": author, "tags": tags, "cursor": cursor, "limit": limit}
        request = _LIST(query=in_query)
        return _LIST_PAGES.iterate_async(self._http, request, timeout_seconds)

    async def create(
        self,
        *,
        isbn: str,
        title: str,
        genre: Genre,
        blurb: str | Omit | None = OMIT,
        price_cents: int | Omit = OMIT,
        class_: str | Omit = OMIT,
        x_shelf: str | Omit = OMIT,
        sequels: Sequence[BookInput] | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Book:
        """Put a book on sale; see `Books.create`."""
        in_body = {
            "isbn": isbn,
            "title": title,
            "genre": genre,
            "blurb": blurb,
            "price_cents": price_cents,
            "class": class_,
            "x-shelf": x_shelf,
            "sequels": sequels,
        }
        request = _CREATE(body=json_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def get(self, isbn: str, *, timeout_seconds: float | None = None) -> Book:
        """Get one book; see `Books.get`."""
        request = _GET(isbn)
        return await self._http.send(request, timeout_seconds)

    async def update(
        self,
        isbn: str,
        *,
        title: str | Omit = OMIT,
        blurb: str | Omit | None = OMIT,
        available_from: datetime | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Book:
        """Change what is known of a book; see `Books.update`."""
        in_body = {"title": title, "blurb": blurb, "available_from": available_from}
        request = _UPDATE(isbn, body=json_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def delete(self, isbn: str, *, timeout_seconds: float | None = None) -> None:
        """Calls `DELETE /books/{isbn}`; see `Books.delete`."""
        request = _DELETE(isbn)
        return await self._http.send(request, timeout_seconds)

    async def upload_cover(
        self,
        isbn: str,
        *,
        picture: File,
        caption: str | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> None:
        """Upload the picture of a cover; see `Books.upload_cover`."""
        in_body = {"picture": picture, "caption": caption}
        request = _UPLOAD_COVER(isbn, body=multipart_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def get_cover(
        self, isbn: str, *, timeout_seconds: float | None = None
    ) -> bytes:
        """Calls `GET /books/{isbn}/cover`; see `Books.get_cover`."""
        request = _GET_COVER(isbn)
        return await self._http.send(request, timeout_seconds)
