// Keeps a service token of https://login.example.com fresh.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import type { AuthorizationServer } from "oauth4webapi";

import { TtlCache } from "../runtime/cache.js";
import { cached } from "../runtime/cached.js";
import { Calls } from "../runtime/calls.js";
import type { TokenFunction } from "../runtime/credentials.js";
import { Retry } from "../runtime/retry.js";
import type { Secret } from "../runtime/secrets.js";
import { type PartnerConfig, SERVICE } from "./config.js";
import { discover, type FindServer, requestGrant } from "./request.js";

/**
 * Shortest time between two requests when they fail, or when their tokens do.
 */
export const PAUSE_SECONDS = 5;

/** How long it is remembered where the issuer gives tokens. */
const METADATA_SECONDS = 86_400;

export const RETRY = new Retry({
  attempts: 3,
  baseSeconds: 0.2,
  deadlineSeconds: 10,
});

export interface ServiceTokensOptions {
  readonly calls?: Calls | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

interface Held {
  readonly token: Secret;
  readonly askedAt: number;
  readonly expiresAt: number;
}

/** One token, kept fresh. Calls that overlap share one request. */
export class ServiceTokens {
  readonly #config: PartnerConfig;
  readonly #calls: Calls;
  readonly #fetch: typeof fetch;
  readonly #metadata: TtlCache<string, Promise<AuthorizationServer>>;
  readonly #find: FindServer;
  #held: Held | undefined;
  #askAt = -Infinity;
  #error: unknown;
  #asking: Promise<Secret> | undefined;

  constructor(config: PartnerConfig, options: ServiceTokensOptions = {}) {
    this.#config = config;
    this.#calls = options.calls ?? new Calls(SERVICE, { retry: RETRY });
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#metadata = new TtlCache({
      maxEntries: 1,
      ttlSeconds: METADATA_SECONDS,
      clock: this.#calls.clock,
    });
    this.#find = cached(
      (issuer: string) => discover(issuer, this.#fetch, RETRY.deadlineSeconds),
      this.#metadata,
    );
  }

  /**
   * Returns a token that is good for a while.
   *
   * @throws AuthenticationError The issuer does not accept the client.
   * @throws PermissionDenied It does not grant the scopes, or not for the API.
   * @throws Unavailable It cannot be reached.
   */
  async token(): Promise<Secret> {
    const token = this.#good();
    const due = this.#calls.clock.now() >= this.#askAt;
    if (token && (!due || this.#asking)) return token;
    if (!due && !this.#asking) throw this.#error;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /**
   * Forgets a token that a service refused, unless it is new: another would not
   * help.
   */
  invalidate(token: Secret): void {
    const now = this.#calls.clock.now();
    if (this.#held?.token !== token || now - this.#held.askedAt < PAUSE_SECONDS)
      return;
    this.#held = undefined;
    this.#askAt = -Infinity;
  }

  /**
   * The token for other adapters: as their `token`, and they refresh it when it
   * is refused.
   */
  readonly source: TokenFunction = (refresh) => {
    if (refresh && this.#held) this.invalidate(this.#held.token);
    return this.token();
  };

  #good(): Secret | undefined {
    const held = this.#held;
    return held && this.#calls.clock.now() < held.expiresAt
      ? held.token
      : undefined;
  }

  async #ask(): Promise<Secret> {
    const askedAt = this.#calls.clock.now();
    try {
      const { token, lifetimeSeconds } = await this.#calls.run(
        "token",
        ({ signal }) =>
          requestGrant(this.#config, this.#fetch, signal, this.#find),
        { repeatable: true },
      );
      const expiresAt = askedAt + lifetimeSeconds;
      this.#held = { token, askedAt, expiresAt };
      this.#askAt =
        expiresAt - Math.min(this.#config.earlySeconds, lifetimeSeconds / 2);
      return token;
    } catch (error) {
      this.#metadata.clear(); // tokens may be given elsewhere now
      this.#error = error;
      this.#askAt = this.#calls.clock.now() + PAUSE_SECONDS;
      const token = this.#good();
      if (token && this.#held)
        this.#askAt = Math.min(this.#askAt, this.#held.expiresAt);
      if (token) return token;
      throw error;
    }
  }
}
