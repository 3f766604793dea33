// Evaluates expressions in which `pure` has all that the modules export. A line of JSON each:
// [expression, argument] in, the value out; numbers that JSON lacks are written as Python reads them.
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";

const SCRIPTS = new URL("../../tinynet/stage/scripts/", import.meta.url);
const FOLDERS = ["shared", "chart", "lines", "player", "living"];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(folder, SCRIPTS))
    .filter((name) => name.endsWith(".js"))
    .map((name) => `${folder}/${name}`),
);
const modules = await Promise.all(files.map((file) => import(String(new URL(file, SCRIPTS)))));
const pure = Object.assign({}, ...modules);

/**
 * @param {string} _key
 * @param {unknown} value
 */
function plain(_key, value) {
  if (value instanceof Float32Array) return [...value];
  return typeof value === "number" && !Number.isFinite(value) ? `\u0000${value}\u0000` : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [expression, argument] = new Function(`return ${line}`)();
  const found = new Function("pure", `return (${expression})`)(pure);
  const value = typeof found === "function" ? found(argument) : found;
  const text = JSON.stringify(value, plain);
  console.log(text.replace(/"\\u0000(-?\w+)\\u0000"/g, "$1"));
}
