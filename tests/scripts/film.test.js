import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  decode,
  mixed,
  nearestIndex,
  placeBetween,
} from "../../tinynet/stage/scripts/player/film.js";

test("on its way to what is no number a number stays", () => {
  equal(mixed(1, 3, 0.5), 2);
  equal(mixed(1, Number.NaN, 0.5), 1);
  equal(mixed(1, Number.POSITIVE_INFINITY, 0.5), 1);
  equal(mixed(1, Number.NaN, 1), Number.NaN);
  equal(mixed(1, Number.NaN, 0), 1);
});

test("the nearest kept state is not after the one asked for", () => {
  const states = [0, 4, 5, 9, 12, null].map((state) => nearestIndex([0, 5, 10, 12], state));
  deepEqual(states, [0, 0, 1, 1, 3, 3]);
});

test("a position lies between two states, and the last at the far end of the last way", () => {
  deepEqual(placeBetween(1.25, 4), { first: 1, second: 2, share: 0.25 });
  deepEqual(placeBetween(3, 4), { first: 2, second: 3, share: 1 });
  deepEqual(placeBetween(9, 4), { first: 2, second: 3, share: 1 });
  deepEqual(placeBetween(0, 1), { first: 0, second: 0, share: 0 });
});

test("the parts of a film follow each other, state by state", () => {
  const numbers = Float32Array.from({ length: 24 }, (_, index) => index);
  const film = decode({ widths: [1, 1, 1], rows: 1, epochs: [0, 1], numbers });
  const parts = [film.loss, film.parameters, film.gradients, film.hidden, film.predictions];
  const read = [0, 1].flatMap((state) => parts.flatMap((part) => [...part(state)]));
  deepEqual(read, [...numbers.subarray(0, 22)]);
});
