// Loads every generated module but the tests, where `evil()` leaves a mark.

import { globSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { sep } from "node:path";
import { pathToFileURL } from "node:url";

const [root, mark] = process.argv.slice(2);
globalThis.evil = () => writeFileSync(mark, "evil() was called");
registerHooks({
  resolve(name, context, next) {
    const isOurs = name.startsWith(".") && context.parentURL?.endsWith(".ts");
    return next(isOurs ? name.replace(/\.js$/, ".ts") : name, context);
  },
});
const modules = globSync(`${root}/integrations/**/*.ts`).filter((file) => !file.includes(`${sep}tests${sep}`));
for (const file of modules) await import(pathToFileURL(file).href);
if (modules.length < 5) throw new Error(`only ${modules.length} modules`);
