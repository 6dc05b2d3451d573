// How a successful HTTP reply is read.
// Written by integrate (runtime/http-replies). Yours to edit.

import type { UnexpectedResponse } from "./errors.js";

export const JSON_TYPE = "application/json";

/** Makes the error for a reply that is not what was described. */
export type Unexpected = (reason: string) => UnexpectedResponse;

export type Read<T> = (
  response: Response,
  unexpected: Unexpected,
  url: string,
) => Promise<T>;

/**
 * Reads a JSON object or list.
 *
 * What is inside is taken at the service's word: `T` is not checked.
 */
export async function json<T extends object>(
  response: Response,
  unexpected: Unexpected,
): Promise<T> {
  return object(await jsonValue<T>(response, unexpected), unexpected);
}

/** Reads any JSON value. */
export async function jsonValue<T>(
  response: Response,
  unexpected: Unexpected,
): Promise<T> {
  return parsed<T>(response, await response.text(), unexpected);
}

/** Reads a JSON object or list, or nothing where there is no content. */
export async function optionalJson<T extends object>(
  response: Response,
  unexpected: Unexpected,
): Promise<T | undefined> {
  const text = await response.text();
  if (text === "") return undefined;
  return object(parsed<T>(response, text, unexpected), unexpected);
}

/** Reads any JSON value, or nothing where there is no content. */
export async function optionalJsonValue<T>(
  response: Response,
  unexpected: Unexpected,
): Promise<T | undefined> {
  const text = await response.text();
  return text === "" ? undefined : parsed<T>(response, text, unexpected);
}

function object<T>(value: T, unexpected: Unexpected): T {
  if (typeof value === "object" && value !== null) return value;
  throw unexpected(
    `wanted an object or a list, got ${String(value).slice(0, 80)}`,
  );
}

function parsed<T>(
  response: Response,
  text: string,
  unexpected: Unexpected,
): T {
  const type = response.headers.get("content-type") ?? "no content type";
  if (!/[/+]json\b/i.test(type)) throw unexpected(`wanted JSON, got ${type}`);
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected("the reply is not valid JSON");
  }
}

/** A page of a listing, and what may say where the next one is. */
export interface Page<T> {
  readonly body: T;
  readonly headers: Headers;
  /** Where it came from, without the query. */
  readonly url: string;
}

export async function page<T extends object>(
  response: Response,
  unexpected: Unexpected,
  url: string,
): Promise<Page<T>> {
  const body = await json<T>(response, unexpected);
  return { body, headers: response.headers, url };
}

export async function nothing(response: Response): Promise<void> {
  await response.body?.cancel();
}

export function text(response: Response): Promise<string> {
  return response.text();
}

export function blob(response: Response): Promise<Blob> {
  return response.blob();
}
