// The bucket `acme-documents`. Start with `new Documents()`.
// Written by integrate from answers. Yours to edit.

export type * from "../runtime/objects.js";
export type {
  Content,
  PutRequest,
  SignRequest,
} from "../runtime/objects-client.js";
export { Documents } from "./client.js";
export { type DocumentsOptions, fromEnv } from "./config.js";
