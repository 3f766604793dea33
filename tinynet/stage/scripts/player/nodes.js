// The value and colour of each node, and whether it is dead.
/** @import { Alone } from "../types" */
/** @import { Picture } from "./picture.js" */
/** @import { Scene } from "./scene.js" */
import { softmaxOf } from "./field.js";
import { isMulticlass } from "./film.js";
import { ofClass, ofShade, shadeOf } from "./pen.js";

/** @typedef {{ hidden: Float32Array, predictions: Float32Array, alone?: Alone | null }} Made */
/** @typedef {{ colour: string, depth: number }} Filling */

/**
 * Return the value of a node for a row; for null, the mean over all rows.
 * @param {Scene} scene
 * @param {number | null} row
 * @param {{ column: number, unit: number }} node
 * @param {Made} made values of a state
 */
export function nodeValue({ data, film }, row, { column, unit }, { hidden, predictions, alone }) {
  if (alone) return alone.columns[column][unit][0];
  const { widths, rows, x } = data;
  const last = widths.length - 1;
  if (column === 0) return ofRow(x, { row, rows, count: widths[0], index: unit });
  if (column === last) return ofRow(predictions, { row, rows, count: widths[last], index: unit });
  const index = film.layers[column - 1].activations + unit;
  return ofRow(hidden, { row, rows, count: hidden.length / rows, index });
}

/**
 * Return one of the numbers of a row; for null, the mean over all rows.
 * @param {ArrayLike<number>} numbers
 * @param {{ row: number | null, rows: number, count: number, index: number }} which
 */
function ofRow(numbers, { row, rows, count, index }) {
  if (row !== null) return numbers[row * count + index];
  let sum = 0;
  for (let each = 0; each < rows; each += 1) sum += numbers[each * count + index];
  return sum / rows;
}

/**
 * Tell whether a unit whose activation can be 0 is 0 for every row in the shown state.
 * @param {Picture} picture
 * @param {number} column
 * @param {number} unit
 */
export function isDead(picture, column, unit) {
  const { data, film } = picture;
  const { widths, rows, shutsOff } = data;
  if (!shutsOff || column === 0 || column === widths.length - 1) return false;
  const made = ofAllRows(picture, column, unit);
  if (made) return made.length > 0 && made.every((value) => value === 0);
  if (!data.areAllRows) return false; // the film has only some of the rows
  const hidden = film.hidden(picture.reached);
  const count = hidden.length / rows;
  const place = film.layers[column - 1].activations + unit;
  return Array.from({ length: rows }, (_, row) => hidden[row * count + place]).every(
    (value) => value === 0,
  );
}

/**
 * Return the output of a hidden unit for each training row, if the pictures have all rows.
 * @param {Picture} picture
 * @param {number} column
 * @param {number} unit
 */
function ofAllRows({ scene: { maps, dots } }, column, unit) {
  if (maps) return maps.ofTrainingRows(column, unit);
  return dots?.areAll ? dots.layers[column - 1][unit].subarray(0, dots.trained) : null;
}

/**
 * Return the fill of a node without a picture: a colour and its strength.
 * @param {Picture} picture
 * @param {number} column
 * @param {number} unit
 * @returns {Filling}
 */
export function fillingOf(picture, column, unit) {
  const { data, scene, row } = picture;
  const isOutput = column === data.widths.length - 1;
  if (isOutput && isMulticlass(data)) {
    return { colour: ofClass(unit, data.colours), depth: shareOf(picture, unit) };
  }
  const value = nodeValue(scene, row, { column, unit }, picture);
  // The output of a binary task is blue towards 1 and orange towards 0.
  const isAnswer = isOutput && data.classes;
  const most = mostOf(picture, column, unit);
  const shade = isAnswer ? shadeOf(value - 0.5, 0.5) : shadeOf(value, most);
  return { colour: ofShade(shade, data.colours), depth: Math.abs(shade) };
}

/**
 * Return the probability of a class: for the chosen row, or the mean over all rows.
 * @param {Picture} picture
 * @param {number} unit
 */
function shareOf({ data: { widths, rows }, predictions, row, alone }, unit) {
  if (alone) return softmaxOf(alone.columns[widths.length - 1])[unit][0];
  const count = widths[widths.length - 1];
  const outputs = Array.from({ length: count }, (_, output) =>
    Array.from({ length: rows }, (_, each) => predictions[each * count + output]),
  );
  return ofRow(softmaxOf(outputs)[unit], { row, rows, count: 1, index: 0 });
}

/**
 * Return the value of a node with the strongest colour, the same in all states.
 * @param {Picture} picture
 * @param {number} column
 * @param {number} unit
 */
export function mostOf({ scene: { maps, scales }, data: { widths } }, column, unit) {
  if (column === 0) return maps?.largest[unit] ?? scales.input;
  if (column < widths.length - 1) return scales.activation;
  return maps?.span ?? Math.max(-scales.low, scales.high);
}
