// How a service token is got and kept fresh. Offline: a fake issuer.

import { beforeEach, expect, it } from "vitest";

import { Calls } from "../../runtime/calls.js";
import { FakeClock } from "../../runtime/clock.js";
import { bearer, Credentials } from "../../runtime/credentials.js";
import {
  AuthenticationError,
  InvalidRequest,
  PermissionDenied,
  Unavailable,
  UnexpectedResponse,
} from "../../runtime/errors.js";
import { HttpTransport } from "../../runtime/http.js";
import { PartnerConfig, ServiceTokens } from "../index.js";
import { PAUSE_SECONDS, RETRY } from "../tokens.js";

const options = {
  clientId: "orders service",
  clientSecret: "s3cret:+/% &=?",
  issuer: "https://login.example.com",
  tokenUrl: "https://login.example.com/oauth2/token",
  scopes: ["orders:read"],
  resource: "https://api.example.com",
  earlySeconds: 60,
};
const config = new PartnerConfig(options);

function grant(token: string, more = {}): Response {
  return Response.json({
    access_token: token,
    token_type: "Bearer",
    expires_in: 3600,
    ...more,
  });
}

function status(code: number, body: unknown = {}): Response {
  return Response.json(body, { status: code });
}

/** Gives token-1, token-2, … unless there are other replies to give first. */
class FakeIssuer {
  readonly clock = new FakeClock();
  readonly requests: Request[] = [];
  replies: (Response | Error)[] = [];
  #given = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    this.requests.push(new Request(input, init));
    const reply = this.replies.shift() ?? this.#next();
    if (reply instanceof Error) throw reply;
    return reply;
  };

  #next(): Response {
    this.#given += 1;
    return grant(`token-${this.#given}`);
  }

  tokens(settings = config): ServiceTokens {
    const calls = new Calls("partner", {
      retry: RETRY,
      clock: this.clock,
    });
    return new ServiceTokens(settings, { calls, fetch: this.fetch });
  }
}

let issuer: FakeIssuer;
let tokens: ServiceTokens;
const reveal = async (): Promise<string> => (await tokens.token()).reveal();
beforeEach(() => {
  issuer = new FakeIssuer();
  tokens = issuer.tokens();
});

it("says who we are and what we want", async () => {
  expect(await reveal()).toBe("token-1");
  const [request] = issuer.requests;
  expect(request).toMatchObject({ method: "POST", url: config.tokenUrl });
  const sent =
    request?.headers.get("authorization")?.replace("Basic ", "") ?? "";
  expect(Buffer.from(sent, "base64").toString()).toBe(
    "orders+service:s3cret%3A%2B%2F%25+%26%3D%3F",
  );
  expect(
    Object.fromEntries(new URLSearchParams(await request?.text())),
  ).toEqual({
    grant_type: "client_credentials",
    scope: "orders:read",
    resource: "https://api.example.com",
  });
});

it("does not send what is not asked for", async () => {
  const plain = { ...options, scopes: [], resource: "" };
  await issuer.tokens(new PartnerConfig(plain)).token();
  const form = new URLSearchParams(await issuer.requests[0]?.text());
  for (const name of ["scope", "resource", "audience"])
    expect(form.has(name)).toBe(false);
});

it("keeps a token until shortly before its end", async () => {
  await reveal();
  issuer.clock.advance(3600 - 61);
  expect(await reveal()).toBe("token-1");
  issuer.clock.advance(1);
  expect(await reveal()).toBe("token-2");
  expect(issuer.requests).toHaveLength(2);
});

it("keeps a short token for half its life", async () => {
  issuer.replies = [grant("short", { expires_in: 10 })];
  await reveal();
  issuer.clock.advance(4);
  expect(await reveal()).toBe("short");
  issuer.clock.advance(1);
  expect(await reveal()).toBe("token-1");
});

