import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { pixelsOf } from "../../tinynet/stage/scripts/player/drawn.js";
import { judged } from "../../tinynet/stage/scripts/player/pictures.js";

// As in the pictures of the digits.
const USUAL = { isInverted: false, share: 0.3, across: [0.2, 0.8], down: [0, 1] };
const SEVEN = [
  [
    { x: 0.2, y: 0.1 },
    { x: 0.8, y: 0.1 },
    { x: 0.4, y: 0.9 },
  ],
];

/** @param {ArrayLike<number>} pixels */
const sum = (pixels) => Array.from(pixels).reduce((one, other) => one + other, 0);

/** @param {Float32Array} pixels */
const digits = (pixels) => Array.from(pixels, (each) => Math.round(16 * each));

test("a drawing has as much ink as the pictures have, from the top to the bottom", () => {
  const pixels = pixelsOf(SEVEN, 8, USUAL);
  ok(Math.abs(sum(pixels) / 64 - USUAL.share) < 0.03);
  ok(Math.max(...pixels.slice(0, 8)) > 0.8);
  ok(Math.max(...pixels.slice(56)) > 0.4);
  ok([...pixels.keys()].every((place) => place % 8 > 0 || pixels[place] === 0));
});

test("neither the size nor the place of a drawing counts", () => {
  const small = SEVEN.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: 0.5 + x / 4, y: 0.1 + y / 4 })),
  );
  deepEqual(digits(pixelsOf(small, 8, USUAL)), digits(pixelsOf(SEVEN, 8, USUAL)));
});

test("an upright line stays upright and narrow, in the middle", () => {
  const one = [[0.1, 0.5, 0.9].map((y) => ({ x: 0.3, y }))];
  const pixels = pixelsOf(one, 8, USUAL);
  const columns = Array.from({ length: 8 }, (_, column) =>
    sum(pixels.filter((_, place) => place % 8 === column)),
  );
  ok(columns[3] > 6 && columns[4] > 6);
  ok(
    columns.slice(0, 2).every((each) => each === 0) && columns.slice(6).every((each) => each === 0),
  );
});

test("on dark ground the ink is light", () => {
  const inverted = pixelsOf(SEVEN, 8, { ...USUAL, isInverted: true });
  deepEqual(digits(inverted), digits(pixelsOf(SEVEN, 8, USUAL).map((each) => 1 - each)));
});

test("a dot is a drawing too", () => {
  ok(pixelsOf([[{ x: 0.5, y: 0.5 }]], 4, USUAL).every(Number.isFinite));
});

test("the wrong rows come first, the least probable target before all", () => {
  const outputs = [
    [0, 3, 0, 9],
    [2, 0, 1, 0],
  ];
  deepEqual(
    judged(outputs, [1, 1, 1, 1]).map(({ index }) => index),
    [3, 1, 2, 0],
  );
});
