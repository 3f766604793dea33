import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { largest, short } from "../../tinynet/stage/scripts/shared/numbers.js";

test("the ends of axes are short", () => {
  const ends = [0.3, 0.724, -1.06, 12.34, 999, 1234, -1.4e32].map(short);
  deepEqual(ends, ["0.30", "0.72", "-1.06", "12", "999", "1.2e3", "-1.4e32"]);
});

test("the largest size passes over what is no number", () => {
  equal(largest([1, -3, Number.NaN, Number.NEGATIVE_INFINITY]), 3);
  equal(largest([]), 1e-9);
});
