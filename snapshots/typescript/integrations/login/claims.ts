// What an accepted token says about its bearer.
// Written by integrate from login.openid-configuration.json. Yours to edit.

export interface Claims {
  /** Who is calling: unique at the issuer, and never used again (`sub`). */
  readonly subject: string;
  /** Whom the token is for (`aud`). */
  readonly audience: readonly string[];
  /** When the token ends (`exp`). */
  readonly expiresAt: Date;
  /** What the bearer may do (`scope`, or `scp`). */
  readonly scopes: ReadonlySet<string>;
  /** The application that got the token (`client_id`, or `azp`). */
  readonly clientId: string | undefined;
  /** Unique for each token (`jti`). */
  readonly tokenId: string | undefined;
  /** Required of every token (`tenant`). */
  readonly tenant: string;
  /** `email`. */
  readonly email: string | undefined;
  /** Every claim under its own name, as decoded JSON. */
  readonly all: RawClaims;
}

export type RawClaims = Readonly<Record<string, unknown>>;

/** Reads verified claims; throws when one is not what it should be. */
export function readClaims(all: RawClaims): Claims {
  const scopes = words(all, "scope");
  return {
    subject: text(all, "sub"),
    audience: texts(all, "aud"),
    expiresAt: moment(all, "exp"),
    scopes: new Set(scopes.length > 0 ? scopes : words(all, "scp")),
    clientId: optionalText(all, "client_id") ?? optionalText(all, "azp"),
    tokenId: optionalText(all, "jti"),
    tenant: text(all, "tenant"),
    email: optionalText(all, "email"),
    all,
  };
}

function text(all: RawClaims, name: string): string {
  const value = all[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`claim \`${name}\` is missing or not a text`);
}

function optionalText(all: RawClaims, name: string): string | undefined {
  return isAbsent(all, name) ? undefined : text(all, name);
}

function texts(all: RawClaims, name: string): string[] {
  const value = all[name];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.every((item) => typeof item === "string")) return values;
  throw new Error(`claim \`${name}\` is neither a text nor a list of texts`);
}

/**
 * Reads a list of texts, or one text with spaces between them; absent means
 * none.
 */
function words(all: RawClaims, name: string): string[] {
  if (isAbsent(all, name)) return [];
  return texts(all, name).flatMap((item) => item.split(" ").filter(Boolean));
}

function moment(all: RawClaims, name: string): Date {
  const date = new Date(Number(all[name]) * 1000);
  if (!Number.isNaN(date.getTime())) return date;
  throw new Error(`claim \`${name}\` is not a moment`);
}

function isAbsent(all: RawClaims, name: string): boolean {
  return all[name] === undefined || all[name] === null;
}
