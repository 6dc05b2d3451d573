"""Table `media_type`: its rows, and what can be done with them."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where


class MediaType(Base):
    """A row of `media_type`."""

    __tablename__ = "media_type"

    media_type_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    name: Mapped[str | None] = mapped_column(sa.String(120))


class NewMediaType(TypedDict):
    """The columns of a new row."""

    media_type_id: int
    name: NotRequired[str | None]


class MediaTypeChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    name: str | None


class MediaTypeRepository:
    """Reads and writes `media_type`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "media_type", MediaType)

    def get(self, media_type_id: int, /, *, load: Load = ()) -> MediaType:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((media_type_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[MediaType]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewMediaType]) -> MediaType:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewMediaType]) -> MediaType:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(
        self, media_type_id: int, /, **changes: Unpack[MediaTypeChanges]
    ) -> MediaType:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((media_type_id,), changes)

    def delete(self, media_type_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((media_type_id,))
