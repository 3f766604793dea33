import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  along,
  asRows,
  inThrees,
  paintingInWords,
  without,
  withPoint,
} from "../../tinynet/stage/scripts/player/painting.js";

const RULES = {
  most: 2,
  classes: 3,
  numbers: [],
  middle: 128,
  highest: 255,
  steps: 50,
  stepsOfANumber: 100,
};

test("a drag sets points that are so far apart", () => {
  const points = along({ x: 0, y: 0 }, { x: 30, y: 40 }, 20);
  deepEqual(points, [
    { x: 12, y: 16 },
    { x: 24, y: 32 },
  ]);
  deepEqual(along({ x: 0, y: 0 }, { x: 3, y: 4 }, 20), []);
});

test("a point replaces one at its place, and there are no more than may be", () => {
  const points = inThrees([1, 2, 0, 3, 4, 0]);
  deepEqual(withPoint(points, [1, 2, 1], 2), inThrees([3, 4, 0, 1, 2, 1]));
  equal(withPoint(points, [5, 6, 1], 2), points);
});

test("the eraser takes what is around it", () => {
  deepEqual(without(inThrees([1, 2, 0, 9, 9, 1]), [1, 4], 2), [[9, 9, 1]]);
});

test("points that the film tests on stay test rows", () => {
  const film = { points: [], targets: [], testPoints: [0, 0], testTargets: [1] };
  const rows = asRows(inThrees([128, 128, 1, 178, 128, 0]), film, false, RULES);
  deepEqual(rows, { points: [1, 0], targets: [0], testPoints: [0, 0], testTargets: [1] });
});

test("it says how many points there are, and how to go on", () => {
  const where = { isOfTheSet: false, isTouch: false };
  equal(
    paintingInWords(0, 200, where),
    "Paint at least one point. Until then the network that was trained last stays here.",
  );
  equal(
    paintingInWords(3, 200, where),
    "3 of 200 points. Click or drag, or use the arrow keys and Enter.",
  );
  equal(
    paintingInWords(3, 200, { isOfTheSet: true, isTouch: true }),
    "Tap or drag to paint on 3 points of this set, or clear it first.",
  );
  equal(
    paintingInWords(200, 200, where),
    "200 points, no more fit into a link: erase some, or clear.",
  );
});
