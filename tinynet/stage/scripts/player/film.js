// A film: the states of a network during its training, as numbers. All functions are pure.
/** @import { Edge, Element, Film, Layer, Message, Part, Scales } from "../types" */
import { largest } from "../shared/numbers.js";

/**
 * Return the offset of each layer's parameters; the inputs are not a layer.
 * @param {number[]} widths
 */
export function layersOf(widths) {
  let parameters = 0;
  let activations = 0;
  return widths.slice(1).map((units, index) => {
    const inputs = widths[index];
    const weights = parameters;
    const biases = weights + units * inputs;
    const layer = { inputs, units, weights, biases, activations };
    parameters = biases + units;
    activations += units;
    return layer;
  });
}

/**
 * Return the index of a weight of a unit among the parameters; without an input, of the bias.
 * @param {Layer} layer
 * @param {number} unit
 * @param {number} [input]
 */
export function indexOf(layer, unit, input) {
  return input === undefined ? layer.biases + unit : layer.weights + unit * layer.inputs + input;
}

/**
 * Tell whether each class has its own output.
 * @param {{ widths: number[] }} network
 */
export function isMulticlass({ widths }) {
  return widths[widths.length - 1] > 1;
}

/**
 * Tell an edge from a node.
 * @param {Element} it
 * @returns {it is Edge}
 */
export function isEdge(it) {
  return it.from !== undefined;
}

/**
 * Split a film into its parts; each part is a function from a state to a view.
 * @param {Pick<Message, "widths" | "rows" | "epochs" | "numbers">} message
 * @returns {Film}
 */
export function decode({ widths, rows, epochs, numbers }) {
  const layers = layersOf(widths);
  const output = layers[layers.length - 1];
  const count = output.biases + output.units;
  const hidden = rows * output.activations;
  const predictions = rows * output.units;
  const size = 1 + 2 * count + hidden + predictions;
  let start = 0;
  /** @type {(length: number) => Part} */
  const next = (length) => {
    const from = start;
    start += length;
    return (state) => numbers.subarray(state * size + from, state * size + from + length);
  };
  return {
    states: epochs.length,
    layers,
    loss: next(1),
    parameters: next(count),
    gradients: next(count),
    hidden: next(hidden),
    predictions: next(predictions),
  };
}

/**
 * Return the scales that all states share, so that only changes in the network change the picture.
 * @param {Film} film
 * @param {Pick<Message, "x" | "targets" | "classes">} message
 * @returns {Scales}
 */
export function scalesOf(film, { x, targets, classes }) {
  const states = Array.from({ length: film.states }, (_, state) => state);
  const peaks = peaksOf(film);
  const finite = (/** @type {number} */ state) => film.predictions(state).filter(Number.isFinite);
  const ends = [0, ...targets, ...states.flatMap((state) => [...finite(state)])];
  return {
    peaks,
    ...parameterScales(peaks, film.layers),
    input: largest(x),
    activation: Math.max(...states.map((state) => largest(film.hidden(state)))),
    low: classes ? 0 : Math.min(...ends),
    high: classes ? 1 : Math.max(1e-9, ...ends),
  };
}

/**
 * Return the largest finite magnitude of each parameter over all states.
 * @param {Film} film
 */
function peaksOf(film) {
  const peaks = new Float32Array(film.parameters(0).length);
  for (let state = 0; state < film.states; state += 1) {
    film.parameters(state).forEach((value, index) => {
      const size = Math.abs(value);
      if (size > peaks[index] && Number.isFinite(size)) peaks[index] = size;
    });
  }
  return peaks;
}

/**
 * Return the scale of each parameter: the largest weight, or the largest bias.
 * @param {Float32Array | number[]} numbers
 * @param {Layer[]} layers
 */
export function parameterScales(numbers, layers) {
  const weights = layers.map((each) => largest(numbers.slice(each.weights, each.biases)));
  const biases = layers.map(({ biases: start, units }) =>
    largest(numbers.slice(start, start + units)),
  );
  return { weight: Math.max(...weights), bias: Math.max(...biases) };
}

/**
 * Return the two states around a position in the film, and the distance from the first.
 * @param {number} position
 * @param {number} states
 */
export function placeBetween(position, states) {
  const clamped = Math.max(0, Math.min(states - 1, position));
  const first = Math.min(Math.floor(clamped), Math.max(0, states - 2));
  return { first, second: Math.min(first + 1, states - 1), share: clamped - first };
}

/**
 * Interpolate between the numbers of two states.
 * @param {ArrayLike<number>} numbers
 * @param {ReturnType<typeof placeBetween>} place
 */
export function numberAt(numbers, { first, second, share }) {
  return mixed(numbers[first], numbers[second], share);
}

/**
 * Interpolate between two numbers; if the second is not finite, return the first.
 * @param {number} one
 * @param {number} other
 * @param {number} share
 */
export function mixed(one, other, share) {
  if (share === 1) return other;
  return share > 0 && Number.isFinite(other) ? one + (other - one) * share : one;
}

/**
 * Return the index of the last kept state up to the given epoch; null means the last state.
 * @param {number[]} epochs
 * @param {number | null | undefined} state
 */
export function nearestIndex(epochs, state) {
  return Math.max(
    0,
    epochs.findLastIndex((epoch) => epoch <= (state ?? Number.POSITIVE_INFINITY)),
  );
}
