// The adapter against a real issuer, named by `PARTNER_LIVE_ISSUER`.

import { describe, expect, it } from "vitest";

import { AuthenticationError } from "../../runtime/errors.js";
import { PartnerConfig, ServiceTokens } from "../index.js";

const issuer = process.env["PARTNER_LIVE_ISSUER"];

describe.skipIf(!issuer)("live: PARTNER_LIVE_ISSUER", () => {
  const config = (more = {}): PartnerConfig =>
    PartnerConfig.fromEnv({
      ...process.env,
      PARTNER_ISSUER: issuer,
      ...more,
    });

  it("gives a token", async () => {
    const tokens = new ServiceTokens(config());
    const token = await tokens.token();
    expect(token.reveal()).not.toBe("");
    expect(await tokens.token()).toBe(token);
  });

  it("refuses a wrong secret", async () => {
    const wrong = config({ PARTNER_CLIENT_SECRET: "not the secret" });
    await expect(new ServiceTokens(wrong).token()).rejects.toThrow(
      AuthenticationError,
    );
  });
});
