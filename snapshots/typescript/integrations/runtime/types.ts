// Names for what TypeScript has no word for. Types only: nothing of it is left
// at run time.
// Written by integrate (runtime/types). Yours to edit.

/**
 * One of the texts that were known when this was written, or one the service
 * adds later.
 */
export type Open<T extends string> = T | (string & {});

/** As `Open`, for numbers. */
export type OpenNumber<T extends number> = T | (number & {});

/** As `Open`, where some values are texts and others numbers. */
export type OpenMixed<T> = T | (string & {}) | (number & {});

/**
 * One of several types. Tell them apart by a field that only one has, or by its
 * value.
 */
export type OneOf<T> = T;

/** A value that may be JSON's `null`, which is not the same as absent. */
export type Nullable<T> = T | null;

/** Any JSON value, where the service does not say what it is. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}
