// An issuer of one's own, for tests and development.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";

import type { LoginConfig } from "./config.js";

const ALGORITHM = "ES256";
const LIFETIME_SECONDS = 3600;

type Members = Readonly<Record<string, unknown>>;

/** Signs tokens with a key that only this process has. */
export class LocalIssuer {
  /** The public key as a JWK Set. */
  readonly jwks: string;
  readonly #config: LoginConfig;
  readonly #key: CryptoKey;
  readonly #kid: string;

  private constructor(
    config: LoginConfig,
    key: CryptoKey,
    kid: string,
    jwks: string,
  ) {
    this.#config = config;
    this.#key = key;
    this.#kid = kid;
    this.jwks = jwks;
  }

  /** Makes a key; tokens will satisfy `config`, unless told otherwise. */
  static async create(
    config: LoginConfig,
    kid = "local-1",
  ): Promise<LocalIssuer> {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM };
    return new LocalIssuer(
      config,
      privateKey,
      kid,
      JSON.stringify({ keys: [jwk] }),
    );
  }

  /**
   * Returns a token; `claims` and `header` replace ours, undefined leaves one
   * out.
   */
  token(
    claims: Members = {},
    header: Members = {},
    unixNow = Date.now() / 1000,
  ): Promise<string> {
    const issuedAt = Math.floor(unixNow);
    const all = {
      iss: this.#config.issuer,
      sub: "local",
      aud: [...this.#config.audiences],
      iat: issuedAt,
      exp: issuedAt + LIFETIME_SECONDS,
      scope: this.#config.requiredScopes.join(" "),
      tenant: "example",
    };
    const ours = { alg: ALGORITHM, kid: this.#kid, typ: "at+jwt" };
    return new SignJWT({ ...all, ...claims })
      .setProtectedHeader({ ...ours, ...header })
      .sign(this.#key);
  }
}
