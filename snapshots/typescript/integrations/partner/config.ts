// Settings of the partner adapter.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import { ConfigurationError } from "../runtime/errors.js";
import { type Environment, Secret, Settings } from "../runtime/secrets.js";

export const SERVICE = "partner";

const ISSUER = "https://login.example.com";
const TOKEN_URL = "https://login.example.com/oauth2/token";
const SCOPES = ["orders:read"];
const RESOURCE = "https://api.example.com";
const EARLY_SECONDS = 60;

export interface PartnerOptions {
  /** The name the issuer knows this service by. */
  readonly clientId: string;
  /** What proves it (`client_secret_basic`). */
  readonly clientSecret: string | Secret;
  /** Compared letter by letter. */
  readonly issuer?: string | undefined;
  /** Where tokens are asked for; the metadata says so for another issuer. */
  readonly tokenUrl?: string | undefined;
  /** What the tokens must allow. */
  readonly scopes?: readonly string[] | undefined;
  /** The API the tokens are for (RFC 8707); None sends none. */
  readonly resource?: string | undefined;
  /** How long before its end a token is replaced. */
  readonly earlySeconds?: number | undefined;
}

/** Who this service is at the issuer, and what its tokens are for. */
export class PartnerConfig {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly issuer: string;
  readonly tokenUrl: string | undefined;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly earlySeconds: number;

  /** Refuses settings that would show the secret to strangers. */
  constructor(options: PartnerOptions) {
    this.clientId = options.clientId;
    this.clientSecret = Secret.of(options.clientSecret);
    this.issuer = checkUrl(options.issuer ?? ISSUER);
    const tokenUrl = this.issuer === ISSUER ? TOKEN_URL : undefined;
    this.tokenUrl = options.tokenUrl ?? tokenUrl;
    this.scopes = options.scopes ?? SCOPES;
    this.resource = options.resource ?? RESOURCE;
    this.earlySeconds = options.earlySeconds ?? EARLY_SECONDS;
    if (this.tokenUrl !== undefined) checkUrl(this.tokenUrl);
  }

  /**
   * Reads `PARTNER_*`, or the files that `PARTNER_*_FILE` name.
   *
   * @throws ConfigurationError A setting is missing or malformed; it names all
   *   of them.
   */
  static fromEnv(environment?: Environment): PartnerConfig {
    const settings = new Settings(SERVICE, "PARTNER_", environment);
    const options = {
      clientId: settings.text("CLIENT_ID"),
      clientSecret: settings.secret("CLIENT_SECRET"),
      issuer: settings.optionalText("ISSUER"),
      tokenUrl: settings.optionalText("TOKEN_URL"),
      scopes: words(settings.text("SCOPES", SCOPES.join(" "))),
      resource: settings.optionalText("RESOURCE", RESOURCE),
      earlySeconds: settings.number("EARLY_SECONDS", EARLY_SECONDS),
    };
    settings.check();
    return new PartnerConfig(options);
  }
}

/** Returns `url`; refuses one that others could read or change on the way. */
export function checkUrl(url: string): string {
  if (URL.canParse(url)) {
    const { protocol } = new URL(url);
    if (protocol === "https:" || (protocol === "http:" && isLocal(url)))
      return url;
  }
  throw wrong(`\`${url}\` must be an https URL (http only on this machine)`);
}

export function isLocal(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function wrong(reason: string): ConfigurationError {
  return new ConfigurationError(SERVICE, "configure", reason);
}
