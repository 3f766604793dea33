// The loss chart of a video: the lines of the page's chart, drawn without plotly.
/** @import { Box, Layout, PlotlyFigure, Point } from "../types" */
/** @import { Picture } from "./picture.js" */
import { grouped } from "../shared/numbers.js";
import { numberAt, placeBetween } from "./film.js";
import { frame, stroke, write } from "./pen.js";

const AROUND = { left: 40, right: 8, top: 22, bottom: 16 }; // pixels for the words
const FAINT = 0.3; // opacity of what is still to come
const TICKS = 4; // of the loss axis, or one more

/** @typedef {{ name: string, y: Float32Array, showlegend?: boolean, line: any }} Line */

/**
 * Draw the losses up to an epoch in full, and the later ones faintly.
 * @param {Picture} picture
 * @param {PlotlyFigure} figure
 * @param {Box} room
 * @param {number} epoch fractional between two epochs
 */
export function drawLosses(picture, { data, layout }, room, epoch) {
  const { pen } = picture;
  const box = {
    x: room.x + AROUND.left,
    y: room.y + AROUND.top,
    width: room.width - AROUND.left - AROUND.right,
    height: room.height - AROUND.top - AROUND.bottom,
  };
  const lines = /** @type {Line[]} */ (/** @type {unknown} */ (data)).filter(({ line }) => line);
  const across = (/** @type {number} */ value) =>
    box.x + (box.width * value) / layout.xaxis.range[1];
  const upright = heightIn(layout.yaxis, box);
  drawFrame(picture, layout, box, upright);
  nameLines(picture, lines, { x: box.x + box.width, y: room.y + 11 });
  let own = Number.NaN; // the height of the run's own line
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  for (const { name, y, line } of lines) {
    const heights = Array.from(y, upright);
    const height = numberAt(heights, placeBetween(epoch, y.length));
    const places = heights.map((each, state) => [across(state), each]);
    const past = places.slice(0, Math.floor(epoch) + 1);
    pen.setLineDash(line.dash === "dot" ? [2, 3] : []);
    pen.globalAlpha = FAINT;
    stroke(pen, line.color, line.width, places);
    pen.globalAlpha = 1;
    stroke(pen, line.color, line.width, [...past, [across(epoch), height]]);
    if (name === layout.meta) own = height;
  }
  pen.restore();
  if (own >= box.y && own <= box.y + box.height) drawDot(picture, across(epoch), own);
}

/**
 * Draw the dot of the epoch on the line of the run.
 * @param {Picture} picture
 * @param {number} x
 * @param {number} y
 */
function drawDot({ pen, ground, ink }, x, y) {
  pen.beginPath();
  pen.arc(x, y, 4.5, 0, 2 * Math.PI);
  pen.fillStyle = ground;
  pen.fill();
  pen.strokeStyle = ink;
  pen.lineWidth = 2.5;
  pen.stroke();
}

/**
 * Return a function from a loss to its height.
 * @param {Layout} axis
 * @param {Box} box
 * @returns {(loss: number) => number}
 */
function heightIn({ range: [low, high], type }, box) {
  const along = (/** @type {number} */ loss) => (type === "log" ? Math.log10(loss) : loss);
  return (loss) => box.y + (box.height * (high - along(loss))) / (high - low);
}

/**
 * Return the losses at which the axis has a number: round ones, from the lowest.
 * @param {Layout} axis
 */
function ticksOf({ range: [low, high], type }) {
  const rough = (high - low) / TICKS;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const steps = type === "log" ? [Math.ceil(rough)] : [1, 2, 5, 10].map((each) => each * decade);
  const step = steps.find((each) => each >= rough) ?? 1;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const places = Array.from({ length: count }, (_, index) => (first + index) * step);
  return places.map((place) => Number((type === "log" ? 10 ** place : place).toPrecision(6)));
}

/**
 * @param {Picture} picture
 * @param {Layout} layout
 * @param {Box} box
 * @param {(loss: number) => number} upright
 */
function drawFrame(picture, { xaxis, yaxis }, box, upright) {
  const { pen, line } = picture;
  frame(pen, line, 1, box);
  write(picture, "Loss by epoch", { x: box.x, y: box.y - 9 });
  for (const loss of ticksOf(yaxis)) {
    const y = upright(loss);
    const tick = [box.x - 4, box.x].map((x) => [x, y]);
    stroke(pen, line, 1, tick);
    write(picture, String(loss), { x: box.x - 6, y: y + 4 }, "right");
  }
  const y = box.y + box.height + 14;
  write(picture, "0", { x: box.x, y }, "center");
  write(picture, grouped(xaxis.range[1]), { x: box.x + box.width, y }, "right");
}

/**
 * Name the lines from right to left, if there are several.
 * @param {Picture} picture
 * @param {Line[]} lines
 * @param {Point} end
 */
function nameLines(picture, lines, { x, y }) {
  const { pen } = picture;
  const named = lines.filter(({ showlegend }) => showlegend !== false);
  if (named.length < 2) return;
  let right = x;
  for (const { name, line } of named.reverse()) {
    write(picture, name, { x: right, y }, "right");
    right -= pen.measureText(name).width + 4;
    pen.setLineDash(line.dash === "dot" ? [2, 3] : []);
    const sample = [right - 20, right].map((end) => [end, y - 4]);
    stroke(pen, line.color, line.width, sample);
    pen.setLineDash([]);
    right -= 32;
  }
}
