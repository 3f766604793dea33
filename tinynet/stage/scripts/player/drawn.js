// Strokes -> the pixels of a row, drawn as the pictures of the file usually are: stretched to the
// same box, with the same share of ink. All functions are pure.
/** @import { Box, PadFacts, Point } from "../types" */

const GRAIN = 4; // places along each side of a pixel
const ROUNDS = 3; // the width of the pen and the place of the drawing depend on each other
const WIDER = 1.6; // times that a drawing may be stretched more in width than in height
const TALLER = 3; // and more in height than in width
const SMALLEST = 0.02; // of the side of the pad
const WIDEST = 1 / 6; // the largest radius of the pen, as a share of the picture

/** @typedef {Omit<PadFacts, "functions" | "inputs" | "targets" | "whose">} Usual */

/**
 * Return the pixels of a drawing, from 0 to 1, row by row.
 * @param {Point[][]} strokes in shares of the pad
 * @param {number} side in pixels
 * @param {Usual} usual
 */
export function pixelsOf(strokes, side, usual) {
  const count = side * GRAIN;
  let radius = count / 12;
  let away = new Float32Array(count ** 2);
  for (let round = 0; round < ROUNDS; round += 1) {
    away = distances(fitted(strokes, count, radius, usual), count);
    radius = radiusOf(away, usual.share, count);
  }
  const pixels = new Float32Array(side ** 2);
  away.forEach((distance, place) => {
    const row = Math.floor(place / count / GRAIN);
    const column = Math.floor((place % count) / GRAIN);
    const ink = Math.max(0, Math.min(1, radius - distance + 0.5));
    pixels[row * side + column] += ink / GRAIN ** 2;
  });
  return usual.isInverted ? pixels.map((ink) => 1 - ink) : pixels;
}

/**
 * Return the radius of the pen with which the usual share of the picture is ink.
 * @param {Float32Array} away
 * @param {number} share
 * @param {number} count
 */
function radiusOf(away, share, count) {
  const sorted = away.slice().sort();
  return Math.min(count * WIDEST, sorted[Math.floor(share * (sorted.length - 1))]);
}

/**
 * Return the strokes moved and stretched into the box that drawings usually fill.
 * @param {Point[][]} strokes
 * @param {number} count
 * @param {number} radius
 * @param {Usual} usual
 * @returns {Point[][]}
 */
function fitted(strokes, count, radius, { across, down }) {
  const { x, y, width, height } = boxOf(strokes.flat());
  const wide = room(across, count, radius) / width;
  const high = room(down, count, radius) / height;
  const right = Math.min(wide, WIDER * high);
  const below = Math.min(high, TALLER * wide);
  const middle = (/** @type {number[]} */ [from, to]) => (count * (from + to)) / 2;
  return strokes.map((stroke) =>
    stroke.map((point) => ({
      x: middle(across) + right * (point.x - x),
      y: middle(down) + below * (point.y - y),
    })),
  );
}

/**
 * Return how far the middle of the pen may move between two ends.
 * @param {number[]} ends
 * @param {number} count
 * @param {number} radius
 */
function room([from, to], count, radius) {
  return Math.max(1, count * (to - from) - 2 * radius);
}

/**
 * Return the middle and the size of points; even a dot has a size.
 * @param {Point[]} points
 * @returns {Box}
 */
function boxOf(points) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const size = (/** @type {number} */ length) => Math.max(SMALLEST, length);
  return {
    ...{ x: (left + right) / 2, y: (top + bottom) / 2 },
    ...{ width: size(right - left), height: size(bottom - top) },
  };
}

/**
 * Return the distance of each place of the grid from the nearest stroke.
 * @param {Point[][]} strokes
 * @param {number} count
 */
function distances(strokes, count) {
  const parts = strokes.flatMap((stroke) =>
    stroke.map((point, index) => [stroke[Math.max(0, index - 1)], point]),
  );
  return Float32Array.from({ length: count ** 2 }, (_, place) => {
    const at = { x: (place % count) + 0.5, y: Math.floor(place / count) + 0.5 };
    let nearest = Number.POSITIVE_INFINITY;
    for (const [from, to] of parts) nearest = Math.min(nearest, distance(at, from, to));
    return nearest;
  });
}

/**
 * Return the distance of a point from the line between two other points.
 * @param {Point} at
 * @param {Point} from
 * @param {Point} to
 */
function distance(at, from, to) {
  const [right, below] = [to.x - from.x, to.y - from.y];
  const length = right ** 2 + below ** 2;
  const along = length && ((at.x - from.x) * right + (at.y - from.y) * below) / length;
  const share = Math.max(0, Math.min(1, along));
  const [x, y] = [from.x + share * right - at.x, from.y + share * below - at.y];
  return Math.sqrt(x * x + y * y); // much faster than hypot
}
