// Listings that come in pages, as one `for await` loop.
// Written by integrate (runtime/pages). Yours to edit.

import { isDeepStrictEqual } from "node:util";

import { NotFound } from "./errors.js";
import type { HttpRequest, HttpTransport } from "./http.js";
import * as replies from "./http-replies.js";

/** How a listing is paged. */
export interface Paging<P, T> {
  readonly items: (page: P) => readonly T[] | undefined;
  /**
   * Returns the request for the page after this one, or undefined when it was
   * the last; `seen` counts the items so far.
   */
  readonly next: (
    page: replies.Page<P>,
    request: HttpRequest,
    seen: number,
  ) => HttpRequest | undefined;
}

/**
 * The items of all pages, fetched as they are needed; `byPage` gives whole
 * pages.
 *
 * A service that answers the next request like the last one, or names the last
 * one as the next, has no more pages.
 */
export class Pages<P extends object, T> implements AsyncIterable<T> {
  readonly #http: HttpTransport;
  readonly #request: HttpRequest;
  readonly #paging: Paging<P, T>;

  constructor(http: HttpTransport, request: HttpRequest, paging: Paging<P, T>) {
    this.#http = http;
    this.#request = request;
    this.#paging = paging;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for await (const page of this.byPage())
      yield* this.#paging.items(page) ?? [];
  }

  /** Yields each page as the service sent it. */
  async *byPage(): AsyncGenerator<P, void> {
    let request = this.#request;
    let last: readonly T[] = [];
    let seen = 0;
    for (;;) {
      const page = await this.#fetch(request).catch((error: unknown) => {
        if (request.guessed && error instanceof NotFound) return undefined;
        throw error;
      });
      if (!page) return;
      const items = this.#paging.items(page.body) ?? [];
      if (request.guessed && isDeepStrictEqual(items, last)) return;
      yield page.body;
      seen += items.length;
      last = items;
      const next = this.#paging.next(page, request, seen);
      if (!next || isDeepStrictEqual(next, request)) return;
      request = next;
    }
  }

  /** Fetches the first page alone. */
  async first(): Promise<P> {
    return (await this.#fetch(this.#request)).body;
  }

  #fetch(request: HttpRequest): Promise<replies.Page<P>> {
    return this.#http.send(request, replies.JSON_TYPE, replies.page<P>);
  }
}

type Read<P, V> = (page: P) => V | undefined;

/**
 * Pages by how many items to skip; ends at the total, where it is known, or at
 * an empty page.
 */
export function byOffset<P, T>(
  name: string,
  items: Read<P, readonly T[]>,
  total?: Read<P, number>,
): Paging<P, T> {
  return {
    items,
    next: ({ body }, request) => {
      const count = items(body)?.length ?? 0;
      const offset = current(request, name, 0) + count;
      return count === 0 || offset >= (total?.(body) ?? Infinity)
        ? undefined
        : { ...turn(request, name, offset), guessed: true };
    },
  };
}

/** What tells the last of numbered pages. */
export interface NumberOptions<P> {
  /** Number of the first page; 1 unless given. */
  readonly first?: number;
  /** Returns what a page says of the next: nothing, when it is the last. */
  readonly more?: Read<P, unknown>;
  /** Returns how many pages there are, where a page says so. */
  readonly last?: Read<P, number | null>;
  /** Returns how many items there are, where a page says so. */
  readonly total?: Read<P, number | null>;
}

/** Pages by number; ends where a page says so, or at an empty page. */
export function byNumber<P, T>(
  name: string,
  items: Read<P, readonly T[]>,
  { first = 1, more, last, total }: NumberOptions<P> = {},
): Paging<P, T> {
  return {
    items,
    next: ({ body }, request, seen) => {
      const number = current(request, name, first);
      const ends =
        !items(body)?.length ||
        (more && !more(body)) ||
        number - first + 1 >= (last?.(body) ?? Infinity) ||
        seen >= (total?.(body) ?? Infinity);
      return ends
        ? undefined
        : { ...turn(request, name, number + 1), guessed: true };
    },
  };
}

/** Pages by the mark that each page gives for the next. */
export function byCursor<P, T>(
  name: string,
  items: Read<P, readonly T[]>,
  cursor: Read<P, string | number | null>,
): Paging<P, T> {
  return {
    items,
    next: ({ body }, request) => {
      const mark = cursor(body) ?? "";
      return mark === "" ? undefined : turn(request, name, mark);
    },
  };
}

/**
 * Pages by what comes after the last item, while a page says that there is
 * more.
 */
export function byLastItem<P, T>(
  name: string,
  items: Read<P, readonly T[]>,
  key: (item: T) => string | number,
  more: Read<P, boolean>,
): Paging<P, T> {
  return {
    items,
    next: ({ body }, request) => {
      const last = items(body)?.at(-1);
      return last && more(body) ? turn(request, name, key(last)) : undefined;
    },
  };
}

/** Pages by the `Link` header. Source: RFC 8288. */
export function byLink<P, T>(items: Read<P, readonly T[]>): Paging<P, T> {
  return {
    items,
    next: ({ headers, url }, request) => {
      for (const [, target = "", attributes = ""] of (
        headers.get("link") ?? ""
      ).matchAll(LINK)) {
        if (relations(attributes).includes("next"))
          return led(request, target, url);
      }
      return undefined;
    },
  };
}

/** Pages by the URL of the next one that each page holds. */
export function byUrl<P, T>(
  items: Read<P, readonly T[]>,
  next: Read<P, string | null>,
): Paging<P, T> {
  return {
    items,
    next: ({ body, url }, request) => {
      const target = next(body) ?? "";
      return target === "" ? undefined : led(request, target, url);
    },
  };
}

/** A link of a `Link` header: what it leads to, and its attributes. */
const LINK = /<([^>]*)>((?:[^",<]|"(?:[^"\\]|\\.)*")*)/g;

const ATTRIBUTE = /;\s*([^\s=;]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;]*))?/g;

/** Returns the words of a link's first `rel`. */
function relations(attributes: string): string[] {
  for (const [, name, value = ""] of attributes.matchAll(ATTRIBUTE))
    if (name?.toLowerCase() === "rel")
      return value.replaceAll('"', "").toLowerCase().trim().split(/\s+/);
  return [];
}

/** Returns the request for `target`, as seen from where the page was. */
function led(request: HttpRequest, target: string, from: string): HttpRequest {
  const path = URL.canParse(target, from) ? new URL(target, from).href : target;
  return { ...request, path, query: undefined };
}

function turn(
  request: HttpRequest,
  name: string,
  value: string | number,
): HttpRequest {
  return { ...request, query: { ...request.query, [name]: value } };
}

function current(request: HttpRequest, name: string, start: number): number {
  const query = new Map<string, unknown>(Object.entries(request.query ?? {}));
  return Number(query.get(name) ?? start);
}
