// Table `employee`: its rows, and what can be done with them.
// Written by integrate from postgresql://localhost/chinook. Yours to edit.

import type { Insertable, Selectable, Updateable } from "kysely";

import type { Scope } from "../../runtime/sql.js";
import {
  type ListOptions,
  missing,
  PAGE_SIZE,
  pages,
} from "../../runtime/sql-rows.js";
import type { Key } from "../../runtime/sql-types.js";
import type { Database } from "../database.js";

/** The columns of `employee`. */
export interface EmployeeTable {
  employee_id: Key<number>;
  last_name: string;
  first_name: string;
  title: string | null;
  /** References `employee.employee_id`. */
  reports_to: number | null;
  birth_date: string | null;
  hire_date: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  postal_code: string | null;
  phone: string | null;
  fax: string | null;
  email: string | null;
}

/** A row of `employee`. */
export type Employee = Selectable<EmployeeTable>;

/** The columns of a new row. */
export type NewEmployee = Insertable<EmployeeTable>;

/** The columns to set; the others stay as they are. */
export type EmployeeChanges = Updateable<EmployeeTable>;

/** Reads and writes `employee`. */
export class EmployeeRepository {
  readonly #scope: Scope<Database>;

  constructor(scope: Scope<Database>) {
    this.#scope = scope;
  }

  /** Returns one row. @throws NotFound */
  get(employeeId: number): Promise<Employee> {
    return this.#scope.read("employee.get", (db) =>
      db
        .selectFrom("employee")
        .selectAll()
        .where("employee_id", "=", employeeId)
        .executeTakeFirstOrThrow(
          missing(this.#scope, "employee.get", { employee_id: employeeId }),
        ),
    );
  }

  /** Yields rows in primary key order, reading pages as they are needed. */
  list(
    options: ListOptions<Database, "employee"> = {},
  ): AsyncGenerator<Employee> {
    const { where, pageSize = PAGE_SIZE } = options;
    return pages(pageSize, (after: Employee | undefined) =>
      this.#scope.read("employee.list", (db) => {
        let query = db
          .selectFrom("employee")
          .selectAll()
          .orderBy("employee_id")
          .limit(pageSize);
        if (where) query = query.where(where);
        if (after) query = query.where("employee_id", ">", after.employee_id);
        return query.execute();
      }),
    );
  }

  /** Inserts one row and returns it as stored. @throws Conflict */
  insert(values: NewEmployee): Promise<Employee> {
    return this.#scope.write("employee.insert", (db) =>
      db
        .insertInto("employee")
        .values(values)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Inserts one row, or sets the given columns of the one with its primary key.
   */
  upsert(values: NewEmployee): Promise<Employee> {
    const { employee_id: employeeId, ...changes } = values;
    return this.#scope.write("employee.upsert", (db) =>
      db
        .insertInto("employee")
        .values(values)
        .onConflict((oc) => oc.column("employee_id").doUpdateSet(changes))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /** Sets the given columns of one row. @throws NotFound */
  update(employeeId: number, changes: EmployeeChanges): Promise<Employee> {
    if (Object.keys(changes).length === 0) return this.get(employeeId);
    return this.#scope.write("employee.update", (db) =>
      db
        .updateTable("employee")
        .set(changes)
        .where("employee_id", "=", employeeId)
        .returningAll()
        .executeTakeFirstOrThrow(
          missing(this.#scope, "employee.update", { employee_id: employeeId }),
        ),
    );
  }

  /** Deletes one row. @throws NotFound */
  async delete(employeeId: number): Promise<void> {
    await this.#scope.write("employee.delete", (db) =>
      db
        .deleteFrom("employee")
        .where("employee_id", "=", employeeId)
        .returning("employee_id")
        .executeTakeFirstOrThrow(
          missing(this.#scope, "employee.delete", { employee_id: employeeId }),
        ),
    );
  }
}
