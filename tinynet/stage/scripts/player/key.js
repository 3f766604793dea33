// The key of the picture: a sample and an explanation of each mark.
/** @import { Message } from "../types" */
import { element } from "../shared/elements.js";
import { isMulticlass } from "./film.js";
import { classOf, drawnInWords } from "./words.js";

/** @typedef {{ mark?: string, colour?: string, words: string }} Mark */

/**
 * Return the marks of a picture with their explanations.
 * @param {Message} data
 * @param {string} fills the words for the fill of the nodes
 * @returns {Mark[]}
 */
export function keyOf(data, fills) {
  const { classes, shutsOff, colours, widths } = data;
  const isBinary = classes && !isMulticlass(data);
  const blue = isBinary ? ` or ${classOf(1, data)}` : "";
  const orange = isBinary ? ` or ${classOf(0, data)}` : "";
  const canDie = shutsOff && widths.length > 2;
  return [
    { mark: "line", words: "line: weight" },
    { mark: "ring", words: "ring: bias" },
    { mark: "fill", words: `fill: ${fills}` },
    { words: "stronger: larger" },
    ...marksOfAnswers(data),
    { mark: "square", colour: colours.positive, words: `blue: +${blue}` },
    { mark: "square", colour: colours.negative, words: `orange: −${orange}` },
    ...(isMulticlass(data) && !data.pixels
      ? [{ words: "outputs: the colours of their classes" }]
      : []),
    ...(canDie ? [{ mark: "broken ring", words: "dashed: dead" }] : []),
  ];
}

/**
 * Return the marks of the predictions that the picture itself does not explain.
 * @param {Message} data
 * @returns {Mark[]}
 */
function marksOfAnswers(data) {
  if (data.field || data.pixels?.pad) return [];
  if (data.scatter) {
    const one = data.scatter.areAll ? "row" : `one of ${drawnInWords(data.scatter)}`;
    return [{ mark: "dot", words: `dot: ${one}` }];
  }
  if (isMulticlass(data)) return [{ words: "shape: target" }];
  return [{ mark: "tick", words: "tick: target" }];
}

/**
 * Say what fills the nodes.
 * @param {string | null} shown whose values; null for all rows
 * @param {Message} data
 * @param {"all" | "some" | "none"} pictured how many nodes contain a picture
 */
export function fillsInWords(shown, { field, pixels, whose }, pictured) {
  if (shown !== null) return `value for ${shown}`;
  const mean = `mean of ${whose ?? "the batch"}`;
  if (pixels) return `${mean}; first layer: weights`;
  if (pictured === "none") return mean;
  const places = field?.dimensions === 2 ? "value all over the plane" : "value for every x";
  return pictured === "all" ? places : `${places}; if small, the mean`;
}

/**
 * Write the key as a list; the style sheet draws the marks.
 * @param {HTMLElement} list
 * @param {Mark[]} key
 */
export function writeKey(list, key) {
  const entries = key.map(({ mark, colour, words }) => {
    const sample = element("i", { className: mark ?? "" });
    sample.style.color = colour ?? "";
    return element("li", {}, ...(mark ? [sample] : []), words);
  });
  list.replaceChildren(...entries);
}
