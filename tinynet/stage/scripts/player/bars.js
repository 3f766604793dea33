// The predictions row by row: a bar for each, with its target.
/** @import { Box } from "../types" */
/** @import { Picture } from "./picture.js" */
import { short } from "../shared/numbers.js";
import { answerOf, sharesOf } from "./field.js";
import { drawClasses } from "./legend.js";
import { longest, ofClass, ofShade, outline, stroke, write } from "./pen.js";
import { AXIS, BESIDE, FOOT, HEAD, POINT, takeSpot, WRONG } from "./spots.js";
import { nameOfRow } from "./words.js";

/**
 * @typedef {object} Rows
 * @property {string[]} titles the longest first
 * @property {number} right where the bars end
 * @property {number} foot
 * @property {number} cross where the cross of a wrong row lies
 * @property {(row: number) => boolean} isWrong
 * @property {(row: number, y: number, height: number) => void} drawRow
 */

const TALLEST = 42; // pixels of the height of a row

/**
 * Draw a bar for each row, as long as its prediction, and a mark at its target.
 * @param {Picture} picture
 */
export function drawBars(picture) {
  const { data, scene, places, predictions } = picture;
  const { targets, classes } = data;
  const { low, high } = scene.scales;
  const left = places.answers.x + BESIDE;
  const right = places.answers.x + places.answers.width - (classes ? 22 : 8);
  const x = (/** @type {number} */ value) => left + ((right - left) * (value - low)) / (high - low);
  const bottom = drawEachRow(picture, {
    titles: titlesOfBars(picture),
    right,
    foot: 2 + AXIS,
    cross: right + 7,
    isWrong: (row) => classes && answerOf([predictions[row]]) !== targets[row],
    drawRow: (row, y, height) =>
      drawBar(picture, { x: left, y, width: right - left, height }, row, x),
  });
  const middle = classes ? 0.5 : 0; // the boundary between blue and orange
  const top = places.answers.y + HEAD;
  picture.pen.globalAlpha = 0.4;
  stroke(picture.pen, picture.ink, 1, [
    [x(middle), top - 2],
    [x(middle), bottom],
  ]);
  picture.pen.globalAlpha = 1;
  const words = [low, middle, high].map(classes ? String : short);
  drawAxis(picture, [left, x(middle), right], words, bottom + 9);
}

/** @param {Picture} picture */
function titlesOfBars({ data: { classes, whose } }) {
  const said = "predictions and targets";
  const marked = classes ? `, ${WRONG} wrong` : "";
  if (!whose) return [`${said}${marked}`];
  return [`${said} of ${whose}${marked}`, `${whose}${marked}`];
}

/**
 * Draw the background of a row, its prediction and its target.
 * @param {Picture} picture
 * @param {Box} box
 * @param {number} row
 * @param {(value: number) => number} x
 */
function drawBar({ pen, ink, line, data, predictions }, box, row, x) {
  const { y, height } = box;
  const prediction = predictions[row];
  const from = x(0);
  const to = x(prediction);
  pen.fillStyle = line;
  pen.globalAlpha = 0.5;
  pen.fillRect(box.x, y, box.width, height);
  pen.globalAlpha = 1;
  pen.fillStyle = ofShade(data.classes ? prediction - 0.5 : prediction, data.colours);
  if (Number.isFinite(to)) pen.fillRect(Math.min(from, to), y, Math.abs(to - from), height);
  pen.fillStyle = ink;
  const mark = Math.min(box.x + box.width - 3, x(data.targets[row]) - 1.5);
  pen.fillRect(Math.max(box.x, mark), y - 1, 3, height + 2);
}

/**
 * Draw the rows one below the other, with their numbers, and a cross on each wrong row; return
 * where they end.
 * @param {Picture} picture
 * @param {Rows} how
 */
function drawEachRow(picture, { titles, right, foot, cross, isWrong, drawRow }) {
  const { rows } = picture.data;
  const { answers } = picture.places;
  const left = answers.x + BESIDE;
  const top = answers.y + HEAD;
  const step = Math.min(TALLEST, (answers.height - HEAD - foot) / rows);
  const head = answers.y + 11;
  const title = longest(picture.pen, titles, answers.width - BESIDE);
  write(picture, title, { x: left, y: head });
  write(picture, "row", { x: left - 6, y: head }, "right");
  for (let row = 0; row < rows; row += 1) {
    const y = top + row * step;
    const height = step - 4;
    const line = y + height / 2 + 4;
    drawRow(row, y, height);
    write(picture, nameOfRow(row, picture.data), { x: left - 6, y: line }, "right");
    if (isWrong(row)) write(picture, WRONG, { x: cross, y: line });
    takeSpot(picture, row, { x: answers.x, y: y - 2, width: right - answers.x, height: step });
  }
  return top + rows * step;
}

/**
 * Write the numbers below the bars: both ends, and the middle if there is room.
 * @param {Picture} picture
 * @param {number[]} places
 * @param {string[]} words
 * @param {number} y
 */
function drawAxis(picture, [left, middle, right], [first, parting, last], y) {
  const widthOf = (/** @type {string} */ text) => picture.pen.measureText(text).width;
  const room = 8 + widthOf(parting) / 2;
  write(picture, first, { x: left, y });
  write(picture, last, { x: right, y }, "right");
  const isApart = middle - left > widthOf(first) + room && right - middle > widthOf(last) + room;
  if (isApart) write(picture, parting, { x: middle, y }, "center");
}

/**
 * Draw a bar for each row, divided by the probability of each class, with the shape of the target
 * beside it.
 * @param {Picture} picture
 */
export function drawShares(picture) {
  const { predictions, data } = picture;
  const { answers } = picture.places;
  const { targets, whose } = data;
  const count = data.widths[data.widths.length - 1];
  const left = answers.x + BESIDE;
  const right = answers.x + answers.width - 40;
  const outputs = (/** @type {number} */ row) => predictions.slice(row * count, (row + 1) * count);
  const bottom = drawEachRow(picture, {
    titles: [
      `probabilities and targets${whose ? ` of ${whose}` : ""}, ${WRONG} wrong`,
      `${whose ?? "targets"}, ${WRONG} wrong`,
    ],
    right,
    foot: FOOT,
    cross: right + 22,
    isWrong: (row) => answerOf(outputs(row)) !== targets[row],
    drawRow: (row, y, height) => {
      drawSharesOf(picture, outputs(row), { x: left, y, width: right - left, height });
      drawTarget(picture, targets[row], { x: right + 10, y: y + height / 2 });
    },
  });
  const box = { x: left - 3, y: bottom + FOOT + 4, width: answers.width - 31 };
  drawClasses(picture, box, "");
}

/**
 * @param {Picture} picture
 * @param {ArrayLike<number>} outputs
 * @param {Box} box
 */
function drawSharesOf({ pen, data }, outputs, { x, y, width, height }) {
  let left = x;
  sharesOf(outputs).forEach((share, index) => {
    if (!Number.isFinite(share)) return;
    pen.fillStyle = ofClass(index, data.colours);
    pen.fillRect(left, y, share * width, height);
    left += share * width;
  });
}

/**
 * @param {Picture} picture
 * @param {number} target
 * @param {{ x: number, y: number }} place
 */
function drawTarget({ pen, data }, target, place) {
  outline(pen, target, place, POINT);
  pen.fillStyle = ofClass(target, data.colours);
  pen.fill();
}
