// The issuer's public keys: fetched, cached, and refreshed when they rotate.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from "jose";

import type { Clock } from "../runtime/clock.js";
import { IntegrationError, Unavailable } from "../runtime/errors.js";
import type { HttpTransport } from "../runtime/http.js";
import { JSON_TYPE, json, type Read } from "../runtime/http-replies.js";
import { checkUrl, type LoginConfig, SERVICE } from "./config.js";

/** Finds the key a token says it was signed with. */
export interface Keys {
  /** Throws `JWKSNoMatchingKey` when there is none. */
  find(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey>;
}

/** A key set that never changes, for tests and development. */
export class LocalKeys implements Keys {
  readonly #keys: LocalJWKSet;

  constructor(jwks: string) {
    this.#keys = parseKeys(jwks);
  }

  find(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> {
    return this.#keys(header, token);
  }
}

/** The issuer's keys. Calls that overlap share one fetch. */
export class IssuerKeys implements Keys {
  readonly #config: LoginConfig;
  readonly #clock: Clock;
  readonly #http: HttpTransport;
  #keys: LocalJWKSet | undefined;
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #error: IntegrationError | undefined;
  #fetching: Promise<void> | undefined;

  constructor(config: LoginConfig, clock: Clock, http: HttpTransport) {
    this.#config = config;
    this.#clock = clock;
    this.#http = http;
  }

  /** Throws `JWKSNoMatchingKey`, or `Unavailable` while keys cannot be had. */
  async find(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey> {
    let key = await this.#known(header, token);
    if (this.#fetching ? !key : this.#due(key)) {
      this.#fetching ??= this.#fetch().finally(
        () => (this.#fetching = undefined),
      );
      await this.#fetching;
      key = await this.#known(header, token);
    }
    if (key) return key;
    if (!this.#error) throw new errors.JWKSNoMatchingKey();
    const reason = "the keys of the issuer cannot be fetched";
    throw new Unavailable(SERVICE, "authenticate", reason, {
      cause: this.#error,
    });
  }

  /**
   * Returns the key if it is among ours, and they are not too old to be used at
   * all.
   */
  async #known(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<CryptoKey | undefined> {
    const { keysTtlSeconds, keysStaleSeconds } = this.#config;
    const age = this.#clock.now() - this.#fetchedAt;
    if (age >= Math.max(keysTtlSeconds, keysStaleSeconds)) return undefined;
    try {
      return await this.#keys?.(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  /** Returns whether to fetch first: the key is old, or not among ours. */
  #due(key: CryptoKey | undefined): boolean {
    const now = this.#clock.now();
    const old = !key || now - this.#fetchedAt >= this.#config.keysTtlSeconds;
    return old && now - this.#triedAt >= this.#config.refreshPauseSeconds;
  }

  async #fetch(): Promise<void> {
    try {
      const { issuer, keysUrl } = this.#config;
      const url =
        keysUrl ?? (await this.#get(metadataUrl(issuer), metadataOf(issuer)));
      this.#keys = await this.#get(url, async (response, unexpected) => {
        try {
          return parseKeys(await response.text());
        } catch (error) {
          throw unexpected(`no keys: ${String(error)}`);
        }
      });
      this.#fetchedAt = this.#clock.now();
      this.#error = undefined;
    } catch (error) {
      if (!(error instanceof IntegrationError)) throw error;
      this.#error = error;
    } finally {
      this.#triedAt = this.#clock.now();
    }
  }

  #get<T>(path: string, read: Read<T>): Promise<T> {
    return this.#http.send(
      { operation: "keys.get", method: "GET", path },
      JSON_TYPE,
      read,
    );
  }
}

/** Source: OpenID Connect Discovery 1.0, section 4. */
function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Reads the issuer's metadata as where its keys are. */
function metadataOf(issuer: string): Read<string> {
  return async (response, unexpected) => {
    const metadata = await json<Record<string, unknown>>(response, unexpected);
    if (metadata["issuer"] !== issuer)
      throw unexpected("the metadata is of another issuer");
    return checkUrl(String(metadata["jwks_uri"]));
  };
}

/** Reads a JWK Set; keys of no use are passed over when a token is verified. */
function parseKeys(text: string): LocalJWKSet {
  const jwks: JSONWebKeySet = JSON.parse(text);
  if (!jwks.keys.some(({ kty }) => kty !== "oct"))
    throw new Error("no public key in the JWK Set");
  return createLocalJWKSet(jwks);
}