it("asks once for many calls", async () => {
  const got = await Promise.all(Array.from({ length: 64 }, reveal));
  expect(new Set(got)).toEqual(new Set(["token-1"]));
  expect(issuer.requests).toHaveLength(1);
});

it.each([
  ["503", () => status(503)],
  ["429", () => status(429)],
  [
    "a reset",
    () => new TypeError("fetch failed", { cause: new Error("ECONNRESET") }),
  ],
])("tries again after %s", async (_, fault) => {
  issuer.replies = [fault()];
  expect(await reveal()).toBe("token-1");
  expect(issuer.requests).toHaveLength(2);
});

it.each([400, 401])(
  "does not try again when the client is refused with %i",
  async (code) => {
    issuer.replies = [status(code, { error: "invalid_client" })];
    for (let call = 0; call < 10; call += 1)
      await expect(tokens.token()).rejects.toThrow(AuthenticationError);
    expect(issuer.requests).toHaveLength(1);
    issuer.clock.advance(PAUSE_SECONDS);
    expect(await reveal()).toBe("token-1");
  },
);

it.each([
  ["invalid_scope", PermissionDenied],
  ["invalid_target", PermissionDenied],
  ["unauthorized_client", AuthenticationError],
  ["invalid_request", InvalidRequest],
])("knows what %s means", async (error, Kind) => {
  issuer.replies = [status(400, { error })];
  await expect(tokens.token()).rejects.toThrow(Kind);
});

it("does not hammer an issuer that is down", async () => {
  issuer.replies = [status(503), status(503), status(503)];
  for (let call = 0; call < 10; call += 1)
    await expect(tokens.token()).rejects.toThrow(Unavailable);
  expect(issuer.requests).toHaveLength(RETRY.attempts);
});

it("uses a token to its end while the issuer is down", async () => {
  await reveal();
  issuer.clock.advance(3600 - 30);
  issuer.replies = [status(503), status(503), status(503)];
  for (let call = 0; call < 10; call += 1)
    expect(await reveal()).toBe("token-1");
  expect(issuer.requests).toHaveLength(1 + RETRY.attempts);
  issuer.clock.advance(30);
  expect(await reveal()).toBe("token-2");
});

/** An adapter of a service that accepts one token. */
function orders(accepted: string, seen: string[]): HttpTransport {
  const calls = new Calls("orders", { clock: issuer.clock });
  const answer: typeof fetch = async (input, init) => {
    const sent = new Request(input, init).headers.get("authorization") ?? "";
    seen.push(sent);
    return status(sent === `Bearer ${accepted}` ? 200 : 401);
  };
  const credentials = new Credentials({ login: bearer(tokens.source) });
  return new HttpTransport({
    calls,
    baseUrl: "https://api.example.com",
    credentials,
    security: [["login"]],
    fetch: answer,
  });
}

const GET = { operation: "orders.get", method: "GET", path: "/orders" };

it("gives another adapter a new token when one is refused", async () => {
  const seen: string[] = [];
  const http = orders("token-2", seen);
  await reveal();
  issuer.clock.advance(PAUSE_SECONDS);
  await http.json(GET);
  expect(seen).toEqual(["Bearer token-1", "Bearer token-2"]);
});

it("believes a service that refuses every token", async () => {
  const http = orders("none", []);
  for (let call = 0; call < 10; call += 1)
    await expect(http.json(GET)).rejects.toThrow(AuthenticationError);
  expect(issuer.requests).toHaveLength(1);
  issuer.clock.advance(PAUSE_SECONDS);
  await expect(http.json(GET)).rejects.toThrow(AuthenticationError);
  expect(issuer.requests).toHaveLength(2);
});

