// What tests use in place of the service.
// Written by integrate (runtime/testing). Yours to edit.

export type Handler = (request: Request) => Response | Promise<Response>;

/** What one request is answered with; an error breaks the connection. */
export type Reply = Response | Error | Handler;

/**
 * Answers the requests of an adapter, one reply each, and remembers what was
 * asked.
 */
export class FakeServer {
  readonly requests: Request[] = [];
  readonly #replies: Reply[];

  constructor(...replies: Reply[]) {
    this.#replies = replies;
  }

  /** Stands in for the global `fetch`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    this.requests.push(request);
    const reply = this.#replies.shift();
    if (reply === undefined)
      throw new Error(`no reply is left for ${request.method} ${request.url}`);
    if (reply instanceof Error) throw reply;
    return typeof reply === "function" ? reply(request.clone()) : reply;
  };

  /** Returns the last request. */
  get request(): Request {
    const request = this.requests.at(-1);
    if (!request) throw new Error("nothing was asked");
    return request;
  }

  /** Returns what was asked, such as `GET /planets?limit=1`. */
  get asked(): string[] {
    return this.requests.map(({ method, url }) => {
      const { pathname, search } = new URL(url);
      return `${method} ${pathname}${search}`;
    });
  }
}

/** Returns the fields of a form: names and texts. */
export async function fieldsOf(request: Request): Promise<string[][]> {
  return [...new URLSearchParams(await request.text())];
}

/** Returns the names of the fields of a form with files. */
export async function fieldNames(request: Request): Promise<string[]> {
  return [...(await request.formData()).keys()];
}

/** Returns the cookies of a request. */
export function cookiesOf({ headers }: Request): Record<string, string> {
  const pairs = (headers.get("cookie") ?? "").split("; ");
  return Object.fromEntries(
    pairs.map((pair) => pair.split("=").map(decodeURIComponent)),
  );
}

/** Returns a reply with changes in it, however deep. */
export function changed(reply: unknown, changes: unknown): unknown {
  if (!isRecord(changes)) return changes;
  const before = isRecord(reply) ? reply : {};
  const after = Object.entries(changes).map(([name, change]) => [
    name,
    changed(before[name], change),
  ]);
  return { ...before, ...Object.fromEntries(after) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a reply whose connection breaks before the end of its body. */
export function brokenReply(start: string): Response {
  const reset = new TypeError("terminated", {
    cause: new Error("read ECONNRESET"),
  });
  const chunks = [new TextEncoder().encode(start)];
  const body = new ReadableStream({
    pull: (stream) => {
      const chunk = chunks.shift();
      if (chunk) stream.enqueue(chunk);
      else stream.error(reset);
    },
  });
  return new Response(body, {
    headers: { "content-type": "application/json" },
  });
}
