"""The tables of `chinook`, each with its rows and what can be done with them."""

from integrations.chinook.tables.album import Album, AlbumRepository
from integrations.chinook.tables.artist import Artist, ArtistRepository
from integrations.chinook.tables.customer import Customer, CustomerRepository
from integrations.chinook.tables.employee import Employee, EmployeeRepository
from integrations.chinook.tables.genre import Genre, GenreRepository
from integrations.chinook.tables.invoice import Invoice, InvoiceRepository
from integrations.chinook.tables.invoice_line import InvoiceLine, InvoiceLineRepository
from integrations.chinook.tables.media_type import MediaType, MediaTypeRepository
from integrations.chinook.tables.playlist import Playlist, PlaylistRepository
from integrations.chinook.tables.playlist_track import (
    PlaylistTrack,
    PlaylistTrackRepository,
)
from integrations.chinook.tables.track import Track, TrackRepository

__all__ = [
    "Album",
    "AlbumRepository",
    "Artist",
    "ArtistRepository",
    "Customer",
    "CustomerRepository",
    "Employee",
    "EmployeeRepository",
    "Genre",
    "GenreRepository",
    "Invoice",
    "InvoiceLine",
    "InvoiceLineRepository",
    "InvoiceRepository",
    "MediaType",
    "MediaTypeRepository",
    "Playlist",
    "PlaylistRepository",
    "PlaylistTrack",
    "PlaylistTrackRepository",
    "Track",
    "TrackRepository",
]
