// How the issuer's keys are fetched, cached and refreshed. Offline: a fake issuer.

import { beforeEach, expect, it, vi } from "vitest";

import { Calls } from "../../runtime/calls.js";
import { FakeClock } from "../../runtime/clock.js";
import { AuthenticationError, Unavailable } from "../../runtime/errors.js";
import { LoginConfig, TokenVerifier } from "../index.js";
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
const config = new LoginConfig(options);
const METADATA = { issuer: config.issuer, jwks_uri: config.keysUrl };
const first = await LocalIssuer.create(config);
const second = await LocalIssuer.create(config, "local-2");

/** Publishes the keys of a local issuer, and counts how often it is asked. */
class FakeIssuer {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  signer = first;
  status = 200;
  metadata: object = METADATA;
  jwks: string | undefined;
  /** What a reply waits for. */
  gate: Promise<void> = Promise.resolve();

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(new Request(input, init).url);
    this.asked.push(pathname);
    if (pathname.startsWith("/.well-known/"))
      return Response.json(this.metadata);
    await this.gate;
    return new Response(this.jwks ?? this.signer.jwks, { status: this.status });
  };

  verifier(settings = config): TokenVerifier {
    const calls = new Calls("login", { clock: this.clock });
    return new TokenVerifier(settings, { calls, fetch: this.fetch });
  }

  async bearer(header = {}): Promise<string> {
    return `Bearer ${await this.signer.token({}, header, this.clock.unix())}`;
  }
}

let issuer: FakeIssuer;
beforeEach(() => {
  issuer = new FakeIssuer();
});

it("fetches keys once, and again when they are old", async () => {
  const verifier = issuer.verifier();
  for (let call = 0; call < 10; call += 1)
    await verifier.authenticate(await issuer.bearer());
  expect(issuer.asked).toEqual(["/oauth2/keys"]);
  issuer.clock.advance(config.keysTtlSeconds);
  await verifier.authenticate(await issuer.bearer());
  expect(issuer.asked).toHaveLength(2);
});

it("fetches a new key when a token names it", async () => {
  const verifier = issuer.verifier();
  const old = await issuer.bearer();
  await verifier.authenticate(old);
  issuer.clock.advance(config.refreshPauseSeconds);
  issuer.signer = second;
  const bearer = await issuer.bearer();
  await Promise.all(
    Array.from({ length: 64 }, () => verifier.authenticate(bearer)),
  );
  await expect(verifier.authenticate(old)).rejects.toThrow(AuthenticationError);
  expect(issuer.asked).toHaveLength(2);
});

it("is not made to hammer the issuer by made-up key ids", async () => {
  const verifier = issuer.verifier();
  await verifier.authenticate(await issuer.bearer());
  for (let second = 0; second < 60; second += 1) {
    const storm = Array.from({ length: 10 }, async (_, number) =>
      verifier.authenticate(
        await issuer.bearer({ kid: `${second}-${number}` }),
      ),
    );
    for (const { status } of await Promise.allSettled(storm))
      expect(status).toBe("rejected");
    issuer.clock.advance(1);
  }
  expect(issuer.asked.length).toBeLessThanOrEqual(
    1 + 60 / config.refreshPauseSeconds,
  );
});

it("asks nothing for made-up algorithms", async () => {
  await expect(
    issuer.verifier().authenticate("Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA"),
  ).rejects.toThrow(AuthenticationError);
  expect(issuer.asked).toEqual([]);
});

it("uses old keys while the issuer is down", async () => {
  const verifier = issuer.verifier();
  await verifier.authenticate(await issuer.bearer());
  issuer.status = 503;
  issuer.clock.advance(config.keysTtlSeconds);
  for (let call = 0; call < 10; call += 1)
    await verifier.authenticate(await issuer.bearer());
  expect(issuer.asked, "one more fetch, of two attempts").toHaveLength(1 + 2);
  issuer.clock.advance(config.keysStaleSeconds);
  await expect(verifier.authenticate(await issuer.bearer())).rejects.toThrow(
    Unavailable,
  );
  issuer.status = 200;
  issuer.clock.advance(config.refreshPauseSeconds);
  await verifier.authenticate(await issuer.bearer());
});

it("uses old keys while new ones are fetched", async () => {
  const verifier = issuer.verifier();
  await verifier.authenticate(await issuer.bearer());
  issuer.clock.advance(config.keysTtlSeconds);
  const bearer = await issuer.bearer();
  let open = (): void => undefined;
  issuer.gate = new Promise((resolve) => (open = resolve));
  const waiting = verifier.authenticate(bearer);
  await vi.waitUntil(() => issuer.asked.length === 2);
  await verifier.authenticate(bearer);
  open();
  await waiting;
  expect(issuer.asked).toHaveLength(2);
});

it.each([401, 403, 404, 429, 500])(
  "blames nobody but the issuer for its %i",
  async (status) => {
    issuer.status = status;
    await expect(
      issuer.verifier().authenticate(await issuer.bearer()),
    ).rejects.toThrow(Unavailable);
  },
);

it("fetches once for many calls", async () => {
  const verifier = issuer.verifier();
  const bearer = await issuer.bearer();
  await Promise.all(
    Array.from({ length: 64 }, () => verifier.authenticate(bearer)),
  );
  expect(issuer.asked).toHaveLength(1);
});

it.each([
  ["of another issuer", { ...METADATA, issuer: "https://evil.example" }],
  [
    "with keys without https",
    { ...METADATA, jwks_uri: "http://localhost.evil.example/keys" },
  ],
  ["without keys", { issuer: "https://other.example" }],
])("does not trust metadata %s", async (_, metadata) => {
  const other = new LoginConfig({
    ...options,
    issuer: "https://other.example",
    keysUrl: undefined,
  });
  issuer.metadata = { ...metadata };
  await expect(
    issuer.verifier(other).authenticate(await issuer.bearer()),
  ).rejects.toThrow(Unavailable);
  expect(issuer.asked).toEqual(["/.well-known/openid-configuration"]);
});

it("looks up the keys of another issuer in its metadata", async () => {
  const other = new LoginConfig({
    ...options,
    issuer: "https://other.example",
    keysUrl: undefined,
  });
  issuer.metadata = {
    issuer: other.issuer,
    jwks_uri: "https://other.example/keys",
  };
  issuer.signer = await LocalIssuer.create(other);
  await issuer.verifier(other).authenticate(await issuer.bearer());
  expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
});

it("is not stopped by one bad key", async () => {
  const bad = [
    {},
    { kty: "oct", k: "c2VjcmV0" },
    { kty: "AKP", pub: "x" },
    { kty: "EC", crv: "P-999", x: "a", y: "b" },
  ];
  const { keys } = JSON.parse(first.jwks);
  issuer.jwks = JSON.stringify({ keys: [...bad, ...keys] });
  await issuer.verifier().authenticate(await issuer.bearer());
  for (const nothing of [
    '{"keys": []}',
    "[]",
    "7",
    "<html>",
    JSON.stringify({ keys: [{ kty: "oct" }] }),
  ]) {
    issuer.jwks = nothing;
    await expect(
      issuer.verifier().authenticate(await issuer.bearer()),
    ).rejects.toThrow(Unavailable);
  }
});
