// The words above and below a picture of the plane or the line.
/** @import { Box, Message } from "../types" */
/** @import { Picture } from "./picture.js" */
import { isEdge, isMulticlass } from "./film.js";
import { longest, ofClass, SHAPES, write } from "./pen.js";
import { RINGED, SIGNS } from "./spots.js";
import { classOf, nameOf } from "./words.js";

/** @typedef {{ column: number, unit: number, isOutput: boolean, isMixed: boolean }} Shown */

/**
 * Return the unit whose picture is enlarged: the hovered unit, else the output, or a mix of all
 * outputs.
 * @param {Picture} picture
 * @returns {Shown}
 */
export function shownOf({ hovered, row, data }) {
  const node = hovered && !isEdge(hovered) && row === null ? hovered : null;
  const last = data.widths.length - 1;
  const { column, unit } = node ?? { column: last, unit: 0 };
  return { column, unit, isOutput: column === last, isMixed: !node && isMulticlass(data) };
}

/**
 * Write a title above a picture, and an explanation of its points below it.
 * @param {Picture} picture
 * @param {boolean} hasTests
 * @param {Shown} shown
 * @param {Box} box
 */
export function drawLegend(picture, hasTests, shown, box) {
  const { pen, data } = picture;
  const below = { ...box, y: box.y + box.height + 23 };
  const more = [
    ...(hasTests ? ["hollow: test rows"] : []),
    ...(data.classes ? [`${RINGED} wrong`] : []),
  ];
  if (shown.isMixed) drawClasses(picture, box);
  else {
    const title = longest(pen, titlesOf(data, shown), box.width);
    write(picture, title, { x: box.x, y: box.y - 9 });
  }
  if (data.classes && !isMulticlass(data)) return drawClasses(picture, below, "rows:", more);
  const points = data.classes ? "points: rows" : "points: the rows' targets";
  const words = [[points, ...more], more].map((each) => each.join(", "));
  return write(picture, longest(pen, words, box.width), { x: below.x, y: below.y - 9 });
}

/**
 * Return titles for a picture, the longest first.
 * @param {Message} data
 * @param {Shown} shown
 */
function titlesOf(data, { column, unit, isOutput }) {
  const name = nameOf(column, unit, data);
  if (isOutput && isMulticlass(data)) {
    const itsClass = `class ${classOf(unit, data)}`;
    return [`${name}: how probable ${itsClass} is`, itsClass];
  }
  if (data.field?.dimensions === 1) return [isOutput ? "line: prediction" : name];
  const said = isOutput ? "prediction" : name;
  const answers = `blue ${classOf(1, data)}, orange ${classOf(0, data)}`;
  return [`${said}: ${isOutput && data.classes ? answers : SIGNS}`, said];
}

/**
 * Write the colour and shape of each class above a picture, by name or, if there is no room, by
 * number.
 * @param {Picture} picture
 * @param {{ x: number, y: number, width: number }} box
 * @param {string[]} more further texts
 */
export function drawClasses({ pen, ink, data }, box, said = "prediction:", more = []) {
  const end = more.map((each) => `, ${each}`).join("");
  const count = Math.max(2, data.widths[data.widths.length - 1]);
  const numbers = Array.from({ length: count }, (_, index) => String(index));
  const names = numbers.map((_, index) => classOf(index, data));
  const forms = [
    { title: said, words: names },
    { title: "", words: names },
    { title: said, words: numbers },
    { title: "", words: numbers },
  ];
  const whole = (/** @type {{ title: string, words: string[] }} */ { title, words }) =>
    [title, ...words.map((word) => `■ ${word}`)].join(" ") + end;
  const fits = forms.find((form) => pen.measureText(whole(form)).width <= box.width);
  const { title, words } = fits ?? forms[forms.length - 1];
  let x = box.x;
  const add = (/** @type {string} */ text, /** @type {string} */ colour) => {
    pen.fillStyle = colour;
    pen.fillText(text, x, box.y - 9);
    x += pen.measureText(text).width;
  };
  pen.textAlign = "left";
  add(title, ink);
  words.forEach((word, index) => {
    add(` ${SHAPES[index % SHAPES.length]}`, ofClass(index, data.colours));
    add(` ${word}`, ink);
  });
  add(end, ink);
}
