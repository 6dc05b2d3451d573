"""Table `album`: its rows, and what can be done with them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where

if TYPE_CHECKING:
    from integrations.chinook.tables.artist import Artist


class Album(Base):
    """A row of `album`."""

    __tablename__ = "album"

    album_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    title: Mapped[str] = mapped_column(sa.String(160))
    artist_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("artist.artist_id")
    )

    artist: Mapped["Artist"] = relationship(
        foreign_keys=[artist_id], lazy="raise", viewonly=True
    )


class NewAlbum(TypedDict):
    """The columns of a new row."""

    album_id: int
    title: str
    artist_id: int


class AlbumChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    title: str
    artist_id: int


class AlbumRepository:
    """Reads and writes `album`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "album", Album)

    def get(self, album_id: int, /, *, load: Load = ()) -> Album:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((album_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Album]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewAlbum]) -> Album:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewAlbum]) -> Album:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(self, album_id: int, /, **changes: Unpack[AlbumChanges]) -> Album:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((album_id,), changes)

    def delete(self, album_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((album_id,))
