// The output of the network at places that are in no batch. The weights are PyTorch's. The browser
// runs the forward pass for pictures and for what is drawn on the pad; all other numbers that it
// displays come from the film. All functions are pure.
/** @import { FunctionNames, Functions, FunctionTable, Layer } from "../types" */
import { largest } from "../shared/numbers.js";

/**
 * @typedef {object} Grained
 * @property {number} [reach] extent of the plane while it is painted on
 * @property {number} [detail] how many times finer than on the screen, for print
 */

const FINEST = 44; // cells along each side of a map
const COARSEST = 14;
const MOST_PRODUCTS = 1.2e6; // multiplications for one picture; more would take too long
export const MARGIN = 1.08; // relative to the outermost point

/**
 * Compute the error function, to seven digits (Abramowitz and Stegun, 7.1.26).
 * @param {number} x
 */
export function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

/**
 * Find the functions of a network by their names.
 * @param {FunctionNames} names
 * @param {FunctionTable} table
 * @returns {Functions}
 */
export function functionsOf({ features, activation, last }, table) {
  const ofPlace = features.map((name) => table.features[name]);
  return {
    features: (x1, x2) => ofPlace.map((feature) => feature(x1, x2)),
    activation: table.activations[activation],
    last: last === null ? (x) => x : table.activations[last],
  };
}

/**
 * Return the painted square of the plane, or stretch of the line, around all points, as a grid.
 * @param {Iterable<number>} points
 * @param {number} dimensions
 * @param {number} products multiplications per place
 * @param {Grained} how
 */
export function gridOf(points, dimensions, products, { reach, detail = 1 } = {}) {
  const affordable = Math.floor(Math.sqrt(MOST_PRODUCTS / products));
  const most = reach ?? MARGIN * largest(points);
  const side = detail * Math.max(COARSEST, Math.min(FINEST, affordable));
  const columns = dimensions === 1 ? 4 * FINEST : side;
  const rows = dimensions === 1 ? 1 : side;
  const middle = (/** @type {number} */ index, /** @type {number} */ count) =>
    most * ((2 * index + 1) / count - 1);
  /** @type {number[]} */
  const places = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      places.push(middle(column, columns));
      if (dimensions === 2) places.push(-middle(row, rows)); // from the top, as on a canvas
    }
  }
  return { reach: most, columns, rows, places };
}

/**
 * Return the network's inputs at the points, input by input.
 * @param {ArrayLike<number>} points
 * @param {number} dimensions
 * @param {Functions["features"]} features
 */
export function inputsOf(points, dimensions, features) {
  if (dimensions === 1) return [Float32Array.from(points)];
  const made = Array.from({ length: points.length / 2 }, (_, point) =>
    features(points[2 * point], points[2 * point + 1]),
  );
  return features(0, 0).map((_, input) => Float32Array.from(made, (values) => values[input]));
}

/**
 * Return the output of each unit, layer by layer.
 * @param {Layer[]} layers
 * @param {ArrayLike<number>} parameters
 * @param {Float32Array[]} inputs
 * @param {Pick<Functions, "activation" | "last">} functions
 */
export function passForward(layers, parameters, inputs, { activation, last }) {
  let made = inputs;
  return layers.map((layer, index) => {
    const squash = index === layers.length - 1 ? last : activation;
    made = Array.from({ length: layer.units }, (_, unit) => {
      const sums = sumsOf(layer, unit, parameters, made);
      for (let place = 0; place < sums.length; place += 1) sums[place] = squash(sums[place]);
      return sums;
    });
    return made;
  });
}

/**
 * Return the sums of a unit: its weights times the inputs, plus its bias.
 * @param {Layer} layer
 * @param {number} unit
 * @param {ArrayLike<number>} parameters
 * @param {Float32Array[]} inputs
 */
function sumsOf(layer, unit, parameters, inputs) {
  const sums = new Float32Array(inputs[0].length).fill(parameters[layer.biases + unit]);
  inputs.forEach((values, input) => {
    const weight = parameters[layer.weights + unit * layer.inputs + input];
    for (let place = 0; place < sums.length; place += 1) sums[place] += weight * values[place];
  });
  return sums;
}

/**
 * Return the probability of each class at each place, class by class.
 * @param {ArrayLike<number>[]} outputs
 */
export function softmaxOf(outputs) {
  const shares = outputs.map((values) => new Float32Array(values.length));
  for (let place = 0; place < outputs[0].length; place += 1) {
    let most = Number.NEGATIVE_INFINITY;
    for (const values of outputs) most = Math.max(most, values[place]);
    let sum = 0;
    outputs.forEach((values, output) => {
      const power = Math.exp(values[place] - most);
      shares[output][place] = power;
      sum += power;
    });
    for (const its of shares) its[place] /= sum;
  }
  return shares;
}

/**
 * Return the probability of each class from the outputs for one row.
 * @param {ArrayLike<number>} outputs
 */
export function sharesOf(outputs) {
  if (outputs.length === 1) return [1 - outputs[0], outputs[0]];
  return softmaxOf(Array.from(outputs, (each) => [each])).map(([share]) => share);
}

/**
 * Return the predicted class: whether a single output is above one half, or the largest of several.
 * @param {ArrayLike<number>} outputs
 */
export function answerOf(outputs) {
  if (outputs.length === 1) return Number(outputs[0] > 0.5);
  let best = 0;
  for (let output = 1; output < outputs.length; output += 1) {
    if (Number.isNaN(outputs[best])) break; // NaN counts as the largest, as in NumPy
    if (!(outputs[output] <= outputs[best])) best = output;
  }
  return best;
}
