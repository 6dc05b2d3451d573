// What is sent again, what is not, and what a failure is called.
// Written by integrate from answers. Yours to edit.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";

import { FakeClock } from "../../runtime/clock.js";
import {
  ConfigurationError,
  Conflict,
  InvalidRequest,
  PermissionDenied,
  Unavailable,
} from "../../runtime/errors.js";
import { FakeBucket, type Reply } from "../../runtime/objects-testing.js";
import { Secret } from "../../runtime/secrets.js";
import { Documents, fromEnv } from "../index.js";
import { newFolder } from "./setup.js";

const OK: Reply = { status: 200 };
const BUSY: Reply = {
  status: 503,
  body: "<Error><Code>InternalError</Code></Error>",
};
const SLOW: Reply = {
  status: 503,
  body: "<Error><Code>SlowDown</Code></Error>",
};
const UPLOAD: Reply = {
  status: 200,
  body: "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>",
};
const FIRST: Reply = { status: 200, body: "01234", missing: 5 };
const REST: Reply = {
  status: 206,
  body: "56789",
  headers: { "content-range": "bytes 5-9/10" },
};

const text = (value: string) => Buffer.from(value);

async function setUp(...replies: Reply[]) {
  const bucket = await FakeBucket.open(replies);
  const clock = new FakeClock();
  const objects = new Documents({
    bucket: "bucket",
    endpoint: bucket.url,
    pathStyle: true,
    accessKeyId: "AKIA",
    secretAccessKey: new Secret("very-secret"),
    clock,
  });
  return { objects, bucket, clock };
}

async function* once(value: Uint8Array) {
  yield value;
}

it("sends a put again", async () => {
  const { objects, bucket, clock } = await setUp(BUSY, OK, BUSY, OK);
  const path = join(newFolder(), "body");
  writeFileSync(path, "hello");
  await objects.put("a", text("hello"));
  await objects.put("a", { path });
  expect(bucket.requests.map(({ body }) => body)).toEqual(
    Array.from({ length: 4 }, () => "hello"),
  );
  expect(clock.sleeps).toHaveLength(2);
});

it("sends a checksum", async () => {
  const { objects, bucket } = await setUp(OK);
  await objects.put("a", text("hello"));
  expect(bucket.requests[0]?.headers["x-amz-checksum-sha256"]).toBe(
    "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
  );
});

it("does not send a conditional put again", async () => {
  const { objects, bucket } = await setUp(BUSY, OK);
  const putting = objects.put("a", text("x"), { ifAbsent: true });
  await expect(putting).rejects.toThrow(Unavailable);
  expect(bucket.requests).toHaveLength(1);
});

it("sends a conditional put again that was turned away", async () => {
  const { objects, bucket } = await setUp(SLOW, OK);
  await objects.put("a", text("x"), { ifAbsent: true });
  expect(
    bucket.requests.map(({ headers }) => headers["if-none-match"]),
  ).toEqual(["*", "*"]);
});

it("does not send a body again that can be read once", async () => {
  const { objects, bucket } = await setUp(BUSY, OK);
  const putting = objects.put("a", once(text("x")));
  await expect(putting).rejects.toThrow(Unavailable);
  expect(bucket.requests).toHaveLength(1);
});

it("aborts an upload in parts that fails", async () => {
  const { objects, bucket } = await setUp(UPLOAD, BUSY, BUSY, {
    status: 204,
  });
  const putting = objects.put("a", once(Buffer.alloc(9_000_000)));
  await expect(putting).rejects.toThrow(Unavailable);
  expect(bucket.requests.at(-1)?.method).toBe("DELETE");
});

it("goes on reading where the connection broke", async () => {
  const { objects, bucket } = await setUp(FIRST, REST);
  const content = await objects.get("a");
  expect(String(await content.bytes())).toBe("0123456789");
  expect(bucket.requests[1]?.headers).toMatchObject({
    range: "bytes=5-9",
    "if-match": '"1"',
  });
});

it("gives up reading when nothing more comes", async () => {
  const nothing = { ...REST, body: "", missing: 5 };
  const { objects, bucket } = await setUp(FIRST, nothing);
  const content = await objects.get("a");
  await expect(content.bytes()).rejects.toThrow(Unavailable);
  expect(bucket.requests).toHaveLength(2);
});

