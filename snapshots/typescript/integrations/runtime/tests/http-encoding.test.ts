import { describe, expect, it } from "vitest";

import { formOf, multipart, pairs, path } from "../http-encoding.js";

describe("path", () => {
  it("escapes its segments", () => {
    expect(path("/repos/{owner}/{repo}", "a/b", "c d?")).toBe(
      "/repos/a%2Fb/c%20d%3F",
    );
  });

  it("writes a list with commas", () => {
    expect(path("/files/{names}", ["docs", "a,b"])).toBe("/files/docs,a%2Cb");
  });

  it.each(["", ".", ".."])("refuses %j", (segment) => {
    expect(() => path("/planets/{planetId}", segment)).toThrow(
      "cannot be {planetId}",
    );
  });
});

describe("pairs", () => {
  const written = (
    value: unknown,
    ...rest: [Parameters<typeof pairs>[2]?]
  ): string =>
    pairs({ a: value }, {}, ...rest)
      .map((pair) => pair.join("="))
      .join("&");

  it.each([
    [undefined, ""],
    [null, "a="],
    [false, "a=false"],
    [[1, 2], "a=1&a=2"],
    [{ b: 1, c: undefined }, "b=1"],
    [new Date(0), "a=1970-01-01T00:00:00.000Z"],
  ])("writes %j as %j", (value, text) => {
    expect(written(value)).toBe(text);
  });

  it("joins where the service wants a list in one", () => {
    expect([
      written([1, 2], "comma"),
      written([1, 2], "space"),
      written([1, 2], "pipe"),
    ]).toEqual(["a=1,2", "a=1 2", "a=1|2"]);
  });

  it("joins an object's names and values", () => {
    expect(written({ b: 1, c: "d" }, "comma")).toBe("a=b,1,c,d");
  });

  it("repeats lists, and nests what is deeper", () => {
    expect(written({ b: [1, 2] }, "repeat")).toBe("b=1&b=2");
    expect(written(["x", { b: 1 }], "nested")).toBe("a=x&a[1][b]=1");
    expect(written({ b: [1] }, "nested")).toBe("a[b][]=1");
  });

  it("nests in brackets", () => {
    expect(written({ b: [1, 2], c: [{ d: 3 }] }, "brackets")).toBe(
      "a[b][]=1&a[b][]=2&a[c][0][d]=3",
    );
  });
});

it("a form repeats lists unless it is told otherwise", () => {
  const fields = { a: [1, 2], b: { c: [3] }, d: undefined };
  const written = (...rest: [Parameters<typeof formOf>[1]?]): string =>
    decodeURIComponent(formOf(fields, ...rest).toString());
  expect(written()).toBe("a=1&a=2&b[c][]=3");
  expect(written("brackets")).toBe("a[]=1&a[]=2&b[c][]=3");
  expect(written({ a: "comma", b: "json" })).toBe('a=1,2&b={"c":[3]}');
});

it("a form carries files as they are and objects as JSON", () => {
  const file = new File(["x"], "x.txt");
  const form = multipart({
    file,
    tags: ["a", "b"],
    meta: { n: 1 },
    none: undefined,
  });
  expect([...form.keys()]).toEqual(["file", "tags", "tags", "meta"]);
  expect(form.get("file")).toHaveProperty("name", "x.txt");
  expect(form.get("meta")).toBe('{"n":1}');
});
