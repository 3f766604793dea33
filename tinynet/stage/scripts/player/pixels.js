// The colours of maps, pixel by pixel. All functions are pure.

const STEPS = 255; // steps from no colour to the strongest
const DISCRETE = 0.75; // share of the strongest colour in a picture without shades

/**
 * Return the red, green and blue of a colour.
 * @param {string} colour
 */
function partsOf(colour) {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

/**
 * Return pixels from the strongest orange, through transparent, to the strongest blue; a discrete
 * palette has one shade of each.
 * @param {{ positive: string, negative: string }} colours
 * @param {number} deepest
 * @param {boolean} [isDiscrete]
 */
export function paletteOf({ positive, negative }, deepest, isDiscrete = false) {
  const colours = new Uint8ClampedArray(4 * (2 * STEPS + 1));
  for (let step = -STEPS; step <= STEPS; step += 1) {
    const size = isDiscrete ? DISCRETE * Math.sign(Math.abs(step)) : Math.abs(step) / STEPS;
    const alpha = 255 * deepest * size;
    colours.set([...partsOf(step > 0 ? positive : negative), alpha], 4 * (step + STEPS));
  }
  return new Uint32Array(colours.buffer);
}

/**
 * Paint values into pixels; NaN leaves its pixel empty.
 * @param {Uint32Array} pixels
 * @param {ArrayLike<number>} values
 * @param {{ middle: number, most: number }} scale
 * @param {Uint32Array} palette
 */
export function paint(pixels, values, { middle, most }, palette) {
  for (let place = 0; place < pixels.length; place += 1) {
    const step = Math.round((STEPS * (values[place] - middle)) / most);
    const index = Math.max(-STEPS, Math.min(STEPS, step)) + STEPS;
    pixels[place] = Number.isNaN(step) ? 0 : palette[index];
  }
}

/**
 * Paint class colours into bytes, mixed by probability; a higher probability is more opaque.
 * @param {Uint8ClampedArray} bytes
 * @param {ArrayLike<number>[]} shares
 * @param {string[]} colours
 * @param {number} deepest
 * @param {boolean} [isDiscrete] whether each place has the colour of its most probable class
 */
export function paintClasses(bytes, shares, colours, deepest, isDiscrete = false) {
  const parts = colours.map(partsOf);
  for (let place = 0; place < shares[0].length; place += 1) {
    const most = Math.max(...shares.map((its) => its[place]));
    const mixed = [0, 0, 0];
    shares.forEach((its, index) => {
      const share = isDiscrete ? Number(its[place] === most) : its[place];
      for (let part = 0; part < 3; part += 1) mixed[part] += share * parts[index][part];
    });
    const sure = isDiscrete ? most && DISCRETE : (shares.length * most - 1) / (shares.length - 1);
    bytes.set([...mixed, 255 * deepest * (Number.isNaN(sure) ? 0 : sure)], 4 * place);
  }
}
