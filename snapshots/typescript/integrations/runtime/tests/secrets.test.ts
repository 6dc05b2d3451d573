import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import { describe, expect, it } from "vitest";

import { ConfigurationError } from "../errors.js";
import { redact, Secret, Settings } from "../secrets.js";

describe("Secret", () => {
  const secret = new Secret("hunter2");

  it("is printed nowhere", () => {
    const printed = [
      `${secret}`,
      JSON.stringify({ secret }),
      format("%s %o %j", secret, { secret }, secret),
    ];
    expect(printed.join()).not.toContain("hunter2");
    expect(printed[0]).toBe("***");
    expect(secret.reveal()).toBe("hunter2");
  });

  it("is found in other texts, as are passwords in URLs", () => {
    expect(redact("key=hunter2 at postgres://me:pass@host/db")).toBe(
      "key=*** at postgres://me:***@host/db",
    );
  });
});

describe("Settings", () => {
  it("reads the environment, then the file it names", () => {
    const file = join(mkdtempSync(join(tmpdir(), "settings-")), "token");
    writeFileSync(file, "from-file\n");
    const settings = new Settings("test", "TEST_", {
      TEST_TOKEN_FILE: file,
      TEST_URL: "http://x",
      TEST_RATE: "2.5",
      TEST_BURST: "inf",
    });
    expect(settings.secret("TOKEN").reveal()).toBe("from-file");
    expect(settings.text("URL", "http://default")).toBe("http://x");
    expect(settings.text("OTHER", "fallback")).toBe("fallback");
    expect([
      settings.number("RATE", 1),
      settings.number("BURST", 1),
      settings.integer("ATTEMPTS", 3),
      settings.flag("ON", true),
    ]).toEqual([2.5, Infinity, 3, true]);
    expect([
      settings.optionalText("NONE"),
      settings.optionalSecret("NONE"),
    ]).toEqual([undefined, undefined]);
    settings.check();
  });

  it("names all that is missing or malformed in one error", () => {
    const settings = new Settings("test", "TEST_", {
      TEST_EMPTY: "",
      TEST_RATE: "fast",
      TEST_ATTEMPTS: "1.5",
      TEST_ON: "maybe",
      TEST_TOKEN_FILE: "/does/not/exist",
    });
    settings.text("EMPTY");
    settings.number("RATE", 1);
    settings.integer("ATTEMPTS", 1);
    settings.flag("ON", false);
    settings.optionalSecret("TOKEN");
    const message =
      /TEST_EMPTY .*is not set; TEST_RATE .*; TEST_ATTEMPTS .*; TEST_ON .*; TEST_TOKEN_FILE cannot be read/;
    expect(() => settings.check()).toThrow(ConfigurationError);
    expect(() => settings.check()).toThrow(message);
  });
});
