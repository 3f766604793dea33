// Inputs that are the pixels of a picture, and the weights of the units that see them.
/** @import { Circle } from "../types" */
/** @import { Picture } from "./picture.js" */
import { element } from "../shared/elements.js";
import { largest } from "../shared/numbers.js";
import { indexOf, isEdge } from "./film.js";
import { nodeValue } from "./nodes.js";
import { DEEPEST, frame, ofShade, shadeOf } from "./pen.js";
import { thumbnail } from "./thumbnail.js";

/** @type {HTMLCanvasElement | undefined} */
let shared; // each picture of weights is drawn at once, and new canvases are slow

/**
 * Return the weights of a unit of the first layer as a picture; the largest has the strongest colour.
 * @param {Picture} picture
 * @param {number} unit
 * @param {ArrayLike<number>} numbers
 */
export function pictureOfWeights({ film, data }, unit, numbers) {
  const start = indexOf(film.layers[0], unit, 0);
  const length = data.widths[0];
  const weights = Array.from({ length }, (_, input) => numbers[start + input]);
  const most = largest(weights);
  shared ??= element("canvas");
  const shade = (/** @type {number} */ value) => ({
    colour: ofShade(value, data.colours),
    depth: Math.abs(shadeOf(value, most)) * DEEPEST,
  });
  return thumbnail(weights, shade, shared);
}

/**
 * Draw the inputs as one picture, or the weights of the hovered unit of the first layer.
 * @param {Picture} picture
 * @param {Circle[]} nodes
 */
export function drawInputs(picture, nodes) {
  const { pen, ground, ink, line, scene, row, hovered, parameters } = picture;
  const [first, last] = [nodes[0], nodes[nodes.length - 1]];
  const size = last.x - first.x + 2 * first.radius;
  const box = { x: first.x - first.radius, y: first.y - first.radius, width: size, height: size };
  pen.fillStyle = ground;
  pen.fillRect(box.x, box.y, box.width, box.height);
  const values = nodes.map((_, unit) => nodeValue(scene, row, { column: 0, unit }, picture));
  const made =
    hovered?.column === 1 && !isEdge(hovered)
      ? pictureOfWeights(picture, hovered.unit, parameters)
      : (scene.pictures?.inked(values, ink) ??
        thumbnail(values, (value) => ({ colour: ink, depth: value })));
  pen.drawImage(made, box.x, box.y, box.width, box.height);
  frame(pen, line, 1, box);
}
