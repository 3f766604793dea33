// A row, or the weights of a unit, as a small picture of its pixels.
import { element } from "../shared/elements.js";

const GRAIN = 4; // canvas pixels along each side of a pixel, so that its edges stay sharp

/**
 * Return a square picture of pixels.
 * @param {ArrayLike<number>} values
 * @param {(value: number) => { colour: string, depth: number }} shadeOf
 * @param {HTMLCanvasElement} [canvas] to draw the picture on
 */
export function thumbnail(values, shadeOf, canvas = element("canvas")) {
  const side = Math.sqrt(values.length);
  Object.assign(canvas, { width: side * GRAIN, height: side * GRAIN }); // this empties the canvas
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  for (let place = 0; place < values.length; place += 1) {
    const { colour, depth } = shadeOf(values[place]);
    if (!Number.isFinite(depth) || depth <= 0) continue;
    pen.globalAlpha = Math.min(1, depth);
    pen.fillStyle = colour;
    pen.fillRect((place % side) * GRAIN, Math.floor(place / side) * GRAIN, GRAIN, GRAIN);
  }
  return canvas;
}
