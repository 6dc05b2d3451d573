// Settings of the login adapter.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import { ConfigurationError } from "../runtime/errors.js";
import { type Environment, Settings } from "../runtime/secrets.js";

export const SERVICE = "login";

const ISSUER = "https://login.example.com";
const KEYS_URL = "https://login.example.com/oauth2/keys";
const ALGORITHMS = ["RS256", "ES256"];
const TOKEN_TYPES = ["at+jwt", "JWT"];
const REQUIRED_SCOPES = ["orders:read"];
const LEEWAY_SECONDS = 30;

/** Never `none`, never an algorithm with a shared secret. */
const ASYMMETRIC = new Set(
  ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].concat([
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
  ]),
);

export interface LoginOptions {
  /** Names of this API at the issuer; a token must be for one of them. */
  readonly audiences: readonly string[];
  /** Compared letter by letter. */
  readonly issuer?: string | undefined;
  /** Where the issuer publishes its keys; for another, its metadata says so. */
  readonly keysUrl?: string | undefined;
  /** Signature algorithms that are accepted. */
  readonly algorithms?: readonly string[] | undefined;
  /** Accepted `typ` headers; a token without one counts as `JWT`. */
  readonly tokenTypes?: readonly string[] | undefined;
  /** Scopes that every token must have. */
  readonly requiredScopes?: readonly string[] | undefined;
  /** How far the clocks of issuer and machine may be apart. */
  readonly leewaySeconds?: number | undefined;
  /** How long fetched keys are used without asking again. */
  readonly keysTtlSeconds?: number | undefined;
  /** How long they are still used while the issuer is down. */
  readonly keysStaleSeconds?: number | undefined;
  /** Shortest time between two fetches, whatever tokens say. */
  readonly refreshPauseSeconds?: number | undefined;
  /** A JWK Set in place of the issuer's, for tests and development. */
  readonly localKeys?: string | undefined;
}

/** What a token must satisfy, and how its issuer's keys are kept. */
export class LoginConfig {
  readonly audiences: readonly string[];
  readonly issuer: string;
  readonly keysUrl: string | undefined;
  readonly algorithms: readonly string[];
  readonly tokenTypes: readonly string[];
  readonly requiredScopes: readonly string[];
  readonly leewaySeconds: number;
  readonly keysTtlSeconds: number;
  readonly keysStaleSeconds: number;
  readonly refreshPauseSeconds: number;
  readonly localKeys: string | undefined;

  /** Refuses settings that would accept tokens of strangers. */
  constructor(options: LoginOptions) {
    this.audiences = options.audiences;
    this.issuer = checkUrl(options.issuer ?? ISSUER);
    const keysUrl = this.issuer === ISSUER ? KEYS_URL : undefined;
    this.keysUrl = options.keysUrl ?? keysUrl;
    this.algorithms = options.algorithms ?? ALGORITHMS;
    this.tokenTypes = options.tokenTypes ?? TOKEN_TYPES;
    this.requiredScopes = options.requiredScopes ?? REQUIRED_SCOPES;
    this.leewaySeconds = options.leewaySeconds ?? LEEWAY_SECONDS;
    this.keysTtlSeconds = options.keysTtlSeconds ?? 600;
    this.keysStaleSeconds = options.keysStaleSeconds ?? 86400;
    this.refreshPauseSeconds = options.refreshPauseSeconds ?? 10;
    this.localKeys = options.localKeys;
    if (this.keysUrl !== undefined) checkUrl(this.keysUrl);
    if (this.audiences.length === 0 || this.audiences.includes(""))
      throw wrong("an audience is required");
    if (
      !this.algorithms.length ||
      !this.algorithms.every((name) => ASYMMETRIC.has(name))
    )
      throw wrong(`algorithms must be among ${[...ASYMMETRIC].join(", ")}`);
  }

  /**
   * Reads `LOGIN_*`, or the files that `LOGIN_*_FILE` name.
   *
   * @throws ConfigurationError A setting is missing or malformed; it names all
   *   of them.
   */
  static fromEnv(environment?: Environment): LoginConfig {
    const settings = new Settings(SERVICE, "LOGIN_", environment);
    const options = {
      audiences: words(settings.text("AUDIENCES")),
      issuer: settings.optionalText("ISSUER"),
      keysUrl: settings.optionalText("KEYS_URL"),
      algorithms: words(settings.text("ALGORITHMS", ALGORITHMS.join(" "))),
      tokenTypes: words(settings.text("TOKEN_TYPES", TOKEN_TYPES.join(" "))),
      requiredScopes: words(
        settings.text("REQUIRED_SCOPES", REQUIRED_SCOPES.join(" ")),
      ),
      leewaySeconds: settings.integer("LEEWAY_SECONDS", LEEWAY_SECONDS, 0),
      localKeys: settings.optionalText("LOCAL_KEYS"),
    };
    settings.check();
    return new LoginConfig(options);
  }
}

/** Returns `url`; refuses one that others could read or change on the way. */
export function checkUrl(url: string): string {
  const { protocol, hostname } = URL.canParse(url)
    ? new URL(url)
    : { protocol: "", hostname: "" };
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol === "https:" || (local && protocol === "http:")) return url;
  throw wrong(`\`${url}\` must be an https URL (http only on this machine)`);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function wrong(reason: string): ConfigurationError {
  return new ConfigurationError(SERVICE, "configure", reason);
}
