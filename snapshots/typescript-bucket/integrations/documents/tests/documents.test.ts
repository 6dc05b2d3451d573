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
    const documents = open();
    const put = await documents.put("a/b ü#%.txt", text("hello"), {
      contentType: "text/plain",
      metadata: { author: "me" },
    });
    const content = await documents.get("a/b ü#%.txt");
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
    const documents = open();
    await documents.put("a", text("0123456789"));
    const range = async (start: number, end?: number) =>
      String(await (await documents.get("a", { start, end })).bytes());
    expect(await range(2, 4)).toBe("23");
    expect(await range(7)).toBe("789");
    expect(await range(0, 3)).toBe("012");
  });

  test("says that there is nothing", async () => {
    const documents = open();
    await expect(documents.get("nothing")).rejects.toThrow(NotFound);
    await expect(documents.head("nothing")).rejects.toThrow(NotFound);
    await expect(documents.copy("nothing", "b")).rejects.toThrow(NotFound);
  });

  test("puts any body", async () => {
    const documents = open();
    const path = join(newFolder(), "body");
    writeFileSync(path, "file");
    await documents.put("path", { path });
    await documents.put("pieces", pieces(text("pie"), text("ces")));
    await documents.put("empty", text(""));
    const get = async (key: string) =>
      String(await (await documents.get(key)).bytes());
    expect(await get("path")).toBe("file");
    expect(await get("pieces")).toBe("pieces");
    expect(await get("empty")).toBe("");
  });

  test("puts a large body in parts", async () => {
    const documents = open();
    await documents.put("large", LARGE);
    const content = await documents.get("large");
    expect(content.info.size).toBe(LARGE.length);
    expect(LARGE.equals(await content.bytes())).toBe(true);
  });

  test("leaves nothing of a body that fails", async () => {
    const documents = open();
    const body = pieces(LARGE, new Error("the disk went away"));
    const putting = documents.put("half", body);
    await expect(putting).rejects.toThrow("the disk went away");
    await expect(documents.head("half")).rejects.toThrow(NotFound);
  });

  test("replaces nothing when told so", async () => {
    const documents = open();
    await documents.put("a", text("first"), { ifAbsent: true });
    const again = documents.put("a", text("second"), { ifAbsent: true });
    await expect(again).rejects.toThrow(Conflict);
    expect(String(await (await documents.get("a")).bytes())).toBe("first");
  });

  test("lists the objects below a prefix, by key", async () => {
    const documents = open();
    for (const key of ["b/2", "b/1", "a", "bc"])
      await documents.put(key, text("x"));
    expect(await keys(documents.list())).toEqual(["a", "b/1", "b/2", "bc"]);
    expect(await keys(documents.list("b"))).toEqual(["b/1", "b/2"]);
    expect(await keys(documents.list("b/"))).toEqual(["b/1", "b/2"]);
    expect(await keys(documents.list("nothing"))).toEqual([]);
  });

  test("lists page by page", async () => {
    const documents = open({ pageSize: 2 });
    for (const key of "edcba") await documents.put(key, text("x"));
    expect(await keys(documents.list())).toEqual([..."abcde"]);
  });

  test("shows one level", async () => {
    const documents = open();
    for (const key of ["a/1", "a/b/2", "c"])
      await documents.put(key, text("x"));
    const top = await documents.folder();
    expect(top.folders).toEqual(["a"]);
    expect(top.objects.map(({ key }) => key)).toEqual(["c"]);
    const below = await documents.folder("a");
    expect(below.folders).toEqual(["a/b"]);
    expect(below.objects.map(({ key }) => key)).toEqual(["a/1"]);
  });

  test("deletes, also what is not there", async () => {
    const documents = open();
    await documents.put("a", text("x"), { metadata: { author: "me" } });
    await documents.delete("a");
    await documents.delete("a");
    await expect(documents.head("a")).rejects.toThrow(NotFound);
  });

  test("copies bytes and attributes", async () => {
    const documents = open();
    const attributes = {
      contentType: "text/plain",
      metadata: { author: "me" },
    };
    await documents.put("a ü", text("x"), attributes);
    await documents.copy("a ü", "b/c");
    const copied = await documents.get("b/c");
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
  const documents = new Documents({ bucket: "documents", folder });
  const refused = [
    documents.put(key, text("x")),
    documents.get(key),
    documents.delete(key),
    documents.copy("a", key),
  ];
  for (const outcome of refused)
    await expect(outcome).rejects.toThrow(InvalidRequest);
  expect(readdirSync(folder)).toEqual([]);
});

it("refuses what cannot be sent", async () => {
  const documents = new Documents({ bucket: "b", folder: newFolder() });
  const put = (metadata: Record<string, string>) =>
    documents.put("a", text("x"), { metadata });
  await expect(put({ "Content-Type": "a" })).rejects.toThrow(InvalidRequest);
  await expect(put({ author: "a\r\nb: c" })).rejects.toThrow(InvalidRequest);
  const empty = documents.get("a", { start: 3, end: 3 });
  await expect(empty).rejects.toThrow(InvalidRequest);
});

it.skipIf(offline)("signs URLs that need no credentials", async () => {
  const documents = onBucket();
  const put = await documents.signPut("a", { expiresSeconds: 60 });
  expect((await fetch(put, { method: "PUT", body: "hello" })).ok).toBe(true);
  const reply = await fetch(await documents.signGet("a"));
  expect(await reply.text()).toBe("hello");
});
