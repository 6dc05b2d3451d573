// The adapter against a real issuer, named by `LOGIN_SERVICE_LIVE_ISSUER`.

import { describe, expect, it } from "vitest";

import { AuthenticationError } from "../../runtime/errors.js";
import { LoginServiceConfig, ServiceTokens } from "../index.js";

const issuer = process.env["LOGIN_SERVICE_LIVE_ISSUER"];

describe.skipIf(!issuer)("live: LOGIN_SERVICE_LIVE_ISSUER", () => {
  const config = (more = {}): LoginServiceConfig =>
    LoginServiceConfig.fromEnv({
      ...process.env,
      LOGIN_SERVICE_ISSUER: issuer,
      ...more,
    });

  it("gives a token", async () => {
    const tokens = new ServiceTokens(config());
    const token = await tokens.token();
    expect(token.reveal()).not.toBe("");
    expect(await tokens.token()).toBe(token);
  });

  it("refuses a wrong secret", async () => {
    const wrong = config({ LOGIN_SERVICE_CLIENT_SECRET: "not the secret" });
    await expect(new ServiceTokens(wrong).token()).rejects.toThrow(
      AuthenticationError,
    );
  });
});
