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

  it.each(["pass word+/%é", 'quo"te\\d', "hunter2"])(
    "is found however it was sent: %s",
    (text) => {
      const secret = new Secret(text);
      const base64 = (value: string) => Buffer.from(value).toString("base64");
      const forms = [
        encodeURIComponent(text),
        encodeURIComponent(text).toLowerCase(),
        new URLSearchParams({ "": text }).toString(),
        JSON.stringify(text),
        base64(text),
        Buffer.from(text).toString("base64url"),
        ...["a", "me", "you"].map((user) => base64(`${user}:${text}:after`)),
      ];
      for (const form of forms) {
        const shown = redact(`<${form}>`);
        expect(shown).toContain("***");
        expect(shown).not.toContain(text);
        expect(shown.length).toBeLessThan(form.length);
      }
      expect(secret.reveal()).toBe(text);
    },
  );

  it("leaves nothing behind when it begins like another", () => {
    const secrets = [new Secret("abc-1"), new Secret("abc-1-and-more")];
    expect(redact("abc-1-and-more abc-1")).toBe("*** ***");
    expect(secrets).toHaveLength(2);
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

  it("lets an empty text take a default away", () => {
    const settings = new Settings("test", "TEST_", {
      TEST_PREFIX: "",
      TEST_LEEWAY: "0",
    });
    expect(settings.optionalText("PREFIX", "2026")).toBe("");
    expect(settings.optionalText("RESOURCE", "api")).toBe("api");
    expect(settings.integer("LEEWAY", 30, 0)).toBe(0);
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
