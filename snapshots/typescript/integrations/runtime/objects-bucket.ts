// A bucket of Amazon S3, or of a service that speaks its protocol.
// Written by integrate (runtime/objects-bucket). Yours to edit.

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  type _Object as ListedObject,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

import { UnexpectedResponse } from "./errors.js";
import {
  type Body,
  type Folder,
  isRepeatable,
  type ObjectInfo,
  type ObjectStore,
  type Opened,
  PART_BYTES,
  type Page,
  type PutOptions,
  type Range,
  type Stored,
} from "./objects.js";
import { storeError } from "./objects-errors.js";
import type { BucketOptions } from "./objects-options.js";

export class BucketStore implements ObjectStore {
  readonly #service: string;
  readonly #bucket: string;
  readonly #root: string;
  readonly #client: S3Client;

  constructor(service: string, options: BucketOptions) {
    this.#service = service;
    this.#bucket = options.bucket;
    this.#root = options.prefix
      ? `${options.prefix.replace(/^\/|\/$/g, "")}/`
      : "";
    this.#client = client(options);
  }

  put(
    key: string,
    body: Body,
    { contentType, metadata, ifAbsent }: PutOptions,
    signal: AbortSignal,
  ): Promise<Stored> {
    return this.#try("put", async () => {
      const upload = new Upload({
        client: this.#client,
        partSize: PART_BYTES,
        params: {
          ...this.#place(key),
          Body: await readable(body),
          ChecksumAlgorithm: "SHA256",
          ContentType: contentType,
          IfNoneMatch: ifAbsent ? "*" : undefined,
          Metadata: { ...metadata },
        },
      });
      const stop = () => void upload.abort();
      signal.addEventListener("abort", stop, { once: true });
      const result = await upload.done().finally(() => {
        signal.removeEventListener("abort", stop);
      });
      return { key, etag: result.ETag };
    });
  }

  open(
    key: string,
    range: Range | undefined,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<Opened> {
    return this.#try("get", async () => {
      const bytes = range && `${range.start}-${range.end ? range.end - 1 : ""}`;
      const command = new GetObjectCommand({
        ...this.#place(key),
        Range: bytes && `bytes=${bytes}`,
        IfMatch: etag,
      });
      const reply = await this.#client.send(command, { abortSignal: signal });
      const sent = reply.ContentLength ?? 0;
      const found = /(\d+)-\d+\/(\d+)$/.exec(reply.ContentRange ?? "");
      const start = Number(found?.[1] ?? 0);
      return {
        key,
        size: Number(found?.[2] ?? sent),
        modifiedAt: this.#known("get", reply.LastModified),
        etag: reply.ETag,
        contentType: reply.ContentType,
        metadata: reply.Metadata ?? {},
        range: { start, end: start + sent },
        bytes: this.#known("get", reply.Body?.transformToWebStream()),
      };
    });
  }

  head(key: string, signal: AbortSignal): Promise<ObjectInfo> {
    return this.#try("head", async () => {
      const command = new HeadObjectCommand(this.#place(key));
      const reply = await this.#client.send(command, { abortSignal: signal });
      return {
        key,
        size: reply.ContentLength ?? 0,
        modifiedAt: this.#known("head", reply.LastModified),
        etag: reply.ETag,
      };
    });
  }

  page(
    prefix: string,
    next: string | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<Page> {
    return this.#try("list", async () => {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#root + prefix,
        ContinuationToken: next,
        MaxKeys: limit,
      });
      const reply = await this.#client.send(command, { abortSignal: signal });
      const contents = reply.Contents ?? [];
      const objects = contents.map((listed) => this.#info(listed));
      return { objects, next: reply.NextContinuationToken };
    });
  }

  folder(prefix: string, signal: AbortSignal): Promise<Folder> {
    return this.#try("folder", async () => {
      const folders: string[] = [];
      const objects: ObjectInfo[] = [];
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: this.#root + prefix,
          Delimiter: "/",
          ContinuationToken: token,
        });
        const reply = await this.#client.send(command, { abortSignal: signal });
        for (const { Prefix = "" } of reply.CommonPrefixes ?? [])
          folders.push(Prefix.slice(this.#root.length, -1));
        for (const listed of reply.Contents ?? [])
          objects.push(this.#info(listed));
        token = reply.NextContinuationToken;
      } while (token);
      return { folders, objects };
    });
  }

  delete(key: string, signal: AbortSignal): Promise<void> {
    return this.#try("delete", async () => {
      const command = new DeleteObjectCommand(this.#place(key));
      await this.#client.send(command, { abortSignal: signal });
    });
  }

  copy(source: string, target: string, signal: AbortSignal): Promise<void> {
    return this.#try("copy", async () => {
      const from = `${this.#bucket}/${this.#root}${source}`;
      const command = new CopyObjectCommand({
        ...this.#place(target),
        CopySource: from.split("/").map(encodeURIComponent).join("/"),
      });
      await this.#client.send(command, { abortSignal: signal });
    });
  }

  sign(method: "GET" | "PUT", key: string, seconds: number): Promise<string> {
    const place = this.#place(key);
    const command =
      method === "GET"
        ? new GetObjectCommand(place)
        : new PutObjectCommand(place);
    const options = { expiresIn: seconds };
    return this.#try("sign", () =>
      getSignedUrl(this.#client, command, options),
    );
  }

  #place(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#root + key };
  }

  #info({ Key = "", Size = 0, LastModified, ETag }: ListedObject): ObjectInfo {
    return {
      key: Key.slice(this.#root.length),
      size: Size,
      modifiedAt: this.#known("list", LastModified),
      etag: ETag,
    };
  }

  #known<T>(operation: string, value: T | undefined): T {
    if (value !== undefined) return value;
    const reason = "the reply lacks a part that every store sends";
    throw new UnexpectedResponse(this.#service, operation, reason);
  }

  async #try<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw storeError(this.#service, operation, cause);
    }
  }
}

/** Returns a client that leaves retries to the caller. */
function client(options: BucketOptions): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = options;
  return new S3Client({
    region: options.region ?? "us-east-1",
    maxAttempts: 1,
    forcePathStyle: options.pathStyle ?? false,
    requestChecksumCalculation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: milliseconds(options.connectSeconds ?? 5),
      socketTimeout: milliseconds(options.attemptSeconds ?? 30),
    },
    ...(options.endpoint && { endpoint: options.endpoint }),
    ...(accessKeyId &&
      secretAccessKey && {
        credentials: {
          accessKeyId,
          secretAccessKey: secretAccessKey.reveal(),
          ...(sessionToken && { sessionToken: sessionToken.reveal() }),
        },
      }),
  });
}

/** Returns a limit as the SDK takes it: 0 is none. */
function milliseconds(seconds: number): number {
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

/**
 * Returns a body as the upload reads it: whole when it is small, else in parts.
 */
async function readable(body: Body) {
  if (!isRepeatable(body)) return Readable.from(body, { objectMode: false });
  if (body instanceof Uint8Array) return body;
  const { size } = await stat(body.path);
  return size > PART_BYTES ? createReadStream(body.path) : readFile(body.path);
}
