// The answers to pictures: the pad with what was drawn or picked, the probability of each class,
// and the rows as pictures, the wrong ones first.
/** @import { Box } from "../types" */
/** @import { Picture } from "./picture.js" */
/** @import { Judged, Pictures } from "./pictures.js" */
import { answerOf } from "./field.js";
import { frame, longest, ofClass, stroke, write } from "./pen.js";
import { sharesOf } from "./pictures.js";
import { HEAD } from "./spots.js";
import { classOf, nameOfRow } from "./words.js";

const [ACROSS, DOWN] = [0.44, 0.42]; // of the width and the height for the pad
const LARGEST = 190; // pixels of the pad
const TALLEST = 18; // pixels of a bar
const WIDEST = 64; // pixels of a name beside it
const CELL = 40; // pixels of a row's picture
const BETWEEN = 8; // pixels between two pictures
const LINE = 16; // pixels of the words below a picture
const PEN = 0.07; // the width of the drawn line, as a share of the pad

/**
 * Return the box of the pad within the box of the answers.
 * @param {Box} answers
 */
export function padBox({ x, y, width, height }) {
  const size = Math.min(LARGEST, ACROSS * width, DOWN * height - HEAD);
  return { x, y: y + HEAD, width: size, height: size };
}

/**
 * @param {Picture} picture
 * @param {Pictures} pictures
 */
export function drawGallery(picture, pictures) {
  const box = padBox(picture.places.answers);
  drawPad(picture, pictures, box);
  drawShares(picture, box);
  drawRows(picture, pictures, box);
}

/**
 * Return what the pad shows, or the picked row of the film: its name, outputs and target.
 * @param {Picture} picture
 */
function shownOn({ alone, row, data, predictions }) {
  const { widths, targets } = data;
  if (alone) return { ...alone, outputs: alone.columns[widths.length - 1].map(([each]) => each) };
  if (row === null) return null;
  const count = widths[widths.length - 1];
  const outputs = [...predictions.slice(row * count, (row + 1) * count)];
  return { name: `row ${nameOfRow(row, data)}`, outputs, target: targets[row] };
}

/**
 * Say what the network answers to what the pad shows.
 * @param {Picture} picture
 */
export function answerInWords(picture) {
  const shown = shownOn(picture);
  if (!shown) return "answer";
  const [answer, target] = [answerOf(shown.outputs), shown.target];
  const words = `answer: ${classOf(answer, picture.data)}`;
  const isWrong = target !== null && target !== answer;
  return isWrong ? `${words}, target ${classOf(target, picture.data)}` : words;
}

/**
 * @param {Picture} picture
 * @param {Pictures} pictures
 * @param {Box} box
 */
function drawPad(picture, pictures, box) {
  const { pen, ink, line, alone, row, data } = picture;
  const { x, y, width } = box;
  const count = data.widths[0];
  write(picture, shownOn(picture)?.name ?? "pad", { x, y: y - 9 });
  const values = alone?.values ?? data.x.slice((row ?? 0) * count, ((row ?? 0) + 1) * count);
  if (alone?.strokes) {
    const lines = alone.strokes.map((points) =>
      [points[0], ...points].map((point) => [x + width * point.x, y + width * point.y]),
    );
    Object.assign(pen, { lineCap: "round", lineJoin: "round" });
    stroke(pen, ink, PEN * width, ...lines);
    Object.assign(pen, { lineCap: "butt", lineJoin: "miter" });
  } else if (alone || row !== null) pen.drawImage(pictures.inked(values, ink), x, y, width, width);
  else write(picture, "draw here", { x: x + width / 2, y: y + width / 2 + 4 }, "center");
  frame(pen, line, 1, box);
}

/**
 * Draw the probability of each class beside the pad.
 * @param {Picture} picture
 * @param {Box} box
 */
function drawShares(picture, box) {
  const { pen, line, data, places } = picture;
  const shown = shownOn(picture);
  const shares = shown && sharesOf(shown.outputs);
  const count = Math.max(2, data.widths[data.widths.length - 1]);
  const names = Array.from({ length: count }, (_, index) => classOf(index, data));
  const left = box.x + box.width + 16;
  const right = places.answers.x + places.answers.width - 2;
  const step = Math.min(TALLEST, box.height / count);
  const room = Math.min(WIDEST, Math.max(...names.map((each) => pen.measureText(each).width)) + 8);
  write(picture, answerInWords(picture), { x: left, y: box.y - 9 });
  names.forEach((name, index) => {
    const y = box.y + index * step;
    const bar = { x: left + room, y: y + 2, width: right - 42 - left - room, height: step - 4 };
    write(picture, longest(pen, [name, String(index)], room), { x: left, y: y + step / 2 + 4 });
    pen.fillStyle = line;
    pen.fillRect(bar.x, bar.y, bar.width, bar.height);
    if (!shares || !Number.isFinite(shares[index])) return;
    pen.fillStyle = ofClass(index, data.colours);
    pen.fillRect(bar.x, bar.y, bar.width * shares[index], bar.height);
    const percent = (100 * shares[index]).toFixed(1);
    write(picture, `${percent} %`, { x: right, y: y + step / 2 + 4 }, "right");
  });
}

/**
 * Draw as many rows as there is room for.
 * @param {Picture} picture
 * @param {Pictures} pictures
 * @param {Box} box of the pad
 */
function drawRows(picture, pictures, box) {
  const { answers } = picture.places;
  const rows = pictures.judge(picture.reached);
  const wrong = rows.filter(({ answer, target }) => answer !== target).length;
  const title = `${wrong} of ${pictures.facts.whose} wrong`;
  const titles = [`${title}, worst first: target → answer`, `${title}, worst first`, title];
  const top = box.y + box.height + 24;
  write(picture, longest(picture.pen, titles, answers.width), { x: answers.x, y: top - 6 });
  const across = Math.floor((answers.width + BETWEEN) / (CELL + BETWEEN));
  const down = Math.floor((answers.y + answers.height - top) / (CELL + LINE));
  rows.slice(0, across * Math.max(1, down)).forEach((row, place) => {
    const x = answers.x + (place % across) * (CELL + BETWEEN);
    const y = top + Math.floor(place / across) * (CELL + LINE);
    drawRow(picture, pictures, row, { x, y, width: CELL, height: CELL });
  });
}

/**
 * @param {Picture} picture
 * @param {Pictures} pictures
 * @param {Judged} row
 * @param {Box} box
 */
function drawRow(picture, pictures, { index, target, answer }, box) {
  const { pen, ink, line, spots, alone, data } = picture;
  const isPicked = alone?.index === index;
  pen.drawImage(pictures.pictureOf(index, ink), box.x, box.y, CELL, CELL);
  frame(pen, isPicked ? ink : line, isPicked ? 2 : 1, box);
  const said = [target, answer].slice(0, target === answer ? 1 : 2);
  const words = [said.map((each) => classOf(each, data)).join("→"), said.join("→")];
  const place = { x: box.x + CELL / 2, y: box.y + CELL + 12 };
  pen.globalAlpha = target === answer ? 0.6 : 1;
  write(picture, longest(pen, words, CELL + BETWEEN), place, "center");
  pen.globalAlpha = 1;
  spots.push({ row: index, ...box, height: CELL + LINE });
}
