// A real OpenID Connect issuer for tests: npm `oidc-provider` (certified) on 127.0.0.1.
//
//   node tests/servers/oidc.mjs PORT [FOLDER]
//
// FOLDER is where `npm install oidc-provider@9` was run; default: the current folder. Prints one line of JSON when it
// is ready, with everything a test needs. Keys are new at each start, so a restart on the same port is a rotation.
//
// Clients (all may use client credentials): `basic` (client_secret_basic), `post` (client_secret_post), `key`
// (private_key_jwt). Resources, by the algorithm that signs their JWT access tokens (`typ: at+jwt`, 60 seconds):
// urn:orders → RS256, urn:orders:es256 → ES256; any other is refused. Scopes: orders:read, orders:write. Claim: tenant.

import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [port = "9400", folder = "."] = process.argv.slice(2);
const require = createRequire(resolve(folder, "resolve-from-here.cjs"));
const { default: Provider, errors } = await import(pathToFileURL(require.resolve("oidc-provider")).href);

const jwk = (pair, kid, alg) => ({ ...pair.privateKey.export({ format: "jwk" }), kid, alg, use: "sig" });
const publicJwk = (pair, kid, alg) => ({ ...pair.publicKey.export({ format: "jwk" }), kid, alg, use: "sig" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const clientKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stamp = Date.now().toString(36);

const SECRET = "s3cret:+/% &=?"; // each of these characters has been sent wrong by somebody's client_secret_basic
const RESOURCES = { "urn:orders": "RS256", "urn:orders:es256": "ES256" };
const issuer = `http://127.0.0.1:${port}`;

const client = (client_id, token_endpoint_auth_method, more) => ({
  client_id,
  token_endpoint_auth_method,
  grant_types: ["client_credentials"],
  response_types: [],
  redirect_uris: [],
  scope: "orders:read orders:write",
  ...more,
});

const provider = new Provider(issuer, {
  clients: [
    client("basic", "client_secret_basic", { client_secret: SECRET }),
    client("post", "client_secret_post", { client_secret: SECRET }),
    client("key", "private_key_jwt", {
      token_endpoint_auth_signing_alg: "ES256",
      jwks: { keys: [publicJwk(clientKey, "client", "ES256")] },
    }),
  ],
  clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
  enabledJWA: { clientAuthSigningAlgValues: ["ES256", "RS256"] },
  scopes: ["orders:read", "orders:write"],
  ttl: { ClientCredentials: 60 },
  extraTokenClaims: () => ({ tenant: "example" }),
  jwks: { keys: [jwk(rsa, `rsa-${stamp}`, "RS256"), jwk(ec, `ec-${stamp}`, "ES256")] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      getResourceServerInfo(_ctx, resource) {
        const alg = RESOURCES[resource];
        if (alg === undefined) throw new errors.InvalidTarget();
        return {
          scope: "orders:read orders:write",
          audience: resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: 60,
          jwt: { sign: { alg } },
        };
      },
    },
  },
});

const server = provider.listen(Number(port), "127.0.0.1", () => {
  const key = jwk(clientKey, "client", "ES256");
  const ready = { issuer, secret: SECRET, clients: ["basic", "post", "key"], key, resources: Object.keys(RESOURCES) };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
