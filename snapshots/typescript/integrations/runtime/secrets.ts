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

/** Returns `text` with every living secret, and passwords in URLs, as `***`. */
export function redact(text: string): string {
  let shown = text;
  for (const reference of known) {
    const value = reference.deref()?.reveal();
    if (value === undefined || value.length < SHORTEST_REDACTED) continue;
    shown = shown.replaceAll(value, MASK);
  }
  return shown.replace(/(:\/\/[^/\s:@]*):[^/\s@]+@/g, `$1:${MASK}@`);
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

  optionalText(name: string): string | undefined {
    return this.#read(name);
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

  /** Returns a whole number above 0. */
  integer(name: string, fallback: number): number {
    const value = Number(this.#read(name) ?? fallback);
    if (Number.isSafeInteger(value) && value > 0) return value;
    this.problem(`${this.#prefix}${name} is not a whole number above 0`);
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
