// The layout of the pictures and nodes, and the choice of the edges to draw.
/** @import { Box, Circle, Edge, Layer, Places } from "../types" */
import { longest } from "./pen.js";

export const NARROW = 440; // pixels; on a narrower stage one picture lies below the other
const SHARE = 0.54; // of the width for the network; beside.css has it too
const MOST_EDGES = 1300; // more would be neither legible nor fast enough for 60 frames a second
const CROWDED = 60; // edges between two columns; with more, all are thinner
const AROUND_PLANE = 38; // pixels for the words above and below the plane
const LARGEST_PICTURE = 22; // pixels: the radius of a unit that shows its weights as a picture
const AROUND = 40; // pixels for the edges before and after these units
const LINE = 12; // pixels that a name needs

/**
 * Return the edges to draw, layer by layer, the weakest first: only the strongest of a large layer.
 * @param {Layer[]} layers
 * @param {Float32Array} peaks
 * @returns {Edge[]}
 */
export function edgesOf(layers, peaks) {
  const most = Math.floor(MOST_EDGES / layers.length);
  return layers.flatMap((layer, index) => {
    const edges = Array.from({ length: layer.biases - layer.weights }, (_, place) => ({
      column: index + 1,
      unit: Math.floor(place / layer.inputs),
      from: place % layer.inputs,
      place: layer.weights + place,
    }));
    edges.sort((one, other) => peaks[one.place] - peaks[other.place]);
    return edges.slice(-most);
  });
}

/**
 * Return the width of the strongest edge in pixels; more edges between two columns make it thinner.
 * @param {Edge[]} edges
 */
export function widestOf(edges) {
  /** @type {Record<number, number>} */
  const counts = {};
  for (const { column } of edges) counts[column] = (counts[column] ?? 0) + 1;
  return 4.6 * Math.sqrt(Math.min(1, CROWDED / Math.max(...Object.values(counts))));
}

/**
 * Place the units of a first layer that show pictures, in rows of squares as large as the room allows.
 * @param {number} count
 * @param {Box} room around the middle x
 * @returns {Circle[]}
 */
function squares(count, { x, y, width, height }) {
  const sizes = Array.from({ length: count }, (_, index) =>
    Math.min(width / (index + 1), height / Math.ceil(count / (index + 1))),
  );
  const size = Math.max(...sizes);
  const across = sizes.indexOf(size) + 1;
  const down = Math.ceil(count / across);
  const radius = Math.max(2, Math.min(LARGEST_PICTURE, size * 0.44));
  return inRows(count, across, { x, y, width: size, height: height / down }, radius);
}

/**
 * Place nodes in rows.
 * @param {number} count
 * @param {number} across nodes in a row
 * @param {Box} cell the size of a node's cell, below the middle of the top edge of all rows
 * @param {number} radius
 * @returns {Circle[]}
 */
function inRows(count, across, { x, y, width, height }, radius) {
  return Array.from({ length: count }, (_, node) => ({
    x: x + width * ((node % across) + 0.5 - across / 2),
    y: y + height * (Math.floor(node / across) + 0.5),
    radius,
  }));
}

/**
 * Return the middle of a column, which may have nodes beside each other.
 * @param {Circle[]} nodes
 */
export function middleOf(nodes) {
  const places = nodes.map(({ x }) => x);
  return (Math.min(...places) + Math.max(...places)) / 2;
}

/**
 * Place the two pictures, and the columns of nodes, in a stage of the given width.
 * @param {number} width
 * @param {number[]} widths
 * @param {{ names?: number, foot?: number, height?: number, below?: number, narrow?: number, side?: number }} room
 *   for names beside, for words below, for the losses below the network; the width below which the
 *   stage is narrow; and the side of the inputs in pixels, if they are a picture
 * @returns {Places}
 */
export function layout(width, widths, room = {}) {
  const { names = 0, foot = 0, height = 320, below = 0, narrow = NARROW, side = 0 } = room;
  const isNarrow = width < narrow;
  const network = { width: isNarrow ? width : width * SHARE, height: height - below };
  const beside = isNarrow ? 0 : network.width + 16;
  const answers = {
    x: beside,
    y: isNarrow ? network.height + 16 : 0,
    width: width - beside,
    height: isNarrow ? Math.max(height, width + AROUND_PLANE) : height, // a square plane
  };
  const tall = network.height - 28 - foot;
  const square = side && Math.min(tall, 0.26 * network.width);
  const left = square ? 8 + square / 2 : Math.max(26, names + 18);
  const gap = (network.width - 30 - left) / (widths.length - 1);
  const columns = widths.map((count, column) => {
    const x = left + gap * column;
    if (side && column === 0) {
      const pixel = square / side;
      const cell = { x, y: 22 + (tall - square) / 2, width: pixel, height: pixel };
      return inRows(count, side, cell, pixel / 2);
    }
    if (side && column === 1) {
      const after = widths.length > 2 ? gap - AROUND : LARGEST_PICTURE;
      const width = 2 * Math.min(gap - square / 2 - AROUND, after);
      return squares(count, { x, y: 22, width, height: tall });
    }
    const step = tall / count;
    const radius = Math.max(2, Math.min(biggest(column, widths), step * 0.42, gap * 0.2));
    return inRows(count, 1, { x, y: 22, width: step, height: step }, radius);
  });
  return { network, answers, columns, gap, height: answers.y + answers.height };
}

/**
 * Return the largest radius of a column's nodes.
 * @param {number} column
 * @param {number[]} widths
 */
function biggest(column, widths) {
  if (column === 0) return 14;
  return column < widths.length - 1 ? 18 : 20;
}

/**
 * Shorten the names of the inputs to the available room; without room, to nothing.
 * @param {CanvasRenderingContext2D} pen
 * @param {string[]} names
 * @param {number} width
 * @param {number} height
 */
export function namesThatFit(pen, names, width, height) {
  if (names.length && (height - 28) / names.length < LINE) return [];
  const most = width * (width < NARROW ? 0.3 : 0.2);
  return names.map((name) => {
    const cuts = Array.from(
      { length: name.length - 1 },
      (_, index) => `${name.slice(0, -1 - index)}…`,
    );
    return longest(pen, [name, ...cuts], most);
  });
}
