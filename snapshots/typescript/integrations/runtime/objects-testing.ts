// An HTTP server on this machine that answers a store as tests tell it to.
// Written by integrate (runtime/objects-testing). Yours to edit.

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { onTestFinished } from "vitest";

export interface Reply {
  /** 0 hangs up without an answer. */
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many bytes of the stated length are never sent. */
  readonly missing?: number;
}

export interface Asked {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/**
 * Gives one reply a request, and remembers what was asked. Closes with the
 * test.
 */
export class FakeBucket {
  readonly requests: Asked[] = [];
  readonly #server: Server;
  readonly #replies: Reply[];

  constructor(replies: readonly Reply[]) {
    this.#replies = [...replies];
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async open(replies: readonly Reply[]): Promise<FakeBucket> {
    const bucket = new FakeBucket(replies);
    await new Promise<void>((resolve) => {
      bucket.#server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      bucket.#server.closeAllConnections();
      bucket.#server.close();
    });
    return bucket;
  }

  get url(): string {
    const address = this.#server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return `http://127.0.0.1:${port}`;
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = "", headers } = request;
    this.requests.push({
      method,
      headers,
      body: String(Buffer.concat(chunks)),
    });
    const reply = this.#replies.shift() ?? { status: 501 };
    if (reply.status === 0) return void request.socket.destroy();
    const { status, body = "", missing = 0 } = reply;
    response.writeHead(status, {
      "content-length": Buffer.byteLength(body) + missing,
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      etag: '"1"',
      ...reply.headers,
    });
    if (missing === 0) return void response.end(body);
    response.write(body, () => request.socket.end());
  }
}
