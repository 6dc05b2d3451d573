// What a token must satisfy. Offline: a local issuer signs.

import { base64url, SignJWT } from "jose";
import { describe, expect, it } from "vitest";

import { Calls } from "../../runtime/calls.js";
import { FakeClock } from "../../runtime/clock.js";
import {
  AuthenticationError,
  ConfigurationError,
  errorCounts,
  IntegrationError,
  PermissionDenied,
} from "../../runtime/errors.js";
import {
  type Claims,
  challenge,
  LoginConfig,
  TokenRefused,
  TokenVerifier,
} from "../index.js";
import { LocalIssuer } from "../local.js";

const options = {
  audiences: ["https://api.example.com"],
  issuer: "https://login.example.com",
  keysUrl: "https://login.example.com/oauth2/keys",
  tokenTypes: ["at+jwt", "JWT"],
  requiredScopes: ["orders:read"],
  leewaySeconds: 30,
  keysTtlSeconds: 600,
  keysStaleSeconds: 86_400,
  refreshPauseSeconds: 10,
};
const { audiences } = options;
const config = new LoginConfig(options);
const issuer = await LocalIssuer.create(config);
const stranger = await LocalIssuer.create(config);
const clock = new FakeClock();
const NOW = clock.unix();

function verifier(tokenTypes?: string[]): TokenVerifier {
  const local = new LoginConfig({
    ...options,
    tokenTypes: tokenTypes ?? options.tokenTypes,
    localKeys: issuer.jwks,
  });
  return new TokenVerifier(local, {
    calls: new Calls("login", { clock }),
  });
}

function token(claims = {}, header = {}): Promise<string> {
  return issuer.token(claims, header, NOW);
}

async function accept(text: string | Promise<string>): Promise<Claims> {
  return verifier().authenticate(`Bearer ${await text}`);
}

async function withHeader(header: unknown): Promise<string> {
  const [, payload, signature] = (await token()).split(".");
  return `${base64url.encode(JSON.stringify(header))}.${payload}.${signature}`;
}

async function refusal(work: Promise<Claims>): Promise<IntegrationError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof IntegrationError) return error;
  throw new Error("was accepted", { cause: error });
}

it("gives the claims of a good token", async () => {
  const claims = await accept(token({ sub: "alice", client_id: "app" }));
  expect(claims).toMatchObject({
    subject: "alice",
    clientId: "app",
    tenant: "example",
  });
  expect([...claims.scopes]).toEqual(["orders:read"]);
  expect(claims.expiresAt.getTime() / 1000).toBe(Math.floor(NOW) + 3600);
});

describe("refuses claims", () => {
  it.each([
    { exp: NOW - 31 },
    { exp: undefined },
    { exp: "tomorrow" },
    { nbf: NOW + 31 },
    { iat: NOW + 31 },
    { iat: "now" },
    { iss: "https://login.example.com/" },
    { iss: ["https://login.example.com"] },
    { iss: undefined },
    { aud: "https://api.example.com.evil.example" },
    { aud: [] },
    { aud: undefined },
    { sub: undefined },
    { sub: 7 },
    { tenant: undefined },
    { tenant: 7 },
    { email: 7 },
    { scope: 7 },
  ])("%j", async (claims) => {
    expect(await refusal(accept(token(claims)))).toBeInstanceOf(
      AuthenticationError,
    );
  });
});

describe("accepts claims", () => {
  it.each([
    { exp: NOW - 29 },
    { nbf: NOW + 29 },
    { aud: ["other", "https://api.example.com"] },
    { scope: undefined, scp: ["orders:read", "orders:write"] },
    { scope: "orders:write orders:read" },
    { unknown: { nested: [1] } },
  ])("%j", async (claims) => {
    expect((await accept(token(claims))).subject).toBe("local");
  });
});

it("refuses an unsigned token", async () => {
  const [header, payload] = (
    await withHeader({ alg: "none", typ: "at+jwt" })
  ).split(".");
  expect(await refusal(accept(`${header}.${payload}.`))).toBeInstanceOf(
    AuthenticationError,
  );
});

it("does not take the public key for a shared secret", async () => {
  const secret = new TextEncoder().encode(issuer.jwks);
  const claims = {
    iss: config.issuer,
    sub: "eve",
    aud: audiences,
    exp: NOW + 60,
  };
  const header = { alg: "HS256", kid: "local-1", typ: "at+jwt" };
  const forged = await new SignJWT(claims)
    .setProtectedHeader(header)
    .sign(secret);
  expect(await refusal(accept(forged))).toBeInstanceOf(AuthenticationError);
  expect(
    () => new LoginConfig({ ...options, algorithms: ["ES256", "HS256"] }),
  ).toThrow(ConfigurationError);
});

