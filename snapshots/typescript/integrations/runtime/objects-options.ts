// How a bucket is reached, or the folder that stands in for it.
// Written by integrate (runtime/objects-options). Yours to edit.

import type { Secret } from "./secrets.js";

export interface BucketOptions {
  readonly bucket: string;
  /** What all keys are below; the adapter's keys leave it out. */
  readonly prefix?: string | undefined;
  /** A folder to use in place of the bucket, for development. */
  readonly folder?: string | undefined;
  /** Where the service is; Amazon S3 of the region unless given. */
  readonly endpoint?: string | undefined;
  /** The bucket's region; us-east-1 unless given. */
  readonly region?: string | undefined;
  /** Name the bucket in the path, as most services besides Amazon want. */
  readonly pathStyle?: boolean | undefined;
  /** Who we are; what the environment or machine says unless given. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: Secret | undefined;
  /** The token of temporary credentials. */
  readonly sessionToken?: Secret | undefined;
  /** Longest wait for a connection; 5 unless given. */
  readonly connectSeconds?: number | undefined;
  /** Longest wait between two pieces of a reply; 30 unless given. */
  readonly attemptSeconds?: number | undefined;
}
