// How values become paths, queries and bodies of HTTP requests.
// Written by integrate (runtime/http-encoding). Yours to edit.

/**
 * How a list or an object is written in a query or a form.
 *
 * `repeat`: `a=1&a=2`, and an object's fields by their own names. `comma`, `space`, `pipe`:
 * `a=1,2`. `brackets`: `a[b]=1`, `a[]=1`, `a[0][b]=1`.
 */
export type Style = "repeat" | "comma" | "space" | "pipe" | "brackets";

/** The parameters that are not written as the rest. */
export type Styles = Readonly<Record<string, Style>>;

const SEPARATORS = {
  repeat: undefined,
  brackets: undefined,
  comma: ",",
  space: " ",
  pipe: "|",
};

/**
 * Fills each `{name}` with one percent-encoded segment, in order.
 *
 * Refuses a segment that is empty, `.` or `..`: it would address something else.
 */
export function path(
  template: string,
  ...segments: readonly (string | number | boolean)[]
): string {
  const texts = segments.map(String);
  return template.replace(/\{[^{}]*\}/g, (name) => {
    const text = texts.shift() ?? "";
    if (!["", ".", ".."].includes(text)) return encodeURIComponent(text);
    throw new TypeError(
      `${template}: ${JSON.stringify(text)} cannot be ${name}`,
    );
  });
}

/** Returns the pairs of a query or a form; what is undefined is left out, null is empty. */
export function pairs(
  params: object,
  styles: Styles = {},
  style: Style = "repeat",
): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    leaves(name, value, styles[name] ?? style),
  );
}

function leaves(
  name: string,
  value: unknown,
  style: Style,
): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || value instanceof Date)
    return [[name, text(value)]];
  const separator = SEPARATORS[style];
  if (separator !== undefined)
    return [[name, Object.values(value).map(text).join(separator)]];
  return Object.entries(value).flatMap(([key, item]) => {
    if (style === "repeat")
      return leaves(Array.isArray(value) ? name : key, item, style);
    const index = Array.isArray(value) && typeof item !== "object" ? "" : key;
    return leaves(`${name}[${index}]`, item, style);
  });
}

/** Returns a form with files: a list repeats its name, an object is sent as JSON. */
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
