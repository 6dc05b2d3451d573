// The tables of `crm`, as kysely sees them.
// Written by integrate from answers. Yours to edit.

import type { CustomerTable } from "./tables/customer.js";
import type { OrderTable } from "./tables/order.js";

export interface Database {
  customer: CustomerTable;
  order: OrderTable;
}
