// What the network makes of places that are in no batch: the weights are PyTorch's, and the browser
// passes them forward, for pictures alone; numbers to be read are a film's own. These are pure.

const FINEST = 44; // squares of a map from side to side
const COARSEST = 14;
const MOST_PRODUCTS = 1.2e6; // of one painting; more would not be painted in time
const STEPS = 255; // of the colours, from none to the strongest
const MARGIN = 1.08; // around the outermost point

/** The error function, to seven digits (Abramowitz and Stegun, 7.1.26). */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

/** Numbers that came behind those of the states. */
export function cutOf({ numbers, fieldStart }, { start, shape }) {
  return numbers.subarray(fieldStart + start, fieldStart + start + shape.reduce((one, other) => one * other, 1));
}

/** The functions whose texts came with the film; our own tables hold them, no visitor. */
export function functionsOf({ features, activation, last }) {
  const one = (text) => new Function("erf", `return (x) => ${text}`)(erf);
  return {
    features: new Function("x1", "x2", `return [${features.join(", ")}]`),
    activation: one(activation),
    last: one(last),
  };
}

/** What of the plane, or of the line, is painted: a square around all points, in squares. */
export function gridOf(points, dimensions, products, reach = MARGIN * largest(points)) {
  const side = Math.max(COARSEST, Math.min(FINEST, Math.floor(Math.sqrt(MOST_PRODUCTS / products))));
  const columns = dimensions === 1 ? 4 * FINEST : side, rows = dimensions === 1 ? 1 : side;
  const middle = (index, count) => reach * ((2 * index + 1) / count - 1);
  const places = [];
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      places.push(middle(column, columns));
      if (dimensions === 2) places.push(-middle(row, rows)); // from the top, as pictures are painted
    }
  return { reach, columns, rows, places };
}

/** The inputs that the network is given of points, input by input. */
export function inputsOf(points, dimensions, features) {
  if (dimensions === 1) return [Float32Array.from(points)];
  const made = Array.from({ length: points.length / 2 }, (_, point) => features(points[2 * point], points[2 * point + 1]));
  return features(0, 0).map((_, input) => Float32Array.from(made, (values) => values[input]));
}

/** What every unit makes of them, layer by layer, unit by unit. */
export function passForward(layers, parameters, inputs, { activation, last }) {
  let made = inputs;
  return layers.map((layer, index) => {
    const squash = index === layers.length - 1 ? last : activation;
    const outputs = Array.from({ length: layer.units }, (_, unit) => {
      const sums = new Float32Array(made[0].length).fill(parameters[layer.biases + unit]);
      made.forEach((values, input) => {
        const weight = parameters[layer.weights + unit * layer.inputs + input];
        for (let place = 0; place < sums.length; place += 1) sums[place] += weight * values[place];
      });
      for (let place = 0; place < sums.length; place += 1) sums[place] = squash(sums[place]);
      return sums;
    });
    made = outputs;
    return outputs;
  });
}

/** How much red, green and blue there is in a colour. */
function partsOf(colour) { return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16)); }

/** The colours of a map from the strongest orange to the strongest blue, as pixels; in the middle none. */
export function paletteOf({ positive, negative }, deepest) {
  const colours = new Uint8ClampedArray(4 * (2 * STEPS + 1));
  for (let step = -STEPS; step <= STEPS; step += 1) {
    const alpha = (255 * deepest * Math.abs(step)) / STEPS;
    colours.set([...partsOf(step > 0 ? positive : negative), alpha], 4 * (step + STEPS));
  }
  return new Uint32Array(colours.buffer);
}

/** Paint values into pixels; what is no number leaves its pixel empty. */
export function paint(pixels, values, middle, most, palette) {
  for (let place = 0; place < pixels.length; place += 1) {
    const step = Math.round((STEPS * (values[place] - middle)) / most);
    pixels[place] = step === step ? palette[Math.max(-STEPS, Math.min(STEPS, step)) + STEPS] : 0; // NaN differs from itself
  }
}

/** The probability of each class at every place, class by class, of what the outputs make there. */
export function softmaxOf(outputs) {
  const shares = outputs.map((values) => new Float32Array(values.length));
  for (let place = 0; place < outputs[0].length; place += 1) {
    let most = -Infinity, sum = 0;
    for (const values of outputs) most = values[place] <= most ? most : values[place]; // NaN stays
    outputs.forEach((values, output) => { sum += shares[output][place] = Math.exp(values[place] - most); });
    for (const its of shares) its[place] /= sum;
  }
  return shares;
}

/** The class that a row's outputs say: of one, whether it is above one half; of several, the largest. */
export function answerOf(outputs) {
  if (outputs.length === 1) return Number(outputs[0] > 0.5);
  let best = 0;
  for (let output = 1; output < outputs.length; output += 1)
    if (!(outputs[output] <= outputs[best]) && outputs[best] === outputs[best]) best = output; // as NumPy: NaN comes first
  return best;
}

/** Paint the classes into bytes: their colours, mixed by how probable each is; the surer, the stronger. */
export function paintClasses(bytes, shares, colours, deepest) {
  const mixed = colours.map(partsOf);
  for (let place = 0; place < shares[0].length; place += 1) {
    let most = 0;
    const parts = [0, 0, 0];
    shares.forEach((its, index) => {
      const share = its[place];
      most = share <= most ? most : share;
      for (let part = 0; part < 3; part += 1) parts[part] += share * mixed[index][part];
    });
    const sure = (shares.length * most - 1) / (shares.length - 1);
    bytes.set([...parts, 255 * deepest * (sure === sure ? sure : 0)], 4 * place); // NaN differs from itself
  }
}

/** How strongly a value is coloured, from -1 to 1: orange below 0, blue above. */
export function shadeOf(value, most) {
  return Math.max(-1, Math.min(1, value / most));
}
