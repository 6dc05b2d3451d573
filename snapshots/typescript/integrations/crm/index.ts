// The database `crm`. Start with `new Crm()`.
// Written by integrate from answers. Yours to edit.

export type { TransactionOptions } from "../runtime/sql.js";
export { Crm, Tables, Transaction } from "./client.js";
export { type CrmOptions, fromEnv } from "./config.js";
export type { Database } from "./database.js";
export type * from "./tables/customer.js";
export type * from "./tables/order.js";
