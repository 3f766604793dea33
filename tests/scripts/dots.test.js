import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { axisOf, placesIn } from "../../tinynet/stage/scripts/player/dots.js";

test("the axes hold targets that are all the same", () => {
  deepEqual(axisOf([2, 2]), { low: 1, high: 3 });
});

test("a row stands at the edge, above or below, only where it is beyond", () => {
  const square = { x: 10, y: 20, size: 100 };
  const predictions = [3, 1, 0.5, -1, Number.NEGATIVE_INFINITY];
  const places = placesIn(square, predictions, [0, 1, 0, -1, 0], { low: -1, high: 1 });
  deepEqual(places, [
    { x: 60, y: 20, beyond: 1 },
    { x: 110, y: 20, beyond: 0 },
    { x: 60, y: 45, beyond: 0 },
    { x: 10, y: 120, beyond: 0 },
    { x: 60, y: 120, beyond: -1 },
  ]);
});
