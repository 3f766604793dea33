// The texts of the player. All functions are pure.
/** @import { Film, Layer, Lit, Message, NamedNetwork, ScatterFacts } from "../types" */
/** @import { Picture } from "./picture.js" */
import { format, grouped, largest } from "../shared/numbers.js";
import { isMulticlass } from "./film.js";

/**
 * Name a node, with its layer if there are several hidden layers.
 * @param {number} column
 * @param {number} index
 * @param {NamedNetwork} network
 */
export function nameOf(column, index, { widths, names, classNames }, unit = "hidden") {
  if (column === 0) return `input ${names[index] ?? index}`;
  if (column === widths.length - 1) {
    return isMulticlass({ widths }) ? `output ${classNames?.[index] ?? index}` : "output";
  }
  return widths.length > 3 ? `hidden layer ${column}, unit ${index}` : `${unit} ${index}`;
}

/**
 * Return the name of a row of a film: its number in the file if the film has no other row.
 * @param {number} row
 * @param {Pick<Message, "only">} message
 */
export function nameOfRow(row, { only }) {
  return only?.name ?? String(row);
}

/**
 * Say whose values the nodes show: what the pad shows, or the picked row; null for all rows.
 * @param {Pick<Picture, "alone" | "row" | "data">} picture
 */
export function shownInWords({ alone, row, data }) {
  return alone?.name ?? (row === null ? null : `row ${nameOfRow(row, data)}`);
}

/**
 * Name a class.
 * @param {number} index
 * @param {{ classNames?: string[] }} network
 */
export function classOf(index, { classNames }) {
  return classNames?.[index] ?? String(index);
}

/**
 * Name a parameter: a weight or, without `from`, a bias.
 * @param {{ column: number, unit: number, from?: number }} it
 * @param {NamedNetwork} network
 */
export function numberName({ column, unit, from }, network) {
  const name = nameOf(column, unit, network);
  if (from === undefined) return `Bias of ${name}`;
  return `Weight ${nameOf(column - 1, from, network)} → ${name}`;
}

/**
 * Name the epoch of a state; in *Look inside*, also the epoch that begins with the state.
 * @param {number} state
 * @param {Pick<Message, "epochs" | "of" | "lossName" | "losses" | "opensEpochs">} message
 */
export function whereInWords(state, { epochs, of, lossName, losses, opensEpochs }) {
  const epoch = epochs[state];
  const stride = epochs[1] - epochs[0];
  const kept = stride > 1 ? `; one in ${stride} shown` : "";
  const begins = opensEpochs ? `; epoch ${grouped(epoch)} begins here` : "";
  const loss = `${lossName} ${losses[state]}`;
  return `After ${grouped(epoch)} of ${grouped(of)} epochs: ${loss}${begins}${kept}`;
}

/**
 * Describe the picture of a state.
 * @param {Film} film
 * @param {number} state
 * @param {NamedNetwork & Pick<Message, "epochs" | "of" | "lossName" | "losses" | "scatter">} message
 */
export function inWords(film, state, message) {
  const { epochs, of, lossName, losses, scatter } = message;
  const start = `After ${epochs[state]} of ${of} epochs the ${lossName} is ${losses[state]}.`;
  const drawn = scatter
    ? ` Each dot is the prediction for one of ${drawnInWords(scatter)} against its target.`
    : "";
  return `${start} ${largestInWords(film, state, message)}${drawn}`;
}

/**
 * Name the three largest parameters of a state.
 * @param {Film} film
 * @param {number} state
 * @param {NamedNetwork} network
 */
function largestInWords(film, state, network) {
  const named = Array.from(film.parameters(state), (value, place) => ({ value, place }));
  const numbers = named.filter(({ value }) => Number.isFinite(value));
  if (!numbers.length) return "No weight is a finite number.";
  numbers.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const said = numbers
    .slice(0, 3)
    .map(({ value, place }) => `${parameterName(film.layers, place, network)} ${format(value)}`);
  return `Largest weights: ${said.join("; ")}.`;
}

/**
 * Say which rows are drawn as dots.
 * @param {Pick<ScatterFacts, "targets" | "testTargets" | "areAll" | "areAllTests">} scatter
 */
export function drawnInWords({ targets, testTargets, areAll, areAllTests }) {
  const count = targets.shape[0];
  const tests = testTargets.shape[0];
  const first = (/** @type {boolean} */ isAll) => (isAll ? "" : "the first ");
  if (!tests) return `${first(areAll)}${count} rows`;
  return `${first(areAll)}${count} training rows and ${first(areAllTests)}${tests} test rows`;
}

/**
 * Say what a line of an epoch highlights, and name the epoch if another state is shown.
 * @param {Pick<Lit, "words" | "numbers" | "answers" | "epoch" | "batch">} lit
 * @param {number} state
 * @param {Layer[]} layers
 */
export function litInWords({ words, numbers, answers, epoch, batch }, state, layers) {
  const ofBatch = batch ? `, batch ${grouped(batch + 1)}` : "";
  const which = epoch === state && !batch ? "" : `, of epoch ${grouped(epoch)}${ofBatch}`;
  const said = `In the picture${which}: ${words}`;
  if (!numbers?.length || answers) return said;
  const all = Array.from(numbers);
  const weights = layers.flatMap((layer) => all.slice(layer.weights, layer.biases));
  const finite = weights.filter(Number.isFinite);
  if (!finite.length) return said;
  const widest = largest(finite, 0);
  return `${said} ${widest ? `The widest is ${format(widest)}.` : "All are 0."}`;
}

/**
 * Describe a number: its value, its change in the next step, and the update rule if it is simple.
 * @param {Film} film
 * @param {number} state
 * @param {number} place
 * @param {string} name
 * @param {Pick<Message, "epochs" | "rates" | "lastLayersRates">} message
 */
export function followed(film, state, place, name, { epochs, rates, lastLayersRates }) {
  const value = format(film.parameters(state)[place]);
  const gradient = format(film.gradients(state)[place]);
  const after = `${value} after ${grouped(epochs[state])} epochs`;
  const story = `${name}: ${after}, its gradient ${gradient}.`;
  if (state + 1 >= film.states) return story;
  const next = format(film.parameters(state + 1)[place]);
  const isOfTheLast = place >= film.layers[film.layers.length - 1].weights;
  const rate = (isOfTheLast ? lastLayersRates : rates)?.[state];
  if (rate === undefined)
    return `${story} After ${grouped(epochs[state + 1])} epochs it is ${next}.`;
  const step = gradient.startsWith("-") ? `(${gradient})` : gradient;
  return `${story} The next step: w - lr × grad = ${value} - ${rate} × ${step} = ${next}.`;
}

/**
 * Name the parameter at an index.
 * @param {Layer[]} layers
 * @param {number} place
 * @param {NamedNetwork} network
 */
function parameterName(layers, place, network) {
  const index = layers.findIndex((layer) => place < layer.biases + layer.units);
  const layer = layers[index];
  const name = (/** @type {number} */ column, /** @type {number} */ unit) =>
    nameOf(column, unit, network, "hidden unit");
  if (place >= layer.biases) {
    const whose = name(index + 1, place - layer.biases);
    return `bias of ${whose === "output" ? "the output" : whose}`;
  }
  const unit = Math.floor((place - layer.weights) / layer.inputs);
  return `${name(index, (place - layer.weights) % layer.inputs)} to ${name(index + 1, unit)}`;
}
