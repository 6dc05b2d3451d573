// The operations on the objects of a bucket.
// Written by integrate (runtime/objects-client). Yours to edit.

import type { Attempt, Calls } from "./calls.js";
import { Unavailable } from "./errors.js";
import {
  type Attributes,
  type Body,
  Checked,
  type Folder,
  isRepeatable,
  type ObjectInfo,
  type ObjectStore,
  type Opened,
  PAGE_SIZE,
  type Range,
  type Stored,
} from "./objects.js";

export interface PutRequest {
  /** The media type, such as `application/pdf`. */
  readonly contentType?: string | undefined;
  /** Names in lower case, values in ASCII. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * Throw `Conflict` when there is an object. It is sent only once: a second
   * try could find what the first one put.
   */
  readonly ifAbsent?: boolean | undefined;
}

export interface SignRequest {
  /** How long the URL is good for: 900 unless given, at most a week. */
  readonly expiresSeconds?: number | undefined;
}

/** The objects of one bucket. */
export class Objects {
  readonly #store: ObjectStore;
  readonly #calls: Calls;
  readonly #checked: Checked;
  readonly #pageSize: number;

  constructor(store: ObjectStore, calls: Calls, pageSize = PAGE_SIZE) {
    this.#store = store;
    this.#calls = calls;
    this.#checked = new Checked(calls.service);
    this.#pageSize = pageSize;
  }

  /**
   * Stores an object, replacing the one that has this key.
   *
   * More than 8 MiB goes up in parts, which are aborted when one fails. A body
   * that can be read again is sent again after a failure.
   */
  async put(
    key: string,
    body: Body,
    request: PutRequest = {},
  ): Promise<Stored> {
    const { contentType, metadata = {}, ifAbsent = false } = request;
    this.#checked.key("put", key);
    this.#checked.metadata("put", metadata);
    const options = { contentType, metadata, ifAbsent };
    const repeatable = isRepeatable(body) && !ifAbsent;
    return this.#run(
      "put",
      ({ signal }) => this.#store.put(key, body, options, signal),
      repeatable,
    );
  }

  /** Opens an object, or a part of it. @throws NotFound */
  async get(key: string, range?: Range): Promise<Content> {
    this.#checked.key("get", key);
    if (range) this.#checked.range("get", range);
    const open = (from: Range | undefined, etag?: string) =>
      this.#run("get", ({ signal }) =>
        this.#store.open(key, from, etag, signal),
      );
    return new Content(this.#calls.service, await open(range), open);
  }

  /** Returns what the store knows of an object. @throws NotFound */
  async head(key: string): Promise<ObjectInfo> {
    this.#checked.key("head", key);
    return this.#run("head", ({ signal }) => this.#store.head(key, signal));
  }

  /**
   * Yields the objects below `prefix`, by key, reading pages as they are
   * needed.
   *
   * A prefix is whole parts of a key: `a/b` is not one of `a/bc`. Keys that
   * `get` would refuse, such as `a/` and `a//b`, are left out.
   */
  async *list(prefix = ""): AsyncGenerator<ObjectInfo> {
    const below = this.#checked.prefix("list", prefix);
    const limit = this.#pageSize;
    const page = (next: string | undefined) =>
      this.#run("list", ({ signal }) =>
        this.#store.page(below, next, limit, signal),
      );
    let found = await page(undefined);
    yield* found.objects.filter(({ key }) => this.#checked.fits(key));
    while (found.next !== undefined) {
      found = await page(found.next);
      yield* found.objects.filter(({ key }) => this.#checked.fits(key));
    }
  }

  /** Returns what lies directly below `prefix`, as a folder would show it. */
  async folder(prefix = ""): Promise<Folder> {
    const below = this.#checked.prefix("folder", prefix);
    const { folders, objects } = await this.#run("folder", ({ signal }) =>
      this.#store.folder(below, signal),
    );
    return {
      folders: folders.filter((key) => this.#checked.fits(key)),
      objects: objects.filter(({ key }) => this.#checked.fits(key)),
    };
  }

  /** Deletes an object; it is no error when there is none. */
  async delete(key: string): Promise<void> {
    this.#checked.key("delete", key);
    return this.#run("delete", ({ signal }) => this.#store.delete(key, signal));
  }

  /**
   * Copies an object inside the store, replacing the one at `target`. @throws
   * NotFound
   */
  async copy(source: string, target: string): Promise<void> {
    this.#checked.key("copy", source);
    this.#checked.key("copy", target);
    return this.#run("copy", ({ signal }) =>
      this.#store.copy(source, target, signal),
    );
  }

  /** Returns a URL to get the object from without credentials. */
  signGet(key: string, request?: SignRequest): Promise<string> {
    return this.#sign("GET", key, request);
  }

  /** Returns a URL to put the object to without credentials. */
  signPut(key: string, request?: SignRequest): Promise<string> {
    return this.#sign("PUT", key, request);
  }

  async #sign(
    method: "GET" | "PUT",
    key: string,
    { expiresSeconds = 900 }: SignRequest = {},
  ): Promise<string> {
    this.#checked.key("sign", key);
    this.#checked.expiry("sign", expiresSeconds);
    return this.#run("sign", () =>
      this.#store.sign(method, key, expiresSeconds),
    );
  }

  #run<T>(
    operation: string,
    attempt: (attempt: Attempt) => Promise<T>,
    repeatable = true,
  ): Promise<T> {
    return this.#calls.run(operation, attempt, { repeatable });
  }
}

type Reopen = (range: Range, etag?: string) => Promise<Opened>;

/** An open object. Reading goes on where a connection broke. */
export class Content implements AsyncIterable<Uint8Array> {
  readonly info: ObjectInfo;
  readonly attributes: Attributes;
  /** The bytes that are read: from, up to and without. */
  readonly range: Opened["range"];
  readonly #service: string;
  readonly #reopen: Reopen;
  #opened: Opened;

  constructor(service: string, opened: Opened, reopen: Reopen) {
    const { key, size, modifiedAt, etag, contentType, metadata } = opened;
    this.info = { key, size, modifiedAt, etag };
    this.attributes = { contentType, metadata };
    this.range = opened.range;
    this.#service = service;
    this.#opened = opened;
    this.#reopen = reopen;
  }

  /** Returns all bytes. */
  async bytes(): Promise<Uint8Array> {
    const chunks = [];
    for await (const chunk of this) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { end } = this.range;
    let position = this.range.start;
    for (let resumedAt = -1; position < end; resumedAt = position) {
      if (resumedAt >= 0)
        this.#opened = await this.#reopen(
          { start: position, end },
          this.info.etag,
        );
      let failure: unknown;
      try {
        for await (const chunk of this.#opened.bytes) {
          position += chunk.length;
          yield chunk;
        }
      } catch (cause) {
        failure = cause;
      }
      if (position === resumedAt || (failure && position >= end))
        throw new Unavailable(this.#service, "get", "the body ended early", {
          cause: failure,
        });
    }
  }
}
