// Who we are, as each operation wants to hear it.
// Written by integrate (runtime/credentials). Yours to edit.

import { encode } from "./http-encoding.js";
import { Secret } from "./secrets.js";

/** Gets a token; `refresh` is true when the last one was refused. */
export type TokenFunction = (refresh: boolean) => Promise<string | Secret>;

export type TokenSource = string | Secret | TokenFunction;

/** How one security scheme is satisfied. */
export type Scheme =
  | { readonly kind: "bearer"; readonly token: TokenSource }
  | {
      readonly kind: "basic";
      readonly username: string;
      readonly password: Secret;
    }
  | {
      readonly kind: "header" | "query" | "cookie";
      readonly name: string;
      readonly key: Secret;
    };

/**
 * The schemes an operation takes: one of the lists, all in it. No list at all:
 * nothing is sent.
 */
export type Security = readonly (readonly string[])[];

/**
 * Satisfies `http` bearer, `oauth2` and `openIdConnect` schemes, given a token.
 */
export function bearer(token: TokenSource | undefined): Scheme | undefined {
  return token === undefined ? undefined : { kind: "bearer", token };
}

/**
 * Satisfies `http` basic schemes, given a name; some services want no password.
 */
export function basic(
  username: string | undefined,
  password: string | Secret = "",
): Scheme | undefined {
  return username === undefined
    ? undefined
    : { kind: "basic", username, password: Secret.of(password) };
}

/** Satisfies `apiKey` schemes, given the key. */
export function apiKey(
  kind: "header" | "query" | "cookie",
  name: string,
  key: string | Secret | undefined,
): Scheme | undefined {
  return key === undefined ? undefined : { kind, name, key: Secret.of(key) };
}

/** The schemes an adapter was given credentials for. */
export class Credentials {
  readonly #schemes: Readonly<Record<string, Scheme | undefined>>;

  constructor(schemes: Readonly<Record<string, Scheme | undefined>>) {
    this.#schemes = schemes;
  }

  /** Returns what is wrong with those that are known already, if anything. */
  problem(): string | undefined {
    for (const [name, scheme] of Object.entries(this.#schemes)) {
      if (scheme?.kind !== "bearer" && scheme?.kind !== "header") continue;
      const secret = scheme.kind === "bearer" ? scheme.token : scheme.key;
      if (typeof secret === "function") continue;
      if (!isHeaderText(Secret.of(secret).reveal())) return unsendable(name);
    }
    return undefined;
  }

  /**
   * Returns the schemes of the first list we can satisfy, or undefined when
   * there is none.
   */
  choose(security: Security): readonly Scheme[] | undefined {
    if (security.length === 0) return [];
    // Nothing at all comes last: what is set is meant to be sent.
    const ordered = [...security].sort((a, b) => +!a.length - +!b.length);
    for (const names of ordered) {
      const schemes = names.flatMap((name) => this.#schemes[name] ?? []);
      if (schemes.length === names.length) return schemes;
    }
    return undefined;
  }
}

/** Returns whether a header can have this value. */
function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function unsendable(name: string): string {
  return `the secret for ${name} holds a line break or another character that a header does not take`;
}

/** Returns whether a refused call is worth repeating with a fresh token. */
export function canRefresh(schemes: readonly Scheme[]): boolean {
  return schemes.some(
    (scheme) => scheme.kind === "bearer" && typeof scheme.token === "function",
  );
}

/**
 * Puts the credentials where the service looks for them; throws what `refuse`
 * makes.
 */
export async function authorize(
  { url, headers }: { readonly url: URL; readonly headers: Headers },
  schemes: readonly Scheme[],
  refresh: boolean,
  refuse: (problem: string) => Error,
): Promise<void> {
  for (const scheme of schemes) {
    if (scheme.kind === "bearer") {
      const token =
        typeof scheme.token === "function"
          ? await scheme.token(refresh)
          : scheme.token;
      const value = Secret.of(token).reveal();
      if (!isHeaderText(value)) throw refuse(unsendable("a bearer token"));
      headers.set("authorization", `Bearer ${value}`);
    } else if (scheme.kind === "basic") {
      const pair = Buffer.from(
        `${scheme.username}:${scheme.password.reveal()}`,
      );
      headers.set("authorization", `Basic ${pair.toString("base64")}`);
    } else if (scheme.kind === "header") {
      headers.set(scheme.name, scheme.key.reveal());
    } else if (scheme.kind === "query") {
      // Setting it through `searchParams` would spell the rest anew.
      const name = encode(scheme.name);
      const others = url.search
        .slice(1)
        .split("&")
        .filter((pair) => pair && pair.split("=")[0] !== name);
      url.search = [...others, `${name}=${encode(scheme.key.reveal())}`].join(
        "&",
      );
    } else {
      const value = encodeURIComponent(scheme.key.reveal());
      headers.append("cookie", `${scheme.name}=${value}`);
    }
  }
}
