// Listings that come in pages, as one `for await` loop.
// Written by integrate (runtime/pages). Yours to edit.

import type { HttpRequest, HttpTransport } from "./http.js";
import * as replies from "./http-replies.js";

/** How a listing is paged. */
export interface Paging<P, T> {
  readonly items: (page: P) => readonly T[] | undefined;
  /**
   * Returns the request for the page after this one, or undefined when it was
   * the last.
   */
  readonly next: (
    page: replies.Page<P>,
    request: HttpRequest,
  ) => HttpRequest | undefined;
}

/**
 * The items of all pages, fetched as they are needed; `byPage` gives whole
 * pages.
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
    let request: HttpRequest | undefined = this.#request;
    while (request) {
      const page: replies.Page<P> = await this.#fetch(request);
      yield page.body;
      request = this.#paging.next(page, request);
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
        : turn(request, name, offset);
    },
  };
}

/** Pages by number; ends at an empty page. */
export function byNumber<P, T>(
  name: string,
  items: Read<P, readonly T[]>,
  first = 1,
): Paging<P, T> {
  return {
    items,
    next: ({ body }, request) =>
      items(body)?.length
        ? turn(request, name, current(request, name, first) + 1)
        : undefined,
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
    next: ({ headers }, request) => {
      const link = /<([^>]*)>[^,]*;\s*rel="?next"?(?=[;,\s]|$)/.exec(
        headers.get("link") ?? "",
      )?.[1];
      return link === undefined
        ? undefined
        : { ...request, path: link, query: undefined };
    },
  };
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
