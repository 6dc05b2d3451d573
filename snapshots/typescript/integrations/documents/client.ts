// The bucket `acme-documents`. Start with `new Documents()`.
// Written by integrate from answers. Yours to edit.

import { join } from "node:path";

import { Calls } from "../runtime/calls.js";
import { BucketStore } from "../runtime/objects-bucket.js";
import { Objects } from "../runtime/objects-client.js";
import { FolderStore } from "../runtime/objects-folder.js";
import { type DocumentsOptions, fromEnv } from "./config.js";

const SERVICE = "documents";

/** The objects of `acme-documents`. */
export class Documents extends Objects {
  /** Connects when first used. */
  constructor(options: DocumentsOptions = fromEnv()) {
    const calls = new Calls(SERVICE, options);
    const store = options.folder
      ? new FolderStore(SERVICE, join(options.folder, options.prefix ?? ""))
      : new BucketStore(SERVICE, options);
    super(store, calls, options.pageSize);
  }
}
