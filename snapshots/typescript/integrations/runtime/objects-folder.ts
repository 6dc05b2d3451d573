// A folder that behaves like a bucket, for tests and development.
// Written by integrate (runtime/objects-folder). Yours to edit.

import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join, sep } from "node:path";

import { Conflict, InvalidRequest } from "./errors.js";
import {
  type Attributes,
  type Body,
  type Folder,
  isRepeatable,
  type ObjectInfo,
  type ObjectStore,
  type Opened,
  type Page,
  type PutOptions,
  type Range,
  type Stored,
} from "./objects.js";
import { storeError } from "./objects-errors.js";

/** Bytes are below `objects/`, attributes as JSON below `attributes/`. */
export class FolderStore implements ObjectStore {
  readonly #service: string;
  readonly #root: string;

  constructor(service: string, root: string) {
    this.#service = service;
    this.#root = root;
  }

  put(key: string, body: Body, options: PutOptions): Promise<Stored> {
    const { ifAbsent, ...attributes } = options;
    return this.#try("put", async () => {
      const part = join(this.#root, "parts", randomUUID());
      await this.#makeFolders(part, this.#object(key), this.#attributes(key));
      try {
        await writeFile(part, await contents(body));
        if (ifAbsent) await link(part, this.#object(key));
        else await rename(part, this.#object(key));
      } finally {
        await rm(part, { force: true });
      }
      await writeFile(this.#attributes(key), JSON.stringify(attributes));
      return this.#info(key);
    });
  }

  open(
    key: string,
    range: Range | undefined,
    etag: string | undefined,
  ): Promise<Opened> {
    return this.#try("get", async () => {
      const info = await this.#info(key);
      if (etag !== undefined && etag !== info.etag)
        throw new Conflict(this.#service, "get", `${key} has changed`);
      const start = range?.start ?? 0;
      const end = Math.min(range?.end ?? info.size, info.size);
      if (start > 0 && start >= end)
        throw new InvalidRequest(this.#service, "get", "the range is outside");
      const stream = () =>
        createReadStream(this.#object(key), { start, end: end - 1 });
      const bytes = end > start ? stream() : nothing();
      return {
        ...info,
        ...(await this.#read(key)),
        range: { start, end },
        bytes,
      };
    });
  }

  head(key: string): Promise<ObjectInfo> {
    return this.#try("head", () => this.#info(key));
  }

  page(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<Page> {
    return this.#try("list", async () => {
      const keys = (await this.#keys()).filter(
        (key) =>
          key.startsWith(prefix) &&
          (after === undefined || inOrder(after, key) < 0),
      );
      const some = keys.slice(0, limit);
      const objects = await Promise.all(some.map((key) => this.#info(key)));
      return { objects, next: keys.length > limit ? some.at(-1) : undefined };
    });
  }

  folder(prefix: string): Promise<Folder> {
    return this.#try("folder", async () => {
      const folders = new Set<string>();
      const objects: ObjectInfo[] = [];
      for (const key of await this.#keys()) {
        if (!key.startsWith(prefix)) continue;
        const slash = key.indexOf("/", prefix.length);
        if (slash < 0) objects.push(await this.#info(key));
        else folders.add(key.slice(0, slash));
      }
      return { folders: [...folders], objects };
    });
  }

  delete(key: string): Promise<void> {
    return this.#try("delete", async () => {
      await rm(this.#object(key), { force: true });
      await rm(this.#attributes(key), { force: true });
    });
  }

  copy(source: string, target: string): Promise<void> {
    return this.#try("copy", async () => {
      await this.#makeFolders(this.#object(target), this.#attributes(target));
      await copyFile(this.#object(source), this.#object(target));
      await copyFile(this.#attributes(source), this.#attributes(target));
    });
  }

  async sign(method: "GET" | "PUT", key: string): Promise<string> {
    const reason = `a folder has no URL to ${method} ${key}`;
    throw new InvalidRequest(this.#service, "sign", reason);
  }

  #object(key: string): string {
    return join(this.#root, "objects", key);
  }

  #attributes(key: string): string {
    return join(this.#root, "attributes", `${key}.json`);
  }

  async #makeFolders(...files: string[]): Promise<void> {
    for (const file of files) await mkdir(dirname(file), { recursive: true });
  }

  async #read(key: string): Promise<Attributes> {
    return JSON.parse(await readFile(this.#attributes(key), "utf8"));
  }

  async #info(key: string): Promise<ObjectInfo> {
    const { size, mtime, mtimeNs, ino } = await stat(this.#object(key), {
      bigint: true,
    });
    const etag = `"${ino}-${mtimeNs}-${size}"`;
    return { key, size: Number(size), modifiedAt: mtime, etag };
  }

  /** Returns all keys, by their bytes. */
  async #keys(): Promise<string[]> {
    const root = join(this.#root, "objects");
    await mkdir(root, { recursive: true });
    const options = { recursive: true, withFileTypes: true } as const;
    const entries = await readdir(root, options);
    const files = entries.filter((entry) => entry.isFile());
    const keys = files.map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(root.length + 1)
        .split(sep)
        .join("/"),
    );
    return keys.sort(inOrder);
  }

  async #try<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw storeError(this.#service, operation, cause);
    }
  }
}

function inOrder(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

async function contents(body: Body) {
  if (!isRepeatable(body) || body instanceof Uint8Array) return body;
  return createReadStream(body.path);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
