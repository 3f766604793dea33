// Draws lines, frames, rings and text on a canvas, in the colours of values and classes.
/** @import { Box, Colours, Point } from "../types" */

/** @typedef {{ pen: CanvasRenderingContext2D, ink: string }} Inked */

export const DEEPEST = 0.85; // opacity of the strongest colour
export const SHAPES = ["■", "●", "▲", "◆"]; // of the classes; they repeat if there are more classes
/** @type {[number, number][]} */
const TRIANGLE = [
  [0, -1.2],
  [1.15, 0.8],
  [-1.15, 0.8],
];
/** @type {[number, number][]} */
const DIAMOND = [
  [0, -1.3],
  [1.3, 0],
  [0, 1.3],
  [-1.3, 0],
];

/**
 * Draw lines through places [x, y]. The canvas skips NaN.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} width
 * @param {number[][][]} lines
 */
export function stroke(pen, colour, width, ...lines) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const line of lines) {
    line.forEach(([x, y], place) => {
      if (place) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
  }
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {number} lineWidth
 * @param {Box} box
 */
export function frame(pen, colour, lineWidth, { x, y, width, height }) {
  pen.strokeStyle = colour;
  pen.lineWidth = lineWidth;
  pen.strokeRect(x, y, width, height);
}

/**
 * Draw a ring around the picked element.
 * @param {Inked} inked
 * @param {Point} place
 * @param {number} radius
 * @param {number} [width]
 */
export function drawRing({ pen, ink }, { x, y }, radius, width = 2) {
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/**
 * Write a text with its left end at a place, unless it is aligned otherwise.
 * @param {Inked} inked
 * @param {string} text
 * @param {Point} place
 * @param {CanvasTextAlign} align
 */
export function write({ pen, ink }, text, { x, y }, align = "left") {
  pen.fillStyle = ink;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/**
 * Return the longest wording that fits.
 * @param {CanvasRenderingContext2D} pen
 * @param {string[]} titles
 * @param {number} width
 */
export function longest(pen, titles, width) {
  const fits = titles.find((each) => pen.measureText(each).width <= width);
  return fits ?? titles[titles.length - 1];
}

/**
 * Return the colour strength of a value, from -1 to 1: orange below 0, blue above.
 * @param {number} value
 * @param {number} most
 */
export function shadeOf(value, most) {
  return Math.max(-1, Math.min(1, value / most));
}

/**
 * Return the colour of a shade.
 * @param {number} shade
 * @param {{ positive: string, negative: string }} colours
 */
export function ofShade(shade, { positive, negative }) {
  return shade > 0 ? positive : negative;
}

/**
 * Return the colour of a class.
 * @param {number} index
 * @param {Pick<Colours, "classes">} colours
 */
export function ofClass(index, { classes }) {
  return classes[index % classes.length];
}

/**
 * Tell whether a colour like #14191f is nearer to black than to white.
 * @param {string} colour
 */
export function isDark(colour) {
  return Number.parseInt(colour.slice(1, 3), 16) < 128;
}

/**
 * Begin the path of a class's shape around a place.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} index
 * @param {Point} place
 * @param {number} radius
 */
export function outline(pen, index, { x, y }, radius) {
  const shape = SHAPES[index % SHAPES.length];
  pen.beginPath();
  if (shape === "●") pen.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === "■") {
    pen.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  } else {
    const corners = shape === "▲" ? TRIANGLE : DIAMOND;
    for (const [right, down] of corners) pen.lineTo(x + radius * right, y + radius * down);
    pen.closePath();
  }
}