it("refuses a stranger who uses our key id", async () => {
  expect(await refusal(accept(stranger.token({}, {}, NOW)))).toBeInstanceOf(
    AuthenticationError,
  );
});

it("refuses a token that was changed", async () => {
  const [header, , signature] = (await token()).split(".");
  const [, payload] = (await token({ sub: "eve" })).split(".");
  expect(
    await refusal(accept(`${header}.${payload}.${signature}`)),
  ).toBeInstanceOf(AuthenticationError);
});

describe("refuses headers", () => {
  it.each([
    { alg: "ES256", kid: "local-1", typ: "logout+jwt" },
    { alg: "ES256", kid: "local-1", crit: ["exp"], exp: 1 },
    { alg: "RS256", kid: "local-1" },
    { alg: "es256", kid: "local-1" },
    { alg: ["ES256"] },
    { alg: "ES256", kid: 7 },
    { kid: "local-1" },
    ["alg"],
    "alg",
    7,
    null,
  ])("%j", async (header) => {
    expect(await refusal(accept(withHeader(header)))).toBeInstanceOf(
      AuthenticationError,
    );
  });

  it.each([
    "Bearer",
    "Bearer a",
    "Bearer a.b.c",
    "Bearer ..",
    "Basic YTpi",
    "Bearer a.b.c x",
    "Bearer a.b.c\n",
    `Bearer ${"a".repeat(20_000)}`,
    "é",
  ])("%j", async (authorization) => {
    const error = await refusal(verifier().authenticate(authorization));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(challenge(error)).toBe('Bearer error="invalid_token"');
  });

  it.each([undefined, null, ""])(
    "%j, without an error code",
    async (authorization) => {
      expect(
        challenge(await refusal(verifier().authenticate(authorization))),
      ).toBe("Bearer");
    },
  );
});

it("lets only access tokens pass where the issuer marks them", async () => {
  const strict = verifier(["at+jwt"]);
  expect(
    (
      await strict.authenticate(
        `Bearer ${await token({}, { typ: "application/AT+JWT" })}`,
      )
    ).subject,
  ).toBe("local");
  const id = `Bearer ${await token({}, { typ: "JWT" })}`;
  expect(await refusal(strict.authenticate(id))).toBeInstanceOf(
    AuthenticationError,
  );
});

it("counts a refusal apart from refusals of our own credentials", async () => {
  const error = await refusal(verifier().authenticate(undefined));
  expect(error).toBeInstanceOf(TokenRefused);
  expect(errorCounts().map(({ kind }) => kind)).not.toContain(
    "AuthenticationError",
  );
});

it("accepts a token with a long header", async () => {
  const jku = `https://x.example/${"a".repeat(900)}`;
  const long = `Bearer ${await token({}, { jku })}`;
  expect((await verifier().authenticate(long)).subject).toBe("local");
});

it("tells callers nothing about why", async () => {
  const bad = [
    token({ exp: 1 }),
    token({ aud: "x" }),
    stranger.token({}, {}, NOW),
  ];
  const errors = await Promise.all(bad.map((text) => refusal(accept(text))));
  expect(
    new Set(errors.map((error) => error.message + challenge(error))).size,
  ).toBe(1);
  expect(new Set(errors.map(({ context }) => context["detail"])).size).toBe(3);
});

it("denies a missing scope, and does not refuse it", async () => {
  const bearer = `Bearer ${await token()}`;
  const error = await refusal(
    verifier().authenticate(bearer, ["orders:write"]),
  );
  expect(error).toBeInstanceOf(PermissionDenied);
  expect(challenge(error)).toBe(
    'Bearer error="insufficient_scope", scope="orders:write"',
  );
  expect(
    await refusal(accept(token({ scope: "orders:write" }))),
  ).toBeInstanceOf(PermissionDenied);
});

it("reads its settings from the environment", () => {
  const read = LoginConfig.fromEnv({
    LOGIN_AUDIENCES: "a b",
    LOGIN_ISSUER: "https://other.example",
    LOGIN_LEEWAY_SECONDS: "0",
  });
  expect(read.audiences).toEqual(["a", "b"]);
  expect(read.leewaySeconds).toBe(0);
  expect(
    read.keysUrl,
    "the keys of another issuer are looked up there",
  ).toBeUndefined();
  expect(() => LoginConfig.fromEnv({})).toThrow("LOGIN_AUDIENCES");
});

it.each([
  "http://login.example.com",
  "https://",
  "ftp://localhost",
  "login.example.com",
])("does not trust %s", (url) => {
  expect(() => new LoginConfig({ ...options, issuer: url })).toThrow(
    ConfigurationError,
  );
  const local = "http://127.0.0.1:9400";
  const unknown = { ...options, keysUrl: undefined, issuer: local };
  expect(new LoginConfig(unknown).keysUrl).toBeUndefined();
});
