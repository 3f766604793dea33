// Inputs that are the pixels of a picture, and the weights of the units that see them.
/** @import { Circle, Colours, Layer } from "../types" */
/** @import { Picture } from "./picture.js" */
import { element } from "../shared/elements.js";
import { largest } from "../shared/numbers.js";
import { indexOf, isEdge } from "./film.js";
import { nodeValue } from "./nodes.js";
import { DEEPEST, frame, ofShade, shadeOf } from "./pen.js";
import { thumbnail } from "./thumbnail.js";

/** @type {HTMLCanvasElement | undefined} */
let shared; // each picture of weights is drawn at once, and new canvases are slow
const SMALLEST = 6; // pixels of the radius of a node whose picture is legible

/**
 * Return the weights of a unit of the first layer as a picture; null where its value is shown.
 * @param {Picture} picture
 * @param {{ radius: number }} node
 * @param {number} unit
 * @param {ArrayLike<number>} numbers
 */
export function weightsIn({ data, film, row, alone }, { radius }, unit, numbers) {
  const isShown = row === null && !alone && radius >= SMALLEST;
  return isShown ? pictureOfWeights(film.layers[0], unit, numbers, data.colours) : null;
}

/**
 * Draw a unit's weights, with the strongest colour for its largest weight.
 * @param {Layer} layer
 * @param {number} unit
 * @param {ArrayLike<number>} numbers
 * @param {Colours} colours
 */
function pictureOfWeights(layer, unit, numbers, colours) {
  const weights = Array.from(
    { length: layer.inputs },
    (_, input) => numbers[indexOf(layer, unit, input)],
  );
  const most = largest(weights);
  shared ??= element("canvas");
  const shade = (/** @type {number} */ value) => ({
    colour: ofShade(value, colours),
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
  const { pen, ground, ink, line, scene, data, film, row, hovered, parameters } = picture;
  const box = boxAround(nodes);
  pen.fillStyle = ground;
  pen.fillRect(box.x, box.y, box.width, box.height);
  const values = nodes.map((_, unit) => nodeValue(scene, row, { column: 0, unit }, picture));
  const made =
    hovered?.column === 1 && !isEdge(hovered)
      ? pictureOfWeights(film.layers[0], hovered.unit, parameters, data.colours)
      : (scene.pictures?.inked(values, ink) ??
        thumbnail(values, (value) => ({ colour: ink, depth: value })));
  pen.drawImage(made, box.x, box.y, box.width, box.height);
  frame(pen, line, 1, box);
}

/**
 * Return the box around the pixels of a picture.
 * @param {Circle[]} nodes
 */
function boxAround(nodes) {
  const [first, last] = [nodes[0], nodes[nodes.length - 1]];
  const size = last.x - first.x + 2 * first.radius;
  return { x: first.x - first.radius, y: first.y - first.radius, width: size, height: size };
}
