// The tables of `chinook`, as kysely sees them.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { AlbumTable } from "./tables/album.js";
import type { ArtistTable } from "./tables/artist.js";
import type { CustomerTable } from "./tables/customer.js";
import type { EmployeeTable } from "./tables/employee.js";
import type { GenreTable } from "./tables/genre.js";
import type { InvoiceTable } from "./tables/invoice.js";
import type { InvoiceLineTable } from "./tables/invoice-line.js";
import type { MediaTypeTable } from "./tables/media-type.js";
import type { PlaylistTable } from "./tables/playlist.js";
import type { PlaylistTrackTable } from "./tables/playlist-track.js";
import type { TrackTable } from "./tables/track.js";

export interface Database {
  album: AlbumTable;
  artist: ArtistTable;
  customer: CustomerTable;
  employee: EmployeeTable;
  genre: GenreTable;
  invoice: InvoiceTable;
  invoice_line: InvoiceLineTable;
  media_type: MediaTypeTable;
  playlist: PlaylistTable;
  playlist_track: PlaylistTrackTable;
  track: TrackTable;
}
