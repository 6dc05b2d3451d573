// Accepts or refuses the bearer tokens of https://login.example.com.
// Written by integrate from login.openid-configuration.json. Yours to edit.

import { type JWTVerifyResult, jwtVerify } from "jose";

import { Calls } from "../runtime/calls.js";
import {
  AuthenticationError,
  IntegrationError,
  PermissionDenied,
} from "../runtime/errors.js";
import { HttpTransport } from "../runtime/http.js";
import { Retry } from "../runtime/retry.js";
import { type Claims, readClaims } from "./claims.js";
import { type LoginConfig, SERVICE } from "./config.js";
import { IssuerKeys, type Keys, LocalKeys } from "./keys.js";

/** A caller's token is not accepted. Our own credentials have no part in it. */
export class TokenRefused extends AuthenticationError {
  static override readonly kind: string = "TokenRefused";
  static override readonly defaults = { severity: "warning" } as const;
}

const LONGEST_HEADER = 16_384;

/** Keys are fetched in at most 5 seconds: callers are waiting. */
const RETRY = new Retry({ attempts: 2, baseSeconds: 0.2, deadlineSeconds: 5 });

export interface TokenVerifierOptions {
  /** The issuer's, or the settings' local ones, unless given. */
  readonly keys?: Keys | undefined;
  readonly calls?: Calls | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** Accepts or refuses bearer tokens. Keep one, for its keys. */
export class TokenVerifier {
  readonly #config: LoginConfig;
  readonly #calls: Calls;
  readonly #keys: Keys;
  readonly #types: ReadonlySet<string>;

  constructor(config: LoginConfig, options: TokenVerifierOptions = {}) {
    this.#config = config;
    this.#calls = options.calls ?? new Calls(SERVICE);
    this.#types = new Set(config.tokenTypes.map(mediaType));
    const { clock } = this.#calls;
    const calls = new Calls(SERVICE, { retry: RETRY, clock });
    const http = new HttpTransport({
      calls,
      baseUrl: config.issuer,
      fetch: options.fetch,
    });
    const keys =
      config.localKeys === undefined
        ? new IssuerKeys(config, clock, http)
        : new LocalKeys(config.localKeys);
    this.#keys = options.keys ?? keys;
  }

  /**
   * Verifies an `Authorization` header and returns the claims of its token.
   *
   * `scopes` is what the token must allow, besides the settings' required
   * scopes.
   *
   * @throws AuthenticationError Answer 401 with `challenge(error)`, and nothing
   *   else: why is in the error's `context`, for your logs only.
   * @throws PermissionDenied Answer 403 with `challenge(error)`: a scope is
   *   missing.
   * @throws Unavailable Answer 503: the issuer's keys cannot be fetched.
   */
  authenticate(
    authorization: string | null | undefined,
    scopes: readonly string[] = [],
  ): Promise<Claims> {
    const attempt = async (): Promise<Claims> => {
      const token = bearer(authorization);
      try {
        const claims = this.#read(await this.#verify(token));
        const wanted = new Set([...this.#config.requiredScopes, ...scopes]);
        const missing = [...wanted].filter(
          (scope) => !claims.scopes.has(scope),
        );
        if (missing.length > 0) throw denied(missing, claims.subject);
        return claims;
      } catch (error) {
        throw error instanceof IntegrationError
          ? error
          : refused(String(error));
      }
    };
    return this.#calls.run("authenticate", attempt, { repeatable: false });
  }

  #verify(token: string): Promise<JWTVerifyResult> {
    const { audiences, issuer, algorithms, leewaySeconds } = this.#config;
    return jwtVerify(token, (header, input) => this.#keys.find(header, input), {
      algorithms: [...algorithms],
      issuer,
      audience: [...audiences],
      requiredClaims: ["exp", "sub"],
      clockTolerance: leewaySeconds,
      currentDate: new Date(this.#calls.clock.unix() * 1000),
    });
  }

  /**
   * Checks what the library does not: `typ`, and that the token is not from the
   * future.
   */
  #read({ protectedHeader, payload }: JWTVerifyResult): Claims {
    if (!this.#types.has(mediaType(protectedHeader.typ ?? "JWT")))
      throw new Error("not an access token: `typ`");
    const latest = this.#calls.clock.unix() + this.#config.leewaySeconds;
    if ((payload.iat ?? 0) > latest) throw new Error("issued in the future");
    return readClaims(payload);
  }
}

/**
 * Returns the `WWW-Authenticate` header of a refusal.
 *
 * Source: RFC 6750, section 3.
 */
export function challenge({ name, context }: IntegrationError): string {
  const scope = String(context["scope"]);
  if (name === PermissionDenied.kind)
    return `Bearer error="insufficient_scope", scope="${scope}"`;
  return context["token"] === true ? 'Bearer error="invalid_token"' : "Bearer";
}

function bearer(authorization: string | null | undefined): string {
  if (!authorization) throw refused("no `Authorization` header", false);
  if (authorization.length > LONGEST_HEADER) throw refused("too long");
  const token = /^ *bearer +([\w.-]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw refused("not a bearer token");
  return token;
}

/** Makes the error for a token that is not accepted; `detail` is for logs. */
function refused(detail: string, token = true): TokenRefused {
  const reason = "the bearer token is not accepted";
  const context = { detail, token };
  const details = { context, status: 401 };
  return new TokenRefused(SERVICE, "authenticate", reason, details);
}

function denied(missing: readonly string[], subject: string): PermissionDenied {
  const context = { scope: missing.toSorted().join(" "), subject };
  const reason = "the token lacks a scope";
  return new PermissionDenied(SERVICE, "authenticate", reason, {
    severity: "warning",
    context,
    status: 403,
  });
}

/**
 * Returns `at+jwt` for `application/at+jwt`, in any case (RFC 7515, section
 * 4.1.9).
 */
function mediaType(name: string): string {
  return name.toLowerCase().replace(/^application\//, "");
}
