// The adapter against a real issuer, named by `LOGIN_LIVE_ISSUER`.
// `LOGIN_LIVE_TOKEN` holds a token of it that is still good.

import { describe, expect, it } from "vitest";

import { AuthenticationError, PermissionDenied } from "../../runtime/errors.js";
import { LoginConfig, TokenVerifier } from "../index.js";

const issuer = process.env["LOGIN_LIVE_ISSUER"];
const bearer = `Bearer ${process.env["LOGIN_LIVE_TOKEN"] ?? ""}`;

describe.skipIf(!issuer)("live: LOGIN_LIVE_ISSUER", () => {
  const verifier = (audiences?: string[]): TokenVerifier => {
    const config = LoginConfig.fromEnv({
      ...process.env,
      LOGIN_ISSUER: issuer,
    });
    return new TokenVerifier(
      audiences ? new LoginConfig({ ...config, audiences }) : config,
    );
  };

  it("accepts a token of the issuer", async () => {
    expect((await verifier().authenticate(bearer)).subject).not.toBe("");
    await expect(
      verifier().authenticate(bearer, ["no:such-scope"]),
    ).rejects.toThrow(PermissionDenied);
  });

  it("refuses a token for somebody else", async () => {
    await expect(
      verifier(["urn:somebody-else"]).authenticate(bearer),
    ).rejects.toThrow(AuthenticationError);
  });
});