it("does not mix two versions", async () => {
  const { objects } = await setUp(FIRST, { status: 412 });
  const content = await objects.get("a");
  await expect(content.bytes()).rejects.toThrow(Conflict);
});

it.each([
  [403, "AccessDenied", PermissionDenied],
  [404, "NoSuchBucket", ConfigurationError],
  [416, "InvalidRange", InvalidRequest],
])("calls %i %s by its name", async (status, code, kind) => {
  const body = `<Error><Code>${code}</Code></Error>`;
  const { objects, bucket } = await setUp({ status, body });
  const error: unknown = await objects.get("a").catch((cause) => cause);
  expect(error).toBeInstanceOf(kind);
  expect(String(error)).not.toContain("very-secret");
  expect(bucket.requests).toHaveLength(1);
});

function listing(keys: readonly string[], next?: string): Reply {
  const contents = keys.map(
    (key) =>
      `<Contents><Key>${key}</Key><Size>0</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`,
  );
  const more = next
    ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`
    : "<IsTruncated>false</IsTruncated>";
  const body = `<ListBucketResult>${more}${contents.join(
    "",
  )}</ListBucketResult>`;
  return { status: 200, body };
}

it("lists on after pages that are short or empty", async () => {
  const pages = [listing(["a"], "t1"), listing([], "t2"), listing(["b"])];
  const { objects, bucket } = await setUp(...pages);
  const found = [];
  for await (const { key } of objects.list()) found.push(key);
  expect(found).toEqual(["a", "b"]);
  expect(bucket.requests).toHaveLength(3);
});

it("leaves out keys that no operation takes", async () => {
  const { objects } = await setUp(listing(["a/", "a//b", "a/b"]));
  const found = [];
  for await (const { key } of objects.list()) found.push(key);
  expect(found).toEqual(["a/b"]);
});

it("does not take a bucket that is missing for a deleted object", async () => {
  const body = "<Error><Code>NoSuchBucket</Code></Error>";
  const { objects } = await setUp({ status: 404, body });
  await expect(objects.delete("a")).rejects.toThrow(ConfigurationError);
});

it("takes an infinite limit for none", async () => {
  const warnings = vi.spyOn(process, "emitWarning");
  const bucket = await FakeBucket.open([OK]);
  const objects = new Documents({
    bucket: "bucket",
    endpoint: bucket.url,
    pathStyle: true,
    accessKeyId: "AKIA",
    secretAccessKey: new Secret("very-secret"),
    connectSeconds: Infinity,
    attemptSeconds: Infinity,
  });
  await objects.put("a", text("x"));
  expect(bucket.requests).toHaveLength(1);
  expect(warnings).not.toHaveBeenCalled();
});

it("is unavailable after three attempts that were hung up", async () => {
  const hangUp = { status: 0 };
  const { objects, bucket, clock } = await setUp(hangUp, hangUp, hangUp);
  await expect(objects.head("a")).rejects.toThrow(Unavailable);
  expect(bucket.requests).toHaveLength(3);
  expect(clock.sleeps).toHaveLength(2);
});

it("signs URLs for at most a week", async () => {
  const { objects } = await setUp();
  const url = new URL(await objects.signPut("a/b", { expiresSeconds: 60 }));
  expect(url.pathname).toBe("/bucket/a/b");
  expect(url.searchParams.get("X-Amz-Expires")).toBe("60");
  for (const expiresSeconds of [0, 604_801]) {
    const signing = objects.signGet("a", { expiresSeconds });
    await expect(signing).rejects.toThrow(InvalidRequest);
  }
});

it("lets an empty prefix take the usual one away", () => {
  expect(fromEnv({}).prefix).toBe("2026");
  const without = fromEnv({ DOCUMENTS_PREFIX: "" });
  expect(without.prefix).toBe("");
});

it("reads its settings from the environment and from secret files", () => {
  const file = join(newFolder(), "secret");
  writeFileSync(file, "very-secret\n");
  const options = fromEnv({
    DOCUMENTS_ACCESS_KEY_ID: "AKIA",
    DOCUMENTS_SECRET_ACCESS_KEY_FILE: file,
  });
  expect(options.secretAccessKey?.reveal()).toBe("very-secret");
  expect(JSON.stringify(options)).not.toContain("very-secret");
  const half = () => fromEnv({ DOCUMENTS_ACCESS_KEY_ID: "AKIA" });
  expect(half).toThrow("need one another");
});
