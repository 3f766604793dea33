// The picture of the network: its nodes, edges and labels.
/** @import { Circle, Edge, Lit } from "../types" */
/** @import { Filling } from "./nodes.js" */
/** @import { Picture } from "./picture.js" */
import { indexOf, isEdge, parameterScales } from "./film.js";
import { drawInputs, pictureOfWeights } from "./inputs.js";
import { middleOf } from "./layout.js";
import { fillingOf, isDead, mostOf } from "./nodes.js";
import { DEEPEST, drawRing, stroke, write } from "./pen.js";

const DIM = 0.75; // opacity of the background colour over everything that is not highlighted
const LEAST_MAP = 6; // the smallest radius of a node, in pixels, at which its picture is legible

/** @typedef {{ bias: number | null, isSquare: boolean, isDead: boolean }} Rim */

/**
 * Draw the nodes, edges and rings, from the parameters or from the numbers that a line highlights.
 * @param {Picture} picture
 * @param {Lit["numbers"]} [lit]
 */
export function drawNetwork(picture, lit) {
  const { scene, film, places, data } = picture;
  const shown = lit ? Array.from(lit) : picture.parameters;
  const scales = lit ? parameterScales(Array.from(lit), film.layers) : scene.scales;
  drawEdges(picture, shown, scales.weight);
  places.columns.forEach((nodes, column) => {
    if (data.pixels && column === 0) drawInputs(picture, nodes);
    else drawColumn(picture, column, shown, scales.bias);
  });
  drawPicked(picture);
  drawCaptions(picture);
  drawNames(picture);
}

/**
 * @param {Picture} picture
 * @param {number} column
 * @param {ArrayLike<number>} numbers
 * @param {number} scale of the biases
 */
function drawColumn(picture, column, numbers, scale) {
  const { film, places, data, row, alone } = picture;
  const isSquare = Boolean(data.pixels) && column === 1;
  const hasWeights = isSquare && row === null && !alone && places.columns[1][0].radius >= LEAST_MAP;
  places.columns[column].forEach((node, unit) => {
    const bias = column ? numbers[indexOf(film.layers[column - 1], unit)] / scale : null;
    const filling =
      mapIn(picture, node, column, unit) ??
      (hasWeights ? pictureOfWeights(picture, unit, numbers) : null) ??
      fillingOf(picture, column, unit);
    drawNode(picture, node, filling, { bias, isSquare, isDead: isDead(picture, column, unit) });
  });
}

/**
 * Return the picture that fills a node; null if the node has none.
 * @param {Picture} picture
 * @param {Circle} node
 * @param {number} column
 * @param {number} unit
 */
function mapIn(picture, node, column, unit) {
  const { maps } = picture.scene;
  if (!maps || picture.row !== null || node.radius < LEAST_MAP) return null;
  return maps.mapOf(column, unit, mostOf(picture, column, unit));
}

/**
 * @param {Picture} picture
 * @param {ArrayLike<number>} numbers
 * @param {number} scale
 */
function drawEdges(picture, numbers, scale) {
  const { pen, scene, data, line } = picture;
  const { positive, negative } = data.colours;
  for (const edge of scene.edges) {
    const value = numbers[edge.place] ?? 0;
    const size = Math.min(1, Math.abs(value) / scale);
    if (!Number.isFinite(size)) continue;
    pen.globalAlpha = value ? 0.12 + 0.78 * size : 0.6;
    const colour = value > 0 ? positive : value < 0 ? negative : line;
    stroke(pen, colour, 0.4 + scene.widest * size, endsOf(picture, edge));
  }
  pen.globalAlpha = 1;
}

/**
 * Return the ends of an edge, at the rims of its nodes.
 * @param {Pick<Picture, "places">} picture
 * @param {Edge} edge
 */
export function endsOf({ places: { columns } }, { column, unit, from }) {
  const start = columns[column - 1][from];
  const end = columns[column][unit];
  return [
    [start.x + start.radius, start.y],
    [end.x - end.radius, end.y],
  ];
}

/**
 * Write the heading of each column; if edges are omitted, also the number of drawn edges.
 * @param {Picture} picture
 */
