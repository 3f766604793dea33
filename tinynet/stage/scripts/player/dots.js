// The predictions when there are many inputs: each row's prediction (vertical) against its target
// (horizontal). Exact predictions lie on the diagonal.
/** @import { Functions, FunctionTable, Layer, Message, Point } from "../types" */
/** @import { Picture } from "./picture.js" */
import { cutOf } from "../shared/message.js";
import { inUnit } from "../shared/numbers.js";
import { functionsOf, passForward } from "./field.js";
import { drawRing, frame, longest, ofShade, stroke, write } from "./pen.js";
import { AXIS, FOOT, HEAD, pickedPoint, SIGNS, takeSpotAround } from "./spots.js";

/** @typedef {{ x: number, y: number, size: number }} Square */
/** @typedef {Point & { beyond: number }} Place */

const SPREAD = 1.25; // the range of the axes, relative to the range of the targets
const SMALL = 3; // pixels of a dot's radius
const BEYOND = "▲▼ beyond"; // marks for predictions outside the axes

export class Dots {
  /**
   * @param {number[]} targets the test rows last
   * @param {{ trained: number, areAll: boolean }} which
   * @param {Float32Array[]} inputs
   * @param {Functions} functions
   */
  constructor(targets, { trained, areAll }, inputs, functions) {
    this.targets = targets;
    this.trained = trained;
    this.areAll = areAll;
    this.inputs = inputs;
    this.functions = functions;
    this.axis = axisOf(targets);
    /** @type {Float32Array[][]} */
    this.layers = [];
  }

  /**
   * Compute the output of each unit for each row.
   * @param {Layer[]} layers
   * @param {ArrayLike<number>} parameters
   */
  pass(layers, parameters) {
    this.layers = passForward(layers, parameters, this.inputs, this.functions);
  }

  /** The prediction of each row. */
  get predictions() {
    return this.layers[this.layers.length - 1][0];
  }
}

/**
 * Return the rows to draw, the test rows last; null if there are no dots.
 * @param {Message} message
 * @param {FunctionTable} table
 */
export function dotsOf(message, table) {
  const { scatter, widths } = message;
  if (!scatter) return null;
  const [inputs, its, testInputs, testTargets] = [
    scatter.inputs,
    scatter.targets,
    scatter.testInputs,
    scatter.testTargets,
  ].map((cut) => cutOf(message, cut));
  return new Dots(
    [...its, ...testTargets],
    { trained: its.length, areAll: scatter.areAll },
    columnsOf([...inputs, ...testInputs], widths[0]),
    functionsOf(scatter.functions, table),
  );
}

/**
 * Return the columns of a row-by-row array of numbers.
 * @param {ArrayLike<number>} numbers
 * @param {number} count
 */
export function columnsOf(numbers, count) {
  const rows = { length: numbers.length / count };
  return Array.from({ length: count }, (_, column) =>
    Float32Array.from(rows, (_, row) => numbers[row * count + column]),
  );
}

/**
 * Return the ends of both axes, equal in all states: the range of the targets with a margin.
 * @param {number[]} targets
 */
export function axisOf(targets) {
  const low = Math.min(...targets);
  const high = Math.max(...targets);
  const middle = (low + high) / 2;
  const half = (SPREAD * (high - low)) / 2 || 1;
  return { low: middle - half, high: middle + half };
}

/**
 * Return the place of each row in a square; `beyond` is 1 above the axes and -1 below.
 * @param {Square} square
 * @param {ArrayLike<number>} predictions
 * @param {number[]} targets
 * @param {{ low: number, high: number }} axis
 * @returns {Place[]}
 */
export function placesIn({ x, y, size }, predictions, targets, { low, high }) {
  const share = (/** @type {number} */ value) =>
    Math.max(0, Math.min(1, (value - low) / (high - low)));
  return targets.map((target, row) => ({
    x: x + size * share(target),
    y: y + size * (1 - share(predictions[row])),
    beyond: Number(predictions[row] > high) - Number(predictions[row] < low),
  }));
}

/**
 * @param {Picture} picture
 * @param {Dots} dots
 */
export function drawDots(picture, dots) {
  const square = squareOf(picture, dots);
  const places = placesIn(square, dots.predictions, dots.targets, dots.axis);
  drawSquare(picture, square);
  drawEnds(picture, dots, square);
  const areSomeBeyond = places.some(({ beyond }) => beyond);
  drawWords(picture, square, areSomeBeyond);
  drawRows(picture, dots, places);
}

/**
 * Return the square of the dots, with room for labels on the left and below.
 * @param {Picture} picture
 * @param {Dots} dots
 * @returns {Square}
 */
