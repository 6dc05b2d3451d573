// Sends requests and reads replies: what the operations of an adapter call.
// Written by integrate (runtime/http). Yours to edit.

import { randomUUID } from "node:crypto";

import type { Calls } from "./calls.js";
import { UnexpectedResponse } from "./errors.js";
import {
  Connection,
  type ConnectionOptions,
  type Exchange,
} from "./http-connection.js";
import { errorOfReply, pauseOfReply } from "./http-errors.js";
import * as replies from "./http-replies.js";
import { type HttpRequest, isRepeatable } from "./http-request.js";

export type {
  CallOptions,
  HttpRequest,
  KeyedCallOptions,
} from "./http-request.js";

export interface HttpTransportOptions extends ConnectionOptions {
  readonly calls: Calls;
  /** Header in which the service says what a call cost. */
  readonly costHeader?: string | undefined;
}

export class HttpTransport {
  readonly #calls: Calls;
  readonly #connection: Connection;
  readonly #costHeader: string | undefined;

  constructor(options: HttpTransportOptions) {
    this.#calls = options.calls;
    this.#connection = new Connection(options.calls, options);
    this.#costHeader = options.costHeader;
  }

  /** Sends a request that is answered with a JSON object or list. */
  json<T extends object>(request: HttpRequest): Promise<T> {
    return this.send(request, replies.JSON_TYPE, replies.json<T>);
  }

  /** Sends a request that is answered with JSON, or with no content. */
  optionalJson<T extends object>(request: HttpRequest): Promise<T | undefined> {
    return this.send(request, replies.JSON_TYPE, replies.optionalJson<T>);
  }

  /** Sends a request that is answered with any JSON value, or with no content. */
  optionalJsonValue<T>(request: HttpRequest): Promise<T | undefined> {
    return this.send(request, replies.JSON_TYPE, replies.optionalJsonValue<T>);
  }

  /** Sends a request that is answered with any JSON value, such as a text. */
  jsonValue<T>(request: HttpRequest): Promise<T> {
    return this.send(request, replies.JSON_TYPE, replies.jsonValue<T>);
  }

  /** Sends a request whose reply has no body, or none that matters. */
  nothing(request: HttpRequest): Promise<void> {
    return this.send(request, "*/*", replies.nothing);
  }

  text(request: HttpRequest): Promise<string> {
    return this.send(request, "text/*, */*;q=0.8", replies.text);
  }

  blob(request: HttpRequest): Promise<Blob> {
    return this.send(request, "*/*", replies.blob);
  }

  /**
   * Sends a request and reads its reply with `read`; the methods above are
   * this.
   */
  send<T>(
    request: HttpRequest,
    accept: string,
    read: replies.Read<T>,
  ): Promise<T> {
    const { operation, idempotencyHeader, options } = request;
    const idempotencyKey =
      idempotencyHeader && (options?.idempotencyKey ?? randomUUID());
    const exchange = {
      request,
      accept: request.accept ?? accept,
      idempotencyKey,
    };
    const run = {
      ...options,
      repeatable: isRepeatable(request.method, idempotencyKey),
    };
    return this.#calls.run(
      operation,
      ({ signal }) => this.#attempt(exchange, read, signal),
      run,
    );
  }

  async #attempt<T>(
    exchange: Exchange,
    read: replies.Read<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { service, clock, limiter } = this.#calls;
    const { operation } = exchange.request;
    const { response, url } = await this.#connection.exchange(exchange, signal);
    const pause = pauseOfReply(response, clock.unix());
    const resource = response.headers.get("x-ratelimit-resource") ?? "";
    if (pause !== undefined) limiter.pauseFor(pause, operation, resource);
    this.#addCost(operation, response);
    if (!response.ok)
      throw await errorOfReply(service, operation, response, clock.unix());
    const unexpected = (reason: string): UnexpectedResponse =>
      new UnexpectedResponse(service, operation, reason, {
        status: response.status,
      });
    return this.#connection.guard(exchange.request, () =>
      read(response, unexpected, url),
    );
  }

  #addCost(operation: string, response: Response): void {
    const text = this.#costHeader && response.headers.get(this.#costHeader);
    const cost = Number(text || NaN);
    if (Number.isNaN(cost)) return;
    this.#calls.metrics.addCost(this.#calls.service, operation, cost);
  }
}