function drawCaptions(picture) {
  const { pen, scene, data, places } = picture;
  const { widths } = data;
  const last = widths.length - 1;
  const full = widths.map((count) => `${count} hidden`);
  const room = places.gap - 4;
  const fits = full.slice(1, -1).every((each) => pen.measureText(each).width < room);
  const plural = (/** @type {string} */ word, /** @type {number} */ count) =>
    count === 1 ? word : `${word}s`;
  places.columns.forEach((nodes, column) => {
    const x = middleOf(nodes);
    const hidden = fits ? full[column] : String(widths[column]);
    const isLast = column === last;
    const end = isLast ? plural("output", widths[last]) : plural("input", widths[0]);
    write(picture, column && !isLast ? hidden : end, { x, y: 11 }, "center");
  });
  if (!scene.isThinned) return;
  const [drawn, all] = [scene.edges.length, scene.weights].map((count) =>
    count.toLocaleString("en"),
  );
  const place = { x: places.network.width / 2, y: places.network.height - 4 };
  write(picture, `drawn: the ${drawn} strongest of ${all} weights`, place, "center");
}

/**
 * Write the names beside the inputs.
 * @param {Picture} picture
 */
function drawNames(picture) {
  const [inputs] = picture.places.columns;
  picture.names.forEach((name, index) => {
    const { x, y, radius } = inputs[index];
    write(picture, name, { x: x - radius - 4, y: y + 4 }, "right");
  });
}

/**
 * Draw a node: its fill, and its bias as a ring. A node without a value is empty and grey.
 * @param {Picture} picture
 * @param {Circle} node
 * @param {Filling | HTMLCanvasElement} filling
 * @param {Rim} rim
 */
function drawNode(picture, node, filling, rim) {
  const { pen, ground } = picture;
  const { x, y, radius } = node;
  pen.beginPath();
  if (rim.isSquare) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  else pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = ground;
  pen.fill();
  if (filling instanceof HTMLCanvasElement) {
    const size = 2 * node.radius;
    pen.save();
    pen.clip();
    pen.drawImage(filling, node.x - node.radius, node.y - node.radius, size, size);
    pen.restore();
  } else if (Number.isFinite(filling.depth)) {
    pen.globalAlpha = filling.depth * DEEPEST;
    pen.fillStyle = filling.colour;
    pen.fill();
    pen.globalAlpha = 1;
  }
  strokeRim(picture, node, rim);
}

/**
 * Stroke the current circle by its bias; dashed if the unit is dead.
 * @param {Picture} picture
 * @param {Circle} node
 * @param {Rim} rim
 */
function strokeRim({ pen, line, data }, { radius }, { bias, isDead: isBroken }) {
  const { positive, negative } = data.colours;
  const ring = bias !== null && Number.isFinite(bias) ? bias : 0; // an input has no bias
  const size = Math.min(1, Math.abs(ring)) * Math.min(1, radius / 8);
  pen.strokeStyle = ring > 0 ? positive : ring < 0 ? negative : line;
  pen.lineWidth = ring ? 0.75 + 3 * size : 1;
  if (isBroken) pen.setLineDash([3, 3]);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * Mark the picked weight or node.
 * @param {Picture} picture
 */
function drawPicked(picture) {
  const { pen, ink, picked, places } = picture;
  if (!picked) return;
  if (isEdge(picked)) stroke(pen, ink, 2, endsOf(picture, picked));
  else {
    const node = places.columns[picked.column][picked.unit];
    drawRing(picture, node, node.radius + 4);
  }
}

/**
 * Dim everything that a line does not highlight.
 * @param {Picture} picture
 * @param {Lit} lit
 */
export function dim({ pen, ground, places }, { numbers, answers: areLit }) {
  const { network, answers } = places;
  pen.globalAlpha = DIM;
  pen.fillStyle = ground;
  if (!areLit) pen.fillRect(answers.x, answers.y, answers.width, answers.height);
  if (!numbers) pen.fillRect(0, 0, network.width, network.height);
  pen.globalAlpha = 1;
}

/**
 * Tell how many of the nodes contain a picture of the plane or the line.
 * @param {Picture} picture
 * @returns {"all" | "some" | "none"}
 */
export function picturedOf({ scene, places: { columns } }) {
  const large = columns.filter(([{ radius }]) => radius >= LEAST_MAP).length;
  if (!scene.maps || !large) return "none";
  return large < columns.length ? "some" : "all";
}
