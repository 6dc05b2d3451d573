// Every operation, on a folder and, where there is one, on a bucket.
// Written by integrate from answers. Yours to edit.

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { Conflict, InvalidRequest, NotFound } from "../../runtime/errors.js";
import { Documents, type ObjectInfo } from "../index.js";
import { newFolder, offline, onBucket, PLACES } from "./setup.js";

const text = (value: string) => Buffer.from(value);

async function keys(objects: AsyncIterable<ObjectInfo>): Promise<string[]> {
  const found = [];
  for await (const { key } of objects) found.push(key);
  return found;
}

async function* pieces(...parts: (Uint8Array | Error)[]) {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

/** Three parts of at most 8 MiB. */
const LARGE = Buffer.alloc(17_000_000, "integrate");

describe.each(PLACES)("on a %s", (place, open) => {
  const test = it.skipIf(place === "bucket" && offline);

  test("gets what was put", async () => {
    const objects = open();
    const put = await objects.put("a/b ü#%.txt", text("hello"), {
      contentType: "text/plain",
      metadata: { author: "me" },
    });
    const content = await objects.get("a/b ü#%.txt");
    expect(await content.bytes()).toEqual(text("hello"));
    expect(content.attributes).toEqual({
      contentType: "text/plain",
      metadata: { author: "me" },
    });
    expect(content.info).toMatchObject({
      key: "a/b ü#%.txt",
      size: 5,
      etag: put.etag,
    });
  });

  test("gets a range", async () => {
    const objects = open();
    await objects.put("a", text("0123456789"));
    const range = async (start: number, end?: number) =>
      String(await (await objects.get("a", { start, end })).bytes());
    expect(await range(2, 4)).toBe("23");
    expect(await range(7)).toBe("789");
    expect(await range(0, 3)).toBe("012");
  });

  test("says that there is nothing", async () => {
    const objects = open();
    await expect(objects.get("nothing")).rejects.toThrow(NotFound);
    await expect(objects.head("nothing")).rejects.toThrow(NotFound);
    await expect(objects.copy("nothing", "b")).rejects.toThrow(NotFound);
  });

  test("puts any body", async () => {
    const objects = open();
    const path = join(newFolder(), "body");
    writeFileSync(path, "file");
    await objects.put("path", { path });
    await objects.put("pieces", pieces(text("pie"), text("ces")));
    await objects.put("empty", text(""));
    const get = async (key: string) =>
      String(await (await objects.get(key)).bytes());
    expect(await get("path")).toBe("file");
    expect(await get("pieces")).toBe("pieces");
    expect(await get("empty")).toBe("");
  });

  test("puts a large body in parts", async () => {
    const objects = open();
    await objects.put("large", LARGE);
    const content = await objects.get("large");
    expect(content.info.size).toBe(LARGE.length);
    expect(LARGE.equals(await content.bytes())).toBe(true);
  });

  test("leaves nothing of a body that fails", async () => {
    const objects = open();
    const body = pieces(LARGE, new Error("the disk went away"));
    const putting = objects.put("half", body);
    await expect(putting).rejects.toThrow("the disk went away");
    await expect(objects.head("half")).rejects.toThrow(NotFound);
  });

  test("replaces nothing when told so", async () => {
    const objects = open();
    await objects.put("a", text("first"), { ifAbsent: true });
    const again = objects.put("a", text("second"), { ifAbsent: true });
    await expect(again).rejects.toThrow(Conflict);
    expect(String(await (await objects.get("a")).bytes())).toBe("first");
  });

  test("lists the objects below a prefix, by key", async () => {
    const objects = open();
    for (const key of ["b/2", "b/1", "a", "bc"])
      await objects.put(key, text("x"));
    expect(await keys(objects.list())).toEqual(["a", "b/1", "b/2", "bc"]);
    expect(await keys(objects.list("b"))).toEqual(["b/1", "b/2"]);
    expect(await keys(objects.list("b/"))).toEqual(["b/1", "b/2"]);
    expect(await keys(objects.list("nothing"))).toEqual([]);
  });

  test("lists page by page", async () => {
    const objects = open({ pageSize: 2 });
    for (const key of "edcba") await objects.put(key, text("x"));
    expect(await keys(objects.list())).toEqual([..."abcde"]);
  });

  test("shows one level", async () => {
    const objects = open();
    for (const key of ["a/1", "a/b/2", "c"]) await objects.put(key, text("x"));
    const top = await objects.folder();
    expect(top.folders).toEqual(["a"]);
    expect(top.objects.map(({ key }) => key)).toEqual(["c"]);
    const below = await objects.folder("a");
    expect(below.folders).toEqual(["a/b"]);
    expect(below.objects.map(({ key }) => key)).toEqual(["a/1"]);
  });

  test("deletes, also what is not there", async () => {
    const objects = open();
    await objects.put("a", text("x"), { metadata: { author: "me" } });
    await objects.delete("a");
    await objects.delete("a");
    await expect(objects.head("a")).rejects.toThrow(NotFound);
  });

  test("copies bytes and attributes", async () => {
    const objects = open();
    const attributes = {
      contentType: "text/plain",
      metadata: { author: "me" },
    };
    await objects.put("a ü", text("x"), attributes);
    await objects.copy("a ü", "b/c");
    const copied = await objects.get("b/c");
    expect(String(await copied.bytes())).toBe("x");
    expect(copied.attributes).toEqual(attributes);
  });
});

it.each([
  ..."/a|a/|a//b|.|..|../a|a/../b|a/./b|a\\b|a\0".split("|"),
  "",
  "é".repeat(513),
])("refuses the key %j", async (key) => {
  const folder = newFolder();
  const objects = new Documents({ bucket: "bucket", folder });
  const refused = [
    objects.put(key, text("x")),
    objects.get(key),
    objects.delete(key),
    objects.copy("a", key),
  ];
  for (const outcome of refused)
    await expect(outcome).rejects.toThrow(InvalidRequest);
  expect(readdirSync(folder)).toEqual([]);
});

it("refuses what cannot be sent", async () => {
  const objects = new Documents({ bucket: "b", folder: newFolder() });
  const put = (metadata: Record<string, string>) =>
    objects.put("a", text("x"), { metadata });
  await expect(put({ "Content-Type": "a" })).rejects.toThrow(InvalidRequest);
  await expect(put({ author: "a\r\nb: c" })).rejects.toThrow(InvalidRequest);
  const empty = objects.get("a", { start: 3, end: 3 });
  await expect(empty).rejects.toThrow(InvalidRequest);
});

it.skipIf(offline)("signs URLs that need no credentials", async () => {
  const objects = onBucket();
  const put = await objects.signPut("a", { expiresSeconds: 60 });
  expect((await fetch(put, { method: "PUT", body: "hello" })).ok).toBe(true);
  const reply = await fetch(await objects.signGet("a"));
  expect(await reply.text()).toBe("hello");
});
