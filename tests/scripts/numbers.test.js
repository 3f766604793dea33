import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { inUnit, largest, short } from "../../tinynet/stage/scripts/shared/numbers.js";

test("the ends of axes are short", () => {
  const ends = [0.3, 0.724, -1.06, 12.34, 999, 1234, -1.4e32].map(short);
  deepEqual(ends, ["0.30", "0.72", "-1.06", "12", "999", "1.2e3", "-1.4e32"]);
});

test("the largest size passes over what is no number", () => {
  equal(largest([1, -3, Number.NaN, Number.NEGATIVE_INFINITY]), 3);
  equal(largest([]), 1e-9);
});

test("a target in the unit of its file has three digits of its deviation, or is a date", () => {
  const grams = { name: "mass", mean: 4207.1, deviation: 805, isDate: false };
  deepEqual(
    [0, 1.5, -6].map((each) => inUnit(each, grams)),
    ["4,207", "5,415", "-623"],
  );
  equal(inUnit(-1, { ...grams, mean: 0.5, deviation: 0.25 }), "0.250");
  equal(inUnit(1, { ...grams, mean: 0, deviation: 2.5e12 }), "2.50e+12");
  equal(inUnit(2, { ...grams, mean: 365, deviation: 0.5, isDate: true }), "1971-01-02");
  equal(inUnit(1, { ...grams, deviation: 1e300, isDate: true }), "1.00e+300");
});
