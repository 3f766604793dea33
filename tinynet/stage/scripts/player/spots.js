// The places on the stage where a row can be picked, and sizes shared by the pictures of the
// predictions.
/** @import { Box, Point } from "../types" */
/** @import { Picture } from "./picture.js" */
import { frame } from "./pen.js";

/** @typedef {Box & { row: number }} Spot */

export const AXIS = 14; // pixels for the numbers below a picture
export const BESIDE = 34; // pixels for the numbers left of a picture
export const HEAD = 20; // pixels for the words above a picture
export const FOOT = 18; // pixels for the words below a picture
export const POINT = 4; // pixels of a point's radius
export const WRONG = "✕";
export const RINGED = "○"; // a wrong row among points
export const SIGNS = "blue above 0, orange below";
const NEAR = 8; // pixels around a point within which a click picks it

/**
 * Register a box in which a row can be picked, and frame the picked row.
 * @param {Picture} picture
 * @param {number} row
 * @param {Box} box
 */
export function takeSpot({ pen, ink, row: picked, spots }, row, box) {
  spots.push({ row, ...box });
  if (row === picked) frame(pen, ink, 1.5, { ...box, x: box.x + 1, width: box.width - 2 });
}

/**
 * Return which of the points is the picked row; -1 for none.
 * @param {Picture} picture
 */
export function pickedPoint({ data, row }) {
  return row === null ? -1 : row + (data.only?.point ?? 0);
}

/**
 * Register a point around which its row can be picked, if the film has this row.
 * @param {Picture} picture
 * @param {number} point
 * @param {Point} place
 */
export function takeSpotAround({ spots, data }, point, { x, y }) {
  const row = point - (data.only?.point ?? 0);
  if (row < 0 || row >= data.rows) return;
  spots.push({ row, x: x - NEAR, y: y - NEAR, width: 2 * NEAR, height: 2 * NEAR });
}

/**
 * Return the nearest row drawn at a point; null if there is none.
 * @param {Spot[]} spots
 * @param {Point} point
 */
export function rowAt(spots, point) {
  const away = (/** @type {Spot} */ { x, y, width, height }) =>
    Math.hypot(x + width / 2 - point.x, y + height / 2 - point.y);
  const around = spots.filter((spot) => isIn(spot, point));
  return around.sort((one, other) => away(one) - away(other))[0]?.row ?? null;
}

/**
 * @param {Box} box
 * @param {Point} point
 */
function isIn({ x, y, width, height }, point) {
  return point.x >= x && point.x < x + width && point.y >= y && point.y < y + height;
}