function squareOf({ pen, places, data }, { axis: { low, high } }) {
  const { x, y, width, height } = places.answers;
  const widths = [low, high].map((end) => pen.measureText(inUnit(end, data.unit)).width);
  const left = 6 + Math.max(...widths);
  const size = Math.min(width - left - SMALL, height - HEAD - 2 * FOOT);
  return { x: x + left, y: y + HEAD, size };
}

/**
 * Draw the frame, and the diagonal of exact predictions.
 * @param {Picture} picture
 * @param {Square} square
 */
function drawSquare(picture, { x, y, size }) {
  const { pen, ink, line } = picture;
  frame(pen, line, 1, { x, y, width: size, height: size });
  pen.globalAlpha = 0.6;
  stroke(pen, ink, 1, [
    [x, y + size],
    [x + size, y],
  ]);
  write(picture, "exact", { x: x + size - 22, y: y + AXIS }, "right");
  pen.globalAlpha = 1;
}

/**
 * Write the ends of both axes.
 * @param {Picture} picture
 * @param {Dots} dots
 * @param {Square} square
 */
function drawEnds(picture, { axis }, { x, y, size }) {
  const { pen, data } = picture;
  const [low, high] = [axis.low, axis.high].map((end) => inUnit(end, data.unit));
  const room = size - pen.measureText(`  ${low}  ${high}  `).width;
  const named = data.unit ? [`target: ${data.unit.name} →`] : [];
  const middle = x + (size + pen.measureText(low).width - pen.measureText(high).width) / 2;
  const below = y + size + AXIS;
  write(picture, high, { x: x - 5, y: y + 9 }, "right");
  write(picture, low, { x: x - 5, y: y + size }, "right");
  write(picture, high, { x: x + size, y: below }, "right");
  write(picture, low, { x, y: below });
  write(picture, longest(pen, [...named, "target →"], room), { x: middle, y: below }, "center");
}

/**
 * Label the vertical axis above the square, and the marks below it.
 * @param {Picture} picture
 * @param {Square} square
 * @param {boolean} areSomeBeyond
 */
function drawWords(picture, { x, y, size }, areSomeBeyond) {
  const { pen, data, places } = picture;
  const tests = data.scatter?.testTargets.shape[0];
  const which = data.scatter?.areAllTests ? "" : `first ${tests} `;
  const hollow = tests ? [`hollow: ${which}test rows`] : [];
  const signs = data.unit ? `blue above ${inUnit(0, data.unit)}, orange below` : SIGNS;
  const titles = [`prediction ↑: ${signs}`, "prediction ↑"];
  const below = [...hollow, ...(areSomeBeyond ? [BEYOND] : [])];
  const right = places.answers.x + places.answers.width;
  write(picture, longest(pen, titles, right - x), { x, y: y - 9 });
  write(picture, below.join(", "), { x, y: y + size + AXIS + FOOT });
}

/**
 * Draw a dot for each row in the colour of its prediction; skip NaN.
 * @param {Picture} picture
 * @param {Dots} dots
 * @param {Place[]} places
 */
function drawRows(picture, { predictions, trained }, places) {
  const { data } = picture;
  const draw = (/** @type {number} */ row) =>
    drawDot(picture, places[row], ofShade(predictions[row], data.colours), row >= trained);
  const rows = [...places.keys()].filter((row) => Number.isFinite(places[row].y));
  rows.forEach(draw); // test rows on top: they are fewer and matter more
  for (const row of rows) takeSpotAround(picture, row, places[row]);
  const ringed = pickedPoint(picture);
  if (!rows.includes(ringed)) return;
  draw(ringed); // again, so that no other dot covers it
  drawRing(picture, places[ringed], SMALL + 4);
}

/**
 * @param {Picture} picture
 * @param {Place} place
 * @param {string} colour
 * @param {boolean} isHollow
 */
function drawDot({ pen, ground }, { x, y, beyond }, colour, isHollow) {
  pen.beginPath();
  if (beyond) outlineArrow(pen, x, y, beyond);
  else pen.arc(x, y, SMALL, 0, 2 * Math.PI);
  pen.fillStyle = isHollow ? ground : colour;
  pen.fill();
  pen.strokeStyle = isHollow ? colour : ground;
  pen.lineWidth = isHollow ? 1.5 : 0.75;
  pen.stroke();
}

/**
 * Draw the path of a triangle at the edge that points towards the row.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} beyond
 */
function outlineArrow(pen, x, y, beyond) {
  pen.lineTo(x, y);
  pen.lineTo(x + SMALL + 1, y + beyond * 2 * SMALL);
  pen.lineTo(x - SMALL - 1, y + beyond * 2 * SMALL);
  pen.closePath();
}
