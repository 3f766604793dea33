// What the network makes of places that are in no batch. The weights are PyTorch's; the browser passes
// them forward for pictures only, and numbers to be read are a film's own. All functions are pure.
/** @import { FunctionNames, Functions, FunctionTable, Layer } from "../types" */
import { largest } from "../shared/numbers.js";

const FINEST = 44; // squares of a map from side to side
const COARSEST = 14;
const MOST_PRODUCTS = 1.2e6; // of one painting; more would not be painted in time
export const MARGIN = 1.08; // around the outermost point

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
 * Return what is painted of the plane, or the line: a square around all points, in squares.
 * @param {Iterable<number>} points
 * @param {number} dimensions
 * @param {number} products that one place costs
 */
export function gridOf(points, dimensions, products, reach = MARGIN * largest(points)) {
  const affordable = Math.floor(Math.sqrt(MOST_PRODUCTS / products));
  const side = Math.max(COARSEST, Math.min(FINEST, affordable));
  const columns = dimensions === 1 ? 4 * FINEST : side;
  const rows = dimensions === 1 ? 1 : side;
  const middle = (/** @type {number} */ index, /** @type {number} */ count) =>
    reach * ((2 * index + 1) / count - 1);
  /** @type {number[]} */
  const places = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      places.push(middle(column, columns));
      if (dimensions === 2) places.push(-middle(row, rows)); // from the top, as pictures are painted
    }
  }
  return { reach, columns, rows, places };
}

/**
 * Return the network's inputs for points, input by input.
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
 * Return what every unit makes of the inputs, layer by layer.
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
 * Return a unit's sums: its weights times the inputs, and its bias.
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
 * Return the probability of each class at every place, class by class, from the outputs there.
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
 * Return the class that a row's outputs say: with one, whether it is above one half; else the largest.
 * @param {ArrayLike<number>} outputs
 */
export function answerOf(outputs) {
  if (outputs.length === 1) return Number(outputs[0] > 0.5);
  let best = 0;
  for (let output = 1; output < outputs.length; output += 1) {
    if (Number.isNaN(outputs[best])) break; // NaN comes first, as in NumPy
    if (!(outputs[output] <= outputs[best])) best = output;
  }
  return best;
}
