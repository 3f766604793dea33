// What the player knows of a film without drawing it: where its numbers stand, the scales of a
// whole run, where the pictures lie, and its words. Each of these functions is pure.

const NARROW = 440; // pixels; below it the pictures stand below each other
const MOST_EDGES = 1300; // more are neither legible nor drawn 60 times a second
const CROWDED = 60; // edges between two columns; with more, all are thinner

/** Where the numbers of each layer but the inputs start: among the parameters, and the activations. */
export function layersOf(widths) {
  let parameters = 0, activations = 0;
  return widths.slice(1).map((units, index) => {
    const layer = { inputs: widths[index], units, weights: parameters, activations };
    layer.biases = layer.weights + units * layer.inputs;
    parameters = layer.biases + units;
    activations += units;
    return layer;
  });
}

/** Where a weight of a unit stands among the parameters; without an input, its bias. */
export function indexOf(layer, unit, input) {
  return input === undefined ? layer.biases + unit : layer.weights + unit * layer.inputs + input;
}

/** Whether each of several classes has an output of its own. */
export function isSeveral({ widths }) { return widths.at(-1) > 1; }

/** Cut the film into its parts; each is a function of the state that returns a view. */
export function decode({ widths, rows, epochs, numbers }) {
  const layers = layersOf(widths), output = layers.at(-1);
  const count = output.biases + output.units;
  const hidden = rows * output.activations;
  const sizes = { loss: 1, parameters: count, gradients: count, hidden, predictions: rows * output.units };
  const size = Object.values(sizes).reduce((sum, each) => sum + each, 0);
  const parts = { states: epochs.length, layers };
  let start = 0;
  for (const [name, length] of Object.entries(sizes)) {
    const from = start;
    parts[name] = (state) => numbers.subarray(state * size + from, state * size + from + length);
    start += length;
  }
  return parts;
}

/** What all states are drawn by, so that in a picture only what changes in the network changes. */
export function scalesOf(film, { x, targets, classes }) {
  const states = Array.from({ length: film.states }, (_, state) => state);
  const peaks = new Float32Array(film.parameters(0).length); // of each parameter, its largest size
  for (const state of states)
    film.parameters(state).forEach((value, index) => {
      const size = Math.abs(value);
      if (size > peaks[index] && Number.isFinite(size)) peaks[index] = size;
    });
  const ends = [0, ...targets, ...states.flatMap((state) => Array.from(film.predictions(state)).filter(Number.isFinite))];
  return {
    peaks,
    ...parameterScales(peaks, film.layers),
    input: largest(x),
    activation: Math.max(...states.map((state) => largest(film.hidden(state)))),
    low: classes ? 0 : Math.min(...ends),
    high: classes ? 1 : Math.max(1e-9, ...ends),
  };
}

/** What numbers that stand as the parameters do are drawn by: each kind fills its own largest. */
export function parameterScales(numbers, layers) {
  const parts = (from, to) => layers.map((layer) => largest(numbers.slice(from(layer), to(layer))));
  return {
    weight: Math.max(...parts((layer) => layer.weights, (layer) => layer.biases)),
    bias: Math.max(...parts((layer) => layer.biases, (layer) => layer.biases + layer.units)),
  };
}

/** What a line lights, in words; and of what, if not of the state that is shown. */
export function litInWords({ words, numbers, answers, epoch, batch }, state, layers) {
  const which = `epoch ${epoch.toLocaleString("en")}${batch ? `, batch ${(batch + 1).toLocaleString("en")}` : ""}`;
  const said = `In the picture${epoch === state && !batch ? "" : `, of ${which}`}: ${words}`;
  if (!numbers?.length || answers) return said;
  const weights = layers.flatMap((layer) => numbers.slice(layer.weights, layer.biases)).filter(Number.isFinite);
  if (!weights.length) return said;
  const widest = largest(weights, 0);
  return `${said} ${widest ? `The widest is ${format(widest)}.` : "All are 0."}`;
}

/** Whether what is pointed at is an edge, to a unit from one before; else it is a node. */
function isEdge({ from }) { return from !== undefined; }

/** The edges to draw, layer by layer, the weakest of the run first; of a large layer the strongest. */
export function edgesOf(layers, peaks) {
  const most = Math.floor(MOST_EDGES / layers.length);
  return layers.flatMap((layer, index) => {
    const edges = Array.from({ length: layer.biases - layer.weights }, (_, place) => ({
      column: index + 1, unit: Math.floor(place / layer.inputs), from: place % layer.inputs, place: layer.weights + place,
    }));
    return edges.sort((one, other) => peaks[one.place] - peaks[other.place]).slice(-most);
  });
}

/** How many pixels the strongest edge is wide: the fewer, the more edges lie between two columns. */
export function widestOf(edges) {
  const counts = [];
  for (const { column } of edges) counts[column] = (counts[column] ?? 0) + 1;
  const most = counts.reduce((one, other) => Math.max(one, other)); // there is no column 0
  return 4.6 * Math.sqrt(Math.min(1, CROWDED / most));
}

