"""Models of the resource `books` of Bookshop.

Written by integrate from openapi.yaml.
A class that ends in `Input` is a dict to send.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from pydantic import Field

from integrations.runtime.models import Model


class BooksListReply(Model):
    """The reply of `books list`."""

    items: list[Book]
    next_cursor: str | None = None


class Book(Model):
    """A book on sale."""

    id: int | None = None
    isbn: str
    title: str
    genre: Genre
    blurb: str | None = None
    price_cents: int | None = None
    """The price in cents."""

    class_: str | None = Field(default=None, alias="class")
    """A word that languages keep for themselves."""

    x_shelf: str | None = Field(default=None, alias="x-shelf")
    sequels: list[Book] | None = None


BookInput = TypedDict(
    "BookInput",
    {
        "isbn": "str",
        "title": "str",
        "genre": "Genre",
        "blurb": "NotRequired[str | None]",
        "price_cents": "NotRequired[int]",
        "class": "NotRequired[str]",
        "x-shelf": "NotRequired[str]",
        "sequels": "NotRequired[Sequence[BookInput]]",
    },
)
"""A book on sale."""

Genre = Literal["novel", "essay", "manual"] | str
"""The type `Genre`."""
