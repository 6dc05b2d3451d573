"""Table `track`: its rows, and what can be done with them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integrations.chinook.tables.base import Base
from integrations.runtime.sql import Scope
from integrations.runtime.sql_rows import PAGE_SIZE, Load, Rows, Where

if TYPE_CHECKING:
    from integrations.chinook.tables.album import Album
    from integrations.chinook.tables.genre import Genre
    from integrations.chinook.tables.media_type import MediaType


class Track(Base):
    """A row of `track`."""

    __tablename__ = "track"

    track_id: Mapped[int] = mapped_column(
        sa.Integer(), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    album_id: Mapped[int | None] = mapped_column(
        sa.Integer(), sa.ForeignKey("album.album_id")
    )
    media_type_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("media_type.media_type_id")
    )
    genre_id: Mapped[int | None] = mapped_column(
        sa.Integer(), sa.ForeignKey("genre.genre_id")
    )
    composer: Mapped[str | None] = mapped_column(sa.String(220))
    milliseconds: Mapped[int] = mapped_column(sa.Integer())
    bytes_: Mapped[int | None] = mapped_column("bytes", sa.Integer())
    unit_price: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))

    album: Mapped["Album | None"] = relationship(
        foreign_keys=[album_id], lazy="raise", viewonly=True
    )
    genre: Mapped["Genre | None"] = relationship(
        foreign_keys=[genre_id], lazy="raise", viewonly=True
    )
    media_type: Mapped["MediaType"] = relationship(
        foreign_keys=[media_type_id], lazy="raise", viewonly=True
    )


class NewTrack(TypedDict):
    """The columns of a new row."""

    track_id: int
    name: str
    album_id: NotRequired[int | None]
    media_type_id: int
    genre_id: NotRequired[int | None]
    composer: NotRequired[str | None]
    milliseconds: int
    bytes_: NotRequired[int | None]
    unit_price: Decimal


class TrackChanges(TypedDict, total=False):
    """The columns to set; the others stay as they are."""

    name: str
    album_id: int | None
    media_type_id: int
    genre_id: int | None
    composer: str | None
    milliseconds: int
    bytes_: int | None
    unit_price: Decimal


class TrackRepository:
    """Reads and writes `track`."""

    def __init__(self, scope: Scope) -> None:
        """Work in `scope`."""
        self._rows = Rows(scope, "track", Track)

    def get(self, track_id: int, /, *, load: Load = ()) -> Track:
        """Return one row, or raise `NotFound`."""
        return self._rows.get((track_id,), load)

    def list(
        self, *where: Where, load: Load = (), page_size: int = PAGE_SIZE
    ) -> Iterator[Track]:
        """Yield rows in primary key order, reading pages as they are needed."""
        return self._rows.list(where, load, page_size)

    def insert(self, **values: Unpack[NewTrack]) -> Track:
        """Insert one row and return it as stored."""
        return self._rows.insert(values)

    def upsert(self, **values: Unpack[NewTrack]) -> Track:
        """Insert one row, or set the given columns of the one with its primary key."""
        return self._rows.upsert(values)

    def update(self, track_id: int, /, **changes: Unpack[TrackChanges]) -> Track:
        """Set the given columns of one row, or raise `NotFound`."""
        return self._rows.update((track_id,), changes)

    def delete(self, track_id: int, /) -> None:
        """Delete one row, or raise `NotFound`."""
        self._rows.delete((track_id,))
