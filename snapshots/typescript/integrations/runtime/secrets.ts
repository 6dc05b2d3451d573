// Secrets that are never printed, and settings from the environment and from
// files.
// Written by integrate (runtime/secrets). Yours to edit.

import { readFileSync } from "node:fs";
import { inspect } from "node:util";

import { ConfigurationError } from "./errors.js";

const MASK = "***";

/**
 * A shorter secret is not looked for in other texts: it would be found
 * everywhere.
 */
const SHORTEST_REDACTED = 4;

/** Every living secret, so that `redact` finds its text. */
const known = new Set<WeakRef<Secret>>();
const forget = new FinalizationRegistry((secret: WeakRef<Secret>) =>
  known.delete(secret),
);

/** A text that shows as `***` wherever it is printed, logged or formatted. */
export class Secret {
  readonly #value: string;
  #shownAs: RegExp | undefined;

  constructor(value: string) {
    this.#value = value;
    const reference = new WeakRef(this);
    known.add(reference);
    forget.register(this, reference);
  }

  /** Wraps a plain text; leaves a secret as it is. */
  static of(value: string | Secret): Secret {
    return typeof value === "string" ? new Secret(value) : value;
  }

  /**
   * Returns the secret itself. Call it where the secret is sent, not before.
   */
  reveal(): string {
    return this.#value;
  }

  /**
   * Returns `text` with the secret as `***`: plain, escaped, or in base64.
   */
  mask(text: string): string {
    if (this.#value.length < SHORTEST_REDACTED) return text;
    this.#shownAs ??= pattern(this.#value);
    return text.replace(this.#shownAs, MASK);
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/**
 * Returns `text` with every living secret, and passwords in URLs, as `***`.
 *
 * A secret is found as it is, percent-encoded, escaped as in JSON, and in
 * base64, alone or inside of something longer.
 */
export function redact(text: string): string {
  const secrets = [...known].flatMap((reference) => reference.deref() ?? []);
  // The longest first: others may be parts of it.
  secrets.sort((one, two) => two.reveal().length - one.reveal().length);
  const shown = secrets.reduce((so, secret) => secret.mask(so), text);
  return shown.replace(/(:\/\/[^/\s:@]*):[^/\s@]+@/g, `$1:${MASK}@`);
}

/** Fewer letters of base64 would be found everywhere. */
const SHORTEST_BASE64 = 6;

function pattern(secret: string): RegExp {
  const codes = base64Forms(Buffer.from(secret)).map((code) =>
    code.replaceAll(/[+/]/g, (sign) => (sign === "+" ? "[+-]" : "[/_]")),
  );
  const plain = Array.from(secret, letterForms).join("");
  return new RegExp([plain, ...codes].join("|"), "gu");
}

/** Returns a pattern of one letter, plain or escaped. */
function letterForms(letter: string): string {
  const octets = [...Buffer.from(letter)].map((octet) =>
    octet.toString(16).padStart(2, "0"),
  );
  const percent = octets
    .map((hex) => `%${hex}`)
    .join("")
    .replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const json = JSON.stringify(letter).slice(1, -1);
  const forms = [literal(letter), percent, literal(json)];
  if (letter === " ") forms.push("\\+");
  return `(?:${forms.join("|")})`;
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/**
 * Returns the letters that do not depend on what stands around, and the whole.
 */
function base64Forms(secret: Buffer): string[] {
  const forms = [secret.toString("base64").replace(/=+$/, "")];
  for (const before of [0, 1, 2]) {
    const code = Buffer.concat([Buffer.alloc(before), secret]);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((code.length * 8) / 6);
    forms.push(code.toString("base64").slice(start, end));
  }
  return forms.filter(({ length }) => length >= SHORTEST_BASE64);
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `<prefix><NAME>`, or the file that `<prefix><NAME>_FILE` names.
 *
 * What is missing or malformed is collected, and `check` throws it all as one
 * error: use the values only after it.
 */
export class Settings {
  readonly #service: string;
  readonly #prefix: string;
  readonly #environment: Environment;
  readonly #problems: string[] = [];

  constructor(
    service: string,
    prefix: string,
    environment: Environment = process.env,
  ) {
    this.#service = service;
    this.#prefix = prefix;
    this.#environment = environment;
  }

  /** Returns a text, which must be set when there is no default. */
  text(name: string, fallback?: string): string {
    const value = this.#read(name) ?? fallback;
    if (value === undefined) this.missing(name);
    return value ?? "";
  }

  /** Returns a secret, which must be set. */
  secret(name: string): Secret {
    return new Secret(this.text(name));
  }

  /** Returns a text, or `fallback` when it is not set; it may be empty. */
  optionalText(name: string, fallback?: string): string | undefined {
    const variable = this.#prefix + name;
    const isEmpty = this.#environment[variable] === "";
    const value = this.#read(name);
    if (value !== undefined || fallback === undefined) return value;
    return isEmpty ? "" : fallback;
  }

  optionalSecret(name: string): Secret | undefined {
    const value = this.#read(name);
    return value === undefined ? undefined : new Secret(value);
  }

  /** Returns a number above 0; `inf` is one. */
  number(name: string, fallback: number): number {
    const text = this.#read(name);
    const value = text === "inf" ? Infinity : Number(text ?? fallback);
    if (value > 0) return value;
    this.problem(`${this.#prefix}${name} is not a number above 0`);
    return fallback;
  }

  /** Returns a whole number, `least` or above. */
  integer(name: string, fallback: number, least = 1): number {
    const value = Number(this.#read(name) ?? fallback);
    if (Number.isSafeInteger(value) && value >= least) return value;
    this.problem(
      `${this.#prefix}${name} is not a whole number above ${least - 1}`,
    );
    return fallback;
  }

  /** Returns whether a setting is `true` or `1`, not `false` or `0`. */
  flag(name: string, fallback: boolean): boolean {
    const value = (this.#read(name) ?? String(fallback)).toLowerCase();
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
    this.problem(`${this.#prefix}${name} is neither true nor false`);
    return fallback;
  }

  /** Adds that a setting is not set to what `check` throws. */
  missing(name: string): void {
    const variable = this.#prefix + name;
    this.problem(`${variable} (or ${variable}_FILE) is not set`);
  }

  /** Adds a problem to what `check` throws. */
  problem(text: string): void {
    this.#problems.push(text);
  }

  /** Throws one `ConfigurationError` that names every problem found. */
  check(): void {
    if (this.#problems.length === 0) return;
    const context = { problems: this.#problems };
    throw new ConfigurationError(
      this.#service,
      "configure",
      this.#problems.join("; "),
      { context },
    );
  }

  /** Returns what is set; an empty text counts as not set. */
  #read(name: string): string | undefined {
    const variable = this.#prefix + name;
    const file = this.#environment[`${variable}_FILE`];
    const value = this.#environment[variable];
    if (value || !file) return value || undefined;
    try {
      return readFileSync(file, "utf8").replace(/[\r\n]+$/, "") || undefined;
    } catch (error) {
      this.problem(`${variable}_FILE cannot be read: ${String(error)}`);
      return undefined;
    }
  }
}
