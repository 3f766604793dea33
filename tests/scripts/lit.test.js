import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { light, nowLit, onLit } from "../../tinynet/stage/scripts/shared/lit.js";

test("who listens hears of each change until it ends", () => {
  /** @type {(string | undefined)[]} */
  const heard = [];
  const end = onLit((lit) => heard.push(lit?.words));
  const line = { run: "", epoch: 0, batch: 0, words: "it" };
  light(line);
  equal(nowLit(), line);
  light(null);
  end();
  light(line);
  deepEqual(heard, ["it", undefined]);
});
