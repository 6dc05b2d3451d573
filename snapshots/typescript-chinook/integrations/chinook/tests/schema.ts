// The tables of `chinook` for SQLite: no foreign keys, so that each can be
// tested alone.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

export const SCHEMA: readonly string[] = [
  `CREATE TABLE "album" (
    "album_id" integer NOT NULL,
    "title" text NOT NULL,
    "artist_id" integer NOT NULL,
    PRIMARY KEY ("album_id")
  )`,
  `CREATE TABLE "artist" (
    "artist_id" integer NOT NULL,
    "name" text,
    PRIMARY KEY ("artist_id")
  )`,
  `CREATE TABLE "customer" (
    "customer_id" integer NOT NULL,
    "first_name" text NOT NULL,
    "last_name" text NOT NULL,
    "company" text,
    "address" text,
    "city" text,
    "state" text,
    "country" text,
    "postal_code" text,
    "phone" text,
    "fax" text,
    "email" text NOT NULL,
    "support_rep_id" integer,
    PRIMARY KEY ("customer_id")
  )`,
  `CREATE TABLE "employee" (
    "employee_id" integer NOT NULL,
    "last_name" text NOT NULL,
    "first_name" text NOT NULL,
    "title" text,
    "reports_to" integer,
    "birth_date" text,
    "hire_date" text,
    "address" text,
    "city" text,
    "state" text,
    "country" text,
    "postal_code" text,
    "phone" text,
    "fax" text,
    "email" text,
    PRIMARY KEY ("employee_id")
  )`,
  `CREATE TABLE "genre" (
    "genre_id" integer NOT NULL,
    "name" text,
    PRIMARY KEY ("genre_id")
  )`,
  `CREATE TABLE "invoice" (
    "invoice_id" integer NOT NULL,
    "customer_id" integer NOT NULL,
    "invoice_date" text NOT NULL,
    "billing_address" text,
    "billing_city" text,
    "billing_state" text,
    "billing_country" text,
    "billing_postal_code" text,
    "total" numeric(10, 2) NOT NULL,
    PRIMARY KEY ("invoice_id")
  )`,
  `CREATE TABLE "invoice_line" (
    "invoice_line_id" integer NOT NULL,
    "invoice_id" integer NOT NULL,
    "track_id" integer NOT NULL,
    "unit_price" numeric(10, 2) NOT NULL,
    "quantity" integer NOT NULL,
    PRIMARY KEY ("invoice_line_id")
  )`,
  `CREATE TABLE "media_type" (
    "media_type_id" integer NOT NULL,
    "name" text,
    PRIMARY KEY ("media_type_id")
  )`,
  `CREATE TABLE "playlist" (
    "playlist_id" integer NOT NULL,
    "name" text,
    PRIMARY KEY ("playlist_id")
  )`,
  `CREATE TABLE "playlist_track" (
    "playlist_id" integer NOT NULL,
    "track_id" integer NOT NULL,
    PRIMARY KEY ("playlist_id",
    "track_id")
  )`,
  `CREATE TABLE "track" (
    "track_id" integer NOT NULL,
    "name" text NOT NULL,
    "album_id" integer,
    "media_type_id" integer NOT NULL,
    "genre_id" integer,
    "composer" text,
    "milliseconds" integer NOT NULL,
    "bytes" integer,
    "unit_price" numeric(10, 2) NOT NULL,
    PRIMARY KEY ("track_id")
  )`,
];
