// What an adapter asks of a service over HTTP, and what goes over the wire.
// Written by integrate (runtime/http-request). Yours to edit.

import type { Security } from "./credentials.js";
import {
  encode,
  multipart,
  pairs,
  queryText,
  type Styles,
  texts,
} from "./http-encoding.js";

/** What the caller may say about any call. */
export interface CallOptions {
  /** Time for the whole call, retries included. */
  readonly timeoutSeconds?: number | undefined;
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
}

/** What the caller may say about a write that the service recognises. */
export interface KeyedCallOptions extends CallOptions {
  /** Marks repeats of one write as such; made up unless given. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * A body sent as it is; for a file without reading it whole, `fs.openAsBlob`.
 */
export type RawBody = string | Blob | Uint8Array<ArrayBuffer>;

/** One request, the same on each attempt. */
export interface HttpRequest {
  /**
   * The operation's name in events, metrics and errors, such as `planets.get`.
   */
  readonly operation: string;
  readonly method: string;
  /** Path below the base URL, or a whole URL that the service gave. */
  readonly path: string;
  readonly query?: object | undefined;
  readonly headers?: object | undefined;
  /** How lists and objects of the query are written. */
  readonly styles?: Styles | undefined;
  readonly cookies?: object | undefined;
  /** The headers and cookies that are sent as JSON. */
  readonly jsonTexts?: readonly string[] | undefined;
  readonly json?: unknown;
  readonly form?: URLSearchParams | undefined;
  readonly multipart?: object | undefined;
  readonly raw?: RawBody | undefined;
  /** Media type of the body, where it is not the usual one. */
  readonly contentType?: string | undefined;
  /** Media type of the reply, where it is not the usual one. */
  readonly accept?: string | undefined;
  /** What allows the operation; the service's usual unless given. */
  readonly security?: Security | undefined;
  /**
   * Header by which the service tells repeats of one write; then it is
   * repeated.
   */
  readonly idempotencyHeader?: string | undefined;
  /** It may ask for more than there is: not found is no failure. */
  readonly guessed?: boolean | undefined;
  readonly options?: KeyedCallOptions | undefined;
}

/** Methods that do no more when repeated. Source: RFC 9110, section 9.2.2. */
const REPEATABLE = new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "PUT",
  "DELETE",
  "TRACE",
]);

/** Returns whether sending the request twice does no more than once. */
export function isRepeatable(method: string, key: string | undefined): boolean {
  return REPEATABLE.has(method) || key !== undefined;
}

/** What goes over the wire. */
export interface Wire {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: RawBody | URLSearchParams | FormData | null;
}

/**
 * Returns what goes over the wire, but for the credentials; anew for each
 * attempt.
 */
export function compose(
  baseUrl: string,
  request: HttpRequest,
  defaults: Headers,
  key: string | undefined,
): Wire {
  const url = new URL(
    request.path.startsWith("/") ? baseUrl + request.path : request.path,
  );
  const query = pairs(request.query ?? {}, request.styles);
  if (query.length > 0) url.search = queryText(query);
  const headers = new Headers(defaults);
  for (const [name, value] of texts(request.headers, request.jsonTexts))
    headers.set(name, value);
  for (const [name, value] of texts(request.cookies, request.jsonTexts))
    headers.append("cookie", `${name}=${encode(value)}`);
  if (key !== undefined && request.idempotencyHeader)
    headers.set(request.idempotencyHeader, key);
  const type =
    request.contentType ??
    (request.json === undefined ? undefined : "application/json");
  if (type !== undefined) headers.set("content-type", type);
  return { method: request.method, url, headers, body: bodyOf(request) };
}

function bodyOf(request: HttpRequest): Wire["body"] {
  if (request.json !== undefined) return JSON.stringify(request.json);
  if (request.form) return request.form;
  if (request.multipart) return multipart(request.multipart);
  return request.raw ?? null;
}

/**
 * Returns where a reply sends us instead, or undefined to take it as it is.
 *
 * Only reads are sent elsewhere, never from https to http, and to another
 * origin without credentials.
 */
export function redirected(wire: Wire, response: Response): Wire | undefined {
  const location = response.headers.get("location");
  const reads = wire.method === "GET" || wire.method === "HEAD";
  const elsewhere = [301, 302, 303, 307, 308].includes(response.status);
  if (location === null || !reads || !elsewhere) return undefined;
  const url = new URL(location, wire.url);
  if (url.protocol !== "https:" && url.protocol !== wire.url.protocol)
    return undefined;
  const accept = wire.headers.get("accept") ?? "*/*";
  const headers =
    url.origin === wire.url.origin ? wire.headers : new Headers({ accept });
  return { ...wire, url, headers };
}
