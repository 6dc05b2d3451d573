// The database `chinook`. Start with `new Chinook()`.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { Transaction as KyselyTransaction } from "kysely";

import { Calls } from "../runtime/calls.js";
import {
  type Scope,
  SqlDatabase,
  type SqlTransaction,
  type TransactionOptions,
} from "../runtime/sql.js";
import { postgresqlDialect } from "../runtime/sql-postgresql.js";
import { type ChinookOptions, fromEnvironment } from "./config.js";
import type { Database } from "./database.js";
import { AlbumRepository } from "./tables/album.js";
import { ArtistRepository } from "./tables/artist.js";
import { CustomerRepository } from "./tables/customer.js";
import { EmployeeRepository } from "./tables/employee.js";
import { GenreRepository } from "./tables/genre.js";
import { InvoiceRepository } from "./tables/invoice.js";
import { InvoiceLineRepository } from "./tables/invoice-line.js";
import { MediaTypeRepository } from "./tables/media-type.js";
import { PlaylistRepository } from "./tables/playlist.js";
import { PlaylistTrackRepository } from "./tables/playlist-track.js";
import { TrackRepository } from "./tables/track.js";

const DIALECTS = { postgresql: postgresqlDialect, postgres: postgresqlDialect };

/** Every table, one repository each. */
export class Tables {
  readonly album: AlbumRepository;
  readonly artist: ArtistRepository;
  readonly customer: CustomerRepository;
  readonly employee: EmployeeRepository;
  readonly genre: GenreRepository;
  readonly invoice: InvoiceRepository;
  readonly invoiceLine: InvoiceLineRepository;
  readonly mediaType: MediaTypeRepository;
  readonly playlist: PlaylistRepository;
  readonly playlistTrack: PlaylistTrackRepository;
  readonly track: TrackRepository;

  constructor(scope: Scope<Database>) {
    this.album = new AlbumRepository(scope);
    this.artist = new ArtistRepository(scope);
    this.customer = new CustomerRepository(scope);
    this.employee = new EmployeeRepository(scope);
    this.genre = new GenreRepository(scope);
    this.invoice = new InvoiceRepository(scope);
    this.invoiceLine = new InvoiceLineRepository(scope);
    this.mediaType = new MediaTypeRepository(scope);
    this.playlist = new PlaylistRepository(scope);
    this.playlistTrack = new PlaylistTrackRepository(scope);
    this.track = new TrackRepository(scope);
  }
}

/** Every table, in one open transaction. */
export class Transaction extends Tables {
  /** For statements of your own. */
  readonly db: KyselyTransaction<Database>;

  constructor(transaction: SqlTransaction<Database>) {
    super(transaction);
    this.db = transaction.db;
  }
}

/** Every table, each operation in a transaction of its own. */
export class Chinook extends Tables {
  readonly #database: SqlDatabase<Database>;

  /** Connects when first used. */
  constructor(options: ChinookOptions = fromEnvironment()) {
    const calls = new Calls("chinook", options);
    const dialects = options.dialects ?? DIALECTS;
    const database = new SqlDatabase<Database>(options, calls, dialects);
    super(database);
    this.#database = database;
  }

  /**
   * Runs `work` and commits; rolls back when it throws.
   *
   * `work` may run again, so it should change nothing outside the database.
   */
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    return this.#database.transaction(
      (transaction) => work(new Transaction(transaction)),
      options,
    );
  }

  /** Closes the connections. */
  close(): Promise<void> {
    return this.#database.close();
  }
}
