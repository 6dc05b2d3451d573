// How values become paths, queries and bodies of HTTP requests.
// Written by integrate (runtime/http-encoding). Yours to edit.

/**
 * How a list or an object is written in a query or a form.
 *
 * `repeat`: `a=1&a=2`, and an object's fields by their own names. `comma`,
 * `space`, `pipe`: `a=1,2`. `brackets`: `a[b]=1`, `a[]=1`, `a[0][b]=1`.
 * `nested`: `a=1&a=2`, and what is deeper in brackets. `json`: `a=[1,2]`.
 */
export type Style = keyof typeof SEPARATORS;

/** The parameters that are not written as the rest. */
export type Styles = Readonly<Record<string, Style>>;

const SEPARATORS = {
  repeat: undefined,
  brackets: undefined,
  nested: undefined,
  json: undefined,
  comma: ",",
  space: " ",
  pipe: "|",
};

/**
 * Fills each `{name}`, in order, with one percent-encoded segment; a list's
 * values stand with commas.
 *
 * Refuses a segment that is empty, `.` or `..`: it would address something
 * else.
 */
export function path(
  template: string,
  ...segments: readonly unknown[]
): string {
  const left = [...segments];
  return template.replace(/\{[^{}]*\}/g, (name) => {
    const segment = left.shift();
    const texts = (Array.isArray(segment) ? segment : [segment]).map(text);
    const bad = texts.find((part) => ["", ".", ".."].includes(part));
    if (texts.length > 0 && bad === undefined)
      return texts.map(encode).join(",");
    throw new TypeError(
      `${template}: ${JSON.stringify(bad ?? "")} cannot be ${name}`,
    );
  });
}

/** Percent-encodes all but the unreserved characters. Source: RFC 3986. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns a query without its `?`. */
export function queryText(query: readonly (readonly string[])[]): string {
  return query.map((pair) => pair.map(encode).join("=")).join("&");
}

/**
 * Returns the pairs of a query or a form; what is undefined is left out, null
 * is empty.
 */
export function pairs(
  params: object,
  styles: Styles = {},
  style: Style = "repeat",
): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    leaves(name, value, styles[name] ?? style),
  );
}

/** Returns headers or cookies; `asJson` names those that are sent as JSON. */
export function texts(
  values: object = {},
  asJson: readonly string[] = [],
): [string, string][] {
  return Object.entries(values).flatMap(([name, value]): [string, string][] =>
    asJson.includes(name) && value !== undefined
      ? [[name, asciiJson(value)]]
      : leaves(name, value, "comma"),
  );
}

/** JSON for a header, which takes ASCII alone. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function leaves(
  name: string,
  value: unknown,
  style: Style,
): [string, string][] {
  if (value === undefined) return [];
  if (style === "json") return [[name, JSON.stringify(value)]];
  if (typeof value !== "object" || value === null || value instanceof Date)
    return [[name, text(value)]];
  const separator = SEPARATORS[style];
  if (separator !== undefined) {
    const flat = Array.isArray(value) ? value : Object.entries(value).flat();
    return [[name, flat.map(text).join(separator)]];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const isDeep = typeof item === "object" && item !== null;
    if (!Array.isArray(value))
      return style === "repeat"
        ? leaves(key, item, "nested")
        : leaves(`${name}[${key}]`, item, "brackets");
    if (isDeep) return leaves(`${name}[${key}]`, item, "brackets");
    return leaves(style === "brackets" ? `${name}[]` : name, item, style);
  });
}

/**
 * Returns a form: lists repeat their name unless `styles` says otherwise, for
 * some fields or with one word for all.
 */
export function formOf(
  fields: object,
  styles: Styles | Style = {},
): URLSearchParams {
  return typeof styles === "string"
    ? new URLSearchParams(pairs(fields, {}, styles))
    : new URLSearchParams(pairs(fields, styles, "nested"));
}

/**
 * Returns a form with files: a list repeats its name, an object is sent as
 * JSON.
 */
export function multipart(fields: object): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item instanceof Blob) form.append(name, item);
      else if (item !== undefined) form.append(name, text(item));
    }
  }
  return form;
}

function text(value: unknown): string {
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
