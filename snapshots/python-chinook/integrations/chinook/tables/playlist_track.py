"""Table `playlist_track`: its rows, and what can be done with them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where

if TYPE_CHECKING:
    from integrations.chinook.tables.playlist import Playlist
    from integrations.chinook.tables.track import Track


class PlaylistTrack(Base):
    """A row of `playlist_track`."""

    __tablename__ = "playlist_track"

    playlist_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("playlist.playlist_id"), primary_key=True
    )
    track_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("track.track_id"), primary_key=True
    )

    playlist: Mapped["Playlist"] = relationship(
        foreign_keys=[playlist_id], lazy="raise", viewonly=True
    )
    track: Mapped["Track"] = relationship(
        foreign_keys=[track_id], lazy="raise", viewonly=True
    )


class NewPlaylistTrack(TypedDict):
    """The columns of a new row."""

    playlist_id: int
    track_id: int


class PlaylistTrackRepository:
    """Reads and writes `playlist_track`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "playlist_track", PlaylistTrack)

    def get(
        self, playlist_id: int, track_id: int, /, *, load: Load = ()
    ) -> PlaylistTrack:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((playlist_id, track_id), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[PlaylistTrack]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewPlaylistTrack]) -> PlaylistTrack:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewPlaylistTrack]) -> PlaylistTrack:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def delete(self, playlist_id: int, track_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((playlist_id, track_id))
