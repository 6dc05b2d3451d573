// The adapter on a folder, and on the bucket that `DOCUMENTS_TEST_*` names.
// Written by integrate from answers. Yours to edit.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

import { Documents, type DocumentsOptions, fromEnv } from "../index.js";

const LIVE = "DOCUMENTS_TEST_";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Returns a new folder, which goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "objects-"));
  folders.push(folder);
  return folder;
}

type More = Pick<DocumentsOptions, "pageSize">;

export function onFolder(more: More = {}): Documents {
  return new Documents({ bucket: "bucket", folder: newFolder(), ...more });
}

/** Returns the adapter below a prefix of its own. */
export function onBucket(more: More = {}): Documents {
  const given = Object.entries(process.env)
    .filter(([name]) => name.startsWith(LIVE))
    .map(([name, value]) => [name.replace(LIVE, "DOCUMENTS_"), value]);
  const environment = Object.fromEntries(given);
  const prefix = `test-${randomUUID()}`;
  return new Documents({ ...fromEnv(environment), prefix, ...more });
}

/** Where each test runs. */
export const PLACES: [name: string, open: (more?: More) => Documents][] = [
  ["folder", onFolder],
  ["bucket", onBucket],
];

/** Whether there is no bucket to test on. */
export const offline = !("DOCUMENTS_TEST_BUCKET" in process.env);