/** Place the two pictures, and the nodes in columns, in a stage of that width; names and a foot need room. */
export function layout(width, widths, { names = 0, foot = 0, height = 320 } = {}) {
  const narrow = width < NARROW;
  const network = { width: narrow ? width : width * 0.54, height };
  const side = narrow ? 0 : network.width + 16;
  const answers = { x: side, y: narrow ? height + 16 : 0, width: width - side, height };
  const left = Math.max(26, names + 18), gap = (network.width - 30 - left) / (widths.length - 1);
  const columns = widths.map((count, column) => {
    const step = (network.height - 28 - foot) / count;
    const biggest = column === 0 ? 14 : column < widths.length - 1 ? 18 : 20;
    const radius = Math.max(2, Math.min(biggest, step * 0.42, gap * 0.2));
    return Array.from({ length: count }, (_, index) => ({ x: left + gap * column, y: 22 + step * (index + 0.5), radius }));
  });
  return { network, answers, columns, gap, height: narrow ? answers.y + answers.height : network.height };
}

/** The state at a place of the film: whole states and how far it is from the first to the second. */
export function placeBetween(position, states) {
  const clamped = Math.max(0, Math.min(states - 1, position));
  const first = Math.min(Math.floor(clamped), Math.max(0, states - 2));
  return { first, second: Math.min(first + 1, states - 1), share: clamped - first };
}

/** A number on its way from one to the other; it stays where it is if there is no number to go to. */
export function mixed(one, other, share) {
  if (share === 1) return other;
  return share > 0 && Number.isFinite(other) ? one + (other - one) * share : one;
}

/** The index of the last kept state that is not after the one asked for; null asks for the last. */
export function nearestIndex(epochs, state) {
  return Math.max(0, epochs.findLastIndex((epoch) => epoch <= (state ?? Infinity)));
}

/** A number at the end of an axis, in a few characters. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 1000) return value.toExponential(1).replace("+", "");
  return value.toFixed(size < 10 ? 2 : 0);
}

/** Whether a colour like #14191f is nearer to black than to white. */
export function isDark(colour) { return parseInt(colour.slice(1, 3), 16) < 128; }

/** A loss as the figures below have it: four digits behind the point, or two that count. */
export function lossInWords(loss) {
  const size = Math.abs(loss);
  if (!Number.isFinite(loss) || (size >= 0.001 && size < 1e6)) return format(loss);
  const text = exponential(loss, 1).replace(".0e", "e"), power = Number(text.split("e")[1]);
  return Math.abs(power) < 5 ? String(Number(loss.toPrecision(2))) : text;
}

/** What a node is called; layers are told apart where there are several. */
export function nameOf(column, index, { widths, names, classNames }, unit = "hidden") {
  if (column === 0) return `input ${names[index] ?? index}`;
  if (column === widths.length - 1) return widths.at(-1) > 1 ? `output ${classNames?.[index] ?? index}` : "output";
  return widths.length > 3 ? `hidden layer ${column}, unit ${index}` : `${unit} ${index}`;
}

/** Where a state is, in words; where epochs are opened up, which of them begins with it. */
export function whereInWords(state, { epochs, of, lossName, opensEpochs }, loss) {
  const count = (number) => number.toLocaleString("en"), epoch = epochs[state], stride = epochs[1] - epochs[0];
  const kept = stride > 1 ? `; one epoch in ${stride} is shown` : "";
  const begins = opensEpochs ? `; epoch ${count(epoch)}${epoch === of - 1 ? ", the last," : ""} begins here` : "";
  return `After ${count(epoch)} of ${count(of)} epochs: ${lossName} ${lossInWords(loss)}${begins}${kept}`;
}

/** What the picture shows, in words. */
export function inWords(film, state, data) {
  const named = Array.from(film.parameters(state), (value, place) => ({ value, place }));
  const numbers = named.filter(({ value }) => Number.isFinite(value));
  numbers.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const largestOnes = numbers.slice(0, 3).map(({ value, place }) => `${parameterName(film.layers, place, data)} ${format(value)}`);
  const weights = numbers.length ? `Largest weights: ${largestOnes.join("; ")}.` : "No weight is a finite number.";
  const { epochs, lossName, of } = data;
  const drawn = data.scatter ? ` Each dot is the prediction for one of ${drawnInWords(data.scatter)} against its target.` : "";
  return `After ${epochs[state]} of ${of} epochs the ${lossName} is ${lossInWords(film.loss(state)[0])}. ${weights}${drawn}`;
}

/** What one number is, what the next step makes of it, and by what rule where that is a plain one. */
export function followed(film, state, place, name, { epochs, rates, lastLayersRates }) {
  const now = film.parameters(state)[place], gradient = film.gradients(state)[place];
  const story = `${name}: ${format(now)} after ${epochs[state].toLocaleString("en")} epochs, its gradient ${format(gradient)}.`;
  if (state + 1 >= film.states) return story;
  const next = format(film.parameters(state + 1)[place]);
  if (!rates) return `${story} After ${epochs[state + 1].toLocaleString("en")} epochs it is ${next}.`;
  const its = place < film.layers.at(-1).weights ? rates : lastLayersRates;
  return `${story} The next step: w - lr × grad = ${format(now)} - ${its[state]} × ${bracketed(format(gradient))} = ${next}.`;
}

/** A number as it stands behind a sign. */
function bracketed(text) { return text.startsWith("-") ? `(${text})` : text; }

function parameterName(layers, place, data) {
  const index = layers.findIndex((layer) => place < layer.biases + layer.units), layer = layers[index];
  const name = (column, unit) => nameOf(column, unit, data, "hidden unit");
  if (place >= layer.biases) {
    const of = name(index + 1, place - layer.biases);
    return `bias of ${of === "output" ? "the output" : of}`;
  }
  const unit = Math.floor((place - layer.weights) / layer.inputs);
  return `${name(index, (place - layer.weights) % layer.inputs)} to ${name(index + 1, unit)}`;
}

