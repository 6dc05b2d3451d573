// The database `chinook`. Start with `new Chinook()`.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

export type { TransactionOptions } from "../runtime/sql.js";
export { Chinook, Tables, Transaction } from "./client.js";
export { type ChinookOptions, fromEnvironment } from "./config.js";
export type { Database } from "./database.js";
export type * from "./tables/album.js";
export type * from "./tables/artist.js";
export type * from "./tables/customer.js";
export type * from "./tables/employee.js";
export type * from "./tables/genre.js";
export type * from "./tables/invoice.js";
export type * from "./tables/invoice-line.js";
export type * from "./tables/media-type.js";
export type * from "./tables/playlist.js";
export type * from "./tables/playlist-track.js";
export type * from "./tables/track.js";
