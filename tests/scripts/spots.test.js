import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { rowAt } from "../../tinynet/stage/scripts/player/spots.js";

test("of rows that lie close together the nearest is picked", () => {
  const spots = [
    { row: 0, x: 0, y: 0, width: 16, height: 16 },
    { row: 5, x: 6, y: 0, width: 16, height: 16 },
  ];
  const places = [
    { x: 2, y: 8 },
    { x: 10, y: 8 },
    { x: 12, y: 8 },
    { x: 21, y: 8 },
    { x: 40, y: 8 },
    { x: 8, y: 17 },
  ];
  const rows = places.map((place) => rowAt(spots, place));
  deepEqual(rows, [0, 0, 5, 5, null, null]);
});