it.each([
  ["a form", () => new Response("access_token=leak&token_type=bearer")],
  ["mac", () => grant("leak", { token_type: "mac" })],
  ["dpop", () => grant("leak", { token_type: "dpop" })],
  ["no token", () => Response.json({ token_type: "bearer" })],
  ["a list", () => Response.json(["leak"])],
  ["no number", () => grant("leak", { expires_in: "soon" })],
])("names an odd reply and does not show it: %s", async (_, reply) => {
  issuer.replies = [reply()];
  const error: unknown = await tokens.token().catch((cause: unknown) => cause);
  if (!(error instanceof UnexpectedResponse))
    throw new Error("not named", { cause: error });
  expect(
    JSON.stringify([error.message, error.context, error.cause]),
  ).not.toContain("leak");
});

it("takes fewer scopes than asked for as not enough", async () => {
  issuer.replies = [grant("weak", { scope: "profile" })];
  await expect(tokens.token()).rejects.toThrow(PermissionDenied);
});

it("remembers where tokens are given until that fails", async () => {
  const other = new PartnerConfig({
    ...options,
    issuer: "https://other.example",
    tokenUrl: undefined,
  });
  const metadata = () =>
    Response.json({
      issuer: "https://other.example",
      token_endpoint: "https://other.example/t",
    });
  const tokens = issuer.tokens(other);
  issuer.replies = [
    metadata(),
    grant("a"),
    grant("b"),
    status(404),
    metadata(),
  ];
  for (let count = 0; count < 3; count += 1) {
    await tokens.token();
    issuer.clock.advance(3600 - 30);
  }
  await tokens.token();
  issuer.clock.advance(PAUSE_SECONDS);
  await tokens.token();
  const known = "/.well-known/openid-configuration";
  expect(issuer.requests.map(({ url }) => new URL(url).pathname)).toEqual([
    known,
    "/t",
    "/t",
    "/t",
    known,
    "/t",
  ]);
});

it("looks up the endpoint of another issuer in its metadata", async () => {
  const other = new PartnerConfig({
    ...options,
    issuer: "https://other.example",
    tokenUrl: undefined,
  });
  const told = {
    issuer: "https://other.example",
    token_endpoint: "https://other.example/t",
  };
  issuer.replies = [Response.json(told)];
  await issuer.tokens(other).token();
  expect(issuer.requests.map(({ url }) => new URL(url).pathname)).toEqual([
    "/.well-known/openid-configuration",
    "/t",
  ]);
  for (const metadata of [
    { ...told, issuer: "https://evil.example" },
    { ...told, token_endpoint: "http://other.example/t" },
  ]) {
    issuer.replies = [Response.json(metadata)];
    await expect(issuer.tokens(other).token()).rejects.toThrow();
  }
  expect(issuer.requests).toHaveLength(2 + 2);
  const local = new PartnerConfig({
    ...options,
    issuer: "http://127.0.0.1:9400",
    tokenUrl: undefined,
  });
  issuer.replies = [
    Response.json({
      issuer: local.issuer,
      token_endpoint: "http://other.example/t",
    }),
  ];
  await expect(issuer.tokens(local).token()).rejects.toThrow("https");
});

it("reads its settings from the environment", () => {
  const read = PartnerConfig.fromEnv({
    PARTNER_CLIENT_ID: "me",
    PARTNER_CLIENT_SECRET: "hidden",
    PARTNER_ISSUER: "https://other.example",
  });
  expect(
    read.tokenUrl,
    "secrets are not sent to the endpoint of another",
  ).toBeUndefined();
  expect(JSON.stringify(read)).not.toContain("hidden");
  expect(() => PartnerConfig.fromEnv({})).toThrow(/CLIENT_ID.*CLIENT_SECRET/);
  expect(
    () =>
      new PartnerConfig({
        ...options,
        tokenUrl: "http://login.example.com/t",
      }),
  ).toThrow("https");
});

it("asks for no API by name when told so", () => {
  const read = PartnerConfig.fromEnv({
    PARTNER_CLIENT_ID: "me",
    PARTNER_CLIENT_SECRET: "hidden",
    PARTNER_ISSUER: "https://other.example",
    PARTNER_RESOURCE: "",
  });
  expect(read.resource).toBe("");
});
