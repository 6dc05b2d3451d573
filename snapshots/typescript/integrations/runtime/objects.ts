// What object storage says and takes: keys, attributes, ranges.
// Written by integrate (runtime/objects). Yours to edit.

import { InvalidRequest } from "./errors.js";

export const PAGE_SIZE = 1000;
export const PART_BYTES = 8 * 1024 * 1024;
export const LONGEST_KEY_BYTES = 1024;
export const LONGEST_SIGNATURE_SECONDS = 604_800;

/** What can be put. An iterable is read only once. */
export type Body = Uint8Array | AsyncIterable<Uint8Array> | FileBody;

/** A file on this machine. */
export interface FileBody {
  readonly path: string;
}

/** What a store knows of an object without opening it. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
  readonly etag: string | undefined;
}

/** What is kept beside an object's bytes. */
export interface Attributes {
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a store says of an object it just took. */
export interface Stored {
  readonly key: string;
  readonly etag: string | undefined;
}

/** What lies directly below a prefix: objects, and the prefixes of others. */
export interface Folder {
  readonly folders: readonly string[];
  readonly objects: readonly ObjectInfo[];
}

/** Some objects by key, and how to ask for the next. */
export interface Page {
  readonly objects: readonly ObjectInfo[];
  /** What to ask with for more; undefined when these were the last. */
  readonly next: string | undefined;
}

/** Bytes from `start` up to and without `end`. */
export interface Range {
  readonly start: number;
  readonly end?: number | undefined;
}

/** An object that is open for reading. */
export interface Opened extends ObjectInfo, Attributes {
  /** The bytes that come: from, up to and without. */
  readonly range: { readonly start: number; readonly end: number };
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface PutOptions extends Attributes {
  readonly ifAbsent: boolean;
}

/**
 * Where objects are. Each call tries once, and throws an `IntegrationError`.
 */
export interface ObjectStore {
  put(
    key: string,
    body: Body,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<Stored>;
  /** Opens an object, or throws `Conflict` when its tag is not `etag`. */
  open(
    key: string,
    range: Range | undefined,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<Opened>;
  head(key: string, signal: AbortSignal): Promise<ObjectInfo>;
  /**
   * Returns the next objects by key, at most `limit` of them. There may be
   * fewer, even none, and more to come.
   */
  page(
    prefix: string,
    next: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<Page>;
  folder(prefix: string, signal: AbortSignal): Promise<Folder>;
  delete(key: string, signal: AbortSignal): Promise<void>;
  copy(source: string, target: string, signal: AbortSignal): Promise<void>;
  sign(method: "GET" | "PUT", key: string, seconds: number): Promise<string>;
}

const METADATA_NAME = /^[a-z0-9][a-z0-9_-]*$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const UNFIT_FOR_KEYS = /[\p{Cc}\p{Cf}\p{Cs}\\]/u;

/**
 * Refuses what no store takes, and what would mean something else on another.
 */
export class Checked {
  readonly #service: string;

  constructor(service: string) {
    this.#service = service;
  }

  /** Takes parts between single slashes, none of them `.` or `..`. */
  key(operation: string, key: string): string {
    const shown = JSON.stringify(key);
    if (key.split("/").some((part) => /^\.{0,2}$/.test(part)))
      throw this.#invalid(operation, `key ${shown} has an empty or dot part`);
    if (UNFIT_FOR_KEYS.test(key))
      throw this.#invalid(
        operation,
        `key ${shown} has a control character or backslash`,
      );
    if (Buffer.byteLength(key) > LONGEST_KEY_BYTES)
      throw this.#invalid(operation, "the key is longer than 1024 bytes");
    return key;
  }

  /** Returns whether `key` would take this key. */
  fits(key: string): boolean {
    try {
      return this.key("list", key) === key;
    } catch {
      return false;
    }
  }

  /** Returns a prefix that ends with a slash, or nothing for everything. */
  prefix(operation: string, prefix: string): string {
    return prefix && `${this.key(operation, prefix.replace(/\/$/, ""))}/`;
  }

  metadata(operation: string, metadata: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(metadata)) {
      const shown = JSON.stringify(name);
      if (!METADATA_NAME.test(name))
        throw this.#invalid(operation, `metadata ${shown} is not lower-case`);
      if (!PRINTABLE_ASCII.test(value))
        throw this.#invalid(
          operation,
          `metadata ${shown} is not printable ASCII`,
        );
    }
    return metadata;
  }

  range(operation: string, { start, end }: Range): void {
    if (start < 0 || (end !== undefined && end <= start))
      throw this.#invalid(operation, `range ${start} to ${end} is empty`);
  }

  expiry(operation: string, seconds: number): void {
    if (!(seconds >= 1 && seconds <= LONGEST_SIGNATURE_SECONDS))
      throw this.#invalid(
        operation,
        `${seconds} seconds is not between 1 and ${LONGEST_SIGNATURE_SECONDS} (a week)`,
      );
  }

  #invalid(operation: string, reason: string): InvalidRequest {
    return new InvalidRequest(this.#service, operation, reason);
  }
}

/** Returns whether a body can be read again. */
export function isRepeatable(body: Body): body is Uint8Array | FileBody {
  return body instanceof Uint8Array || "path" in body;
}
