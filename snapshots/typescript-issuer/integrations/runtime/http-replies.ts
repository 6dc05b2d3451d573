// How a successful HTTP reply is read.
// Written by integrate (runtime/http-replies). Yours to edit.

import type { UnexpectedResponse } from "./errors.js";

export const JSON_TYPE = "application/json";

/** Makes the error for a reply that is not what was described. */
export type Unexpected = (reason: string) => UnexpectedResponse;

export type Read<T> = (
  response: Response,
  unexpected: Unexpected,
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
  const value = await jsonValue<T>(response, unexpected);
  if (typeof value === "object" && value !== null) return value;
  throw unexpected(
    `wanted an object or a list, got ${String(value).slice(0, 80)}`,
  );
}

/** Reads any JSON value. */
export async function jsonValue<T>(
  response: Response,
  unexpected: Unexpected,
): Promise<T> {
  const type = response.headers.get("content-type") ?? "no content type";
  const text = await response.text();
  if (!/[/+]json\b/i.test(type)) throw unexpected(`wanted JSON, got ${type}`);
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected("the reply is not valid JSON");
  }
}

export async function optionalJson<T extends object>(
  response: Response,
  unexpected: Unexpected,
): Promise<T | undefined> {
  return response.status === 204 ? undefined : json<T>(response, unexpected);
}

/** A page of a listing, and the headers that may say where the next one is. */
export interface Page<T> {
  readonly body: T;
  readonly headers: Headers;
}

export async function page<T extends object>(
  response: Response,
  unexpected: Unexpected,
): Promise<Page<T>> {
  return {
    body: await json<T>(response, unexpected),
    headers: response.headers,
  };
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
