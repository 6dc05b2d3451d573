// One exchange with a service: credentials, redirects, and what breaks on the
// way.
// Written by integrate (runtime/http-connection). Yours to edit.

import type { Calls } from "./calls.js";
import {
  authorize,
  Credentials,
  canRefresh,
  type Scheme,
  type Security,
} from "./credentials.js";
import {
  ConfigurationError,
  Unavailable,
  UnexpectedResponse,
} from "./errors.js";
import { errorOfFailure } from "./http-errors.js";
import {
  compose,
  type HttpRequest,
  redirected,
  type Wire,
} from "./http-request.js";

const MAX_REDIRECTS = 5;

export interface ConnectionOptions {
  /** What the operations' paths are below. */
  readonly baseUrl: string;
  readonly credentials?: Credentials | undefined;
  /** What allows an operation that does not say. */
  readonly security?: Security | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Longest wait for a reply to begin; 30 unless given. */
  readonly attemptSeconds?: number | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** What is the same on each attempt of one call. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly accept: string;
  readonly idempotencyKey: string | undefined;
}

/** A reply, and the URL it came from, without the query. */
export interface Answer {
  readonly response: Response;
  readonly url: string;
}

/** Returns whether paths can be put behind a text. */
export function isBaseUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(text);
}

/** Reaches one service. Credentials go to the origin of the base URL alone. */
export class Connection {
  readonly #calls: Calls;
  readonly #options: ConnectionOptions;
  readonly #baseUrl: string;
  readonly #origin: string;
  readonly #credentials: Credentials;
  readonly #fetch: typeof fetch;

  constructor(calls: Calls, options: ConnectionOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#baseUrl = options.baseUrl.replace(/\/+$/, "");
    this.#credentials = options.credentials ?? new Credentials({});
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    const url = URL.canParse(this.#baseUrl)
      ? new URL(this.#baseUrl)
      : undefined;
    this.#origin = url?.origin ?? "";
    const problem =
      url && isBaseUrl(options.baseUrl)
        ? this.#credentials.problem()
        : `the base URL \`${options.baseUrl}\` is not an http or https URL`;
    if (problem === undefined) return;
    throw new ConfigurationError(calls.service, "configure", problem);
  }

  /**
   * Sends a request with credentials, and again with fresh ones when they are
   * refused.
   */
  async exchange(
    { request, accept, idempotencyKey }: Exchange,
    signal: AbortSignal,
  ): Promise<Answer> {
    const defaults = new Headers({ ...this.#options.headers, accept });
    const schemes = this.#schemes(request);
    const ask = async (refresh: boolean): Promise<Answer> => {
      const wire = compose(this.#baseUrl, request, defaults, idempotencyKey);
      await authorize(wire, schemes, refresh, (problem) =>
        this.#misconfigured(request, problem),
      );
      return this.guard(request, () => this.#follow(request, wire, signal));
    };
    const answer = await ask(false);
    if (answer.response.status !== 401 || !canRefresh(schemes)) return answer;
    await answer.response.body?.cancel();
    return ask(true);
  }

  /**
   * Runs what needs the connection; what breaks there becomes an
   * `IntegrationError`.
   */
  async guard<T>(
    { operation }: HttpRequest,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw errorOfFailure(this.#calls.service, operation, error);
    }
  }

  #schemes(request: HttpRequest): readonly Scheme[] {
    const { operation, path, security } = request;
    if (!path.startsWith("/") && !URL.canParse(path))
      throw new UnexpectedResponse(
        this.#calls.service,
        operation,
        `the service names \`${path}\`, which is no URL`,
      );
    const ours = path.startsWith("/") || new URL(path).origin === this.#origin;
    const usual = security ?? this.#options.security ?? [];
    const wanted = ours ? usual : [];
    const schemes = this.#credentials.choose(wanted);
    if (schemes) return schemes;
    const names = wanted.map((list) => list.join(" and ")).join(", or ");
    throw this.#misconfigured(request, `needs credentials for ${names}`);
  }

  #misconfigured(
    { operation }: HttpRequest,
    reason: string,
  ): ConfigurationError {
    return new ConfigurationError(this.#calls.service, operation, reason);
  }

  async #follow(
    request: HttpRequest,
    first: Wire,
    signal: AbortSignal,
  ): Promise<Answer> {
    let next = first;
    for (let hop = 0; ; hop += 1) {
      const response = await this.#ask(request, next, signal);
      const target = redirected(next, response);
      if (!target || hop === MAX_REDIRECTS)
        return { response, url: next.url.origin + next.url.pathname };
      await response.body?.cancel();
      next = target;
    }
  }

  /** Waits for a reply to begin, but not for ever. */
  async #ask(
    { operation }: HttpRequest,
    { url, ...init }: Wire,
    signal: AbortSignal,
  ): Promise<Response> {
    const { service, clock } = this.#calls;
    const seconds = this.#options.attemptSeconds ?? 30;
    const attempt = new AbortController();
    const cancel = clock.timer(seconds, () => {
      const reason = `no reply within ${seconds} s`;
      attempt.abort(new Unavailable(service, operation, reason));
    });
    const either = AbortSignal.any([signal, attempt.signal]);
    const redirect = "manual";
    try {
      return await this.#fetch(url, { ...init, redirect, signal: either });
    } finally {
      cancel();
    }
  }
}
