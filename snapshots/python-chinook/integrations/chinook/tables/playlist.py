"""Table `playlist`: its rows, and what can be done with them."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where


class Playlist(Base):
    """A row of `playlist`."""

    __tablename__ = "playlist"

    playlist_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    name: Mapped[str | None] = mapped_column(sa.String(120))


class NewPlaylist(TypedDict):
    """The columns of a new row."""

    playlist_id: int
    name: NotRequired[str | None]


class PlaylistChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    name: str | None


class PlaylistRepository:
    """Reads and writes `playlist`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "playlist", Playlist)

    def get(self, playlist_id: int, /, *, load: Load = ()) -> Playlist:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((playlist_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Playlist]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewPlaylist]) -> Playlist:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewPlaylist]) -> Playlist:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(
        self, playlist_id: int, /, **changes: Unpack[PlaylistChanges]
    ) -> Playlist:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((playlist_id,), changes)

    def delete(self, playlist_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((playlist_id,))
