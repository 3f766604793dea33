// The canvas, and the context that every drawing function needs.
/** @import { Alone, Element, Message, Film, Places } from "../types" */
/** @import { Dots } from "./dots.js" */
/** @import { Maps } from "./maps.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Spot } from "./spots.js" */
import { zoomOfText } from "../shared/elements.js";
import { mixed, placeBetween } from "./film.js";
import { layout, NARROW, namesThatFit } from "./layout.js";
import { isDark } from "./pen.js";
import { AXIS } from "./spots.js";

const CHIPS = 26; // pixels for the buttons of the features

/**
 * @typedef {object} Arranged what is drawn where
 * @property {CanvasRenderingContext2D} pen
 * @property {string[]} names of the inputs
 * @property {Places} places
 * @property {number} caption height of the words below the network
 */
/**
 * @typedef {object} Scaled
 * @property {number} zoom scale of the page's text
 * @property {number} scale canvas pixels per layout pixel
 */
/** @typedef {Arranged & Scaled} Sheet the canvas, as it is laid out */
/**
 * @typedef {object} Colours of the theme
 * @property {string} ink
 * @property {string} ground
 * @property {string} dark the darker of ink and ground
 * @property {string} line
 */
/**
 * @typedef {object} Moment
 * @property {Scene} scene
 * @property {Message} data
 * @property {Film} film
 * @property {number} position in states; fractional while the film plays
 * @property {number} reached the last state reached, whose numbers are displayed
 * @property {number | null} row the picked row; null shows the mean of all rows
 * @property {Alone | null} alone what the pad shows
 * @property {Element | null} hovered
 * @property {Element | null} picked
 * @property {Float32Array} parameters interpolated between two states
 * @property {Float32Array} hidden
 * @property {Float32Array} predictions
 * @property {Spot[]} spots places where a row can be picked
 */
/** @typedef {Sheet & Colours & Moment} Picture */

/**
 * Lay out the stage in the available room; return null if there is none.
 * @param {HTMLElement} box
 * @param {HTMLCanvasElement} canvas
 * @param {{ height: number, below: number }} room height of the stage, and of the losses below the
 *   network, in the window's pixels
 * @param {Scene} scene
 * @returns {Sheet | null}
 */
export function layOut(box, canvas, room, scene) {
  // Everything is placed on a stage of standard size, which is then scaled with the page's text.
  const zoom = zoomOfText();
  const width = box.clientWidth / zoom;
  if (!width) return null;
  const scale = zoom * (devicePixelRatio || 1);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.font = fontOf(box);
  const sheet = arranged(pen, scene, {
    ...{ width, height: room.height / zoom, below: room.below / zoom },
    chips: scene.data.shape?.features.length ? CHIPS : 0,
    narrow: parseFloat(getComputedStyle(box).getPropertyValue("--narrow")) || NARROW,
  });
  const { places } = sheet;
  canvas.style.height = `${places.height * zoom}px`;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(places.height * scale);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  return { ...sheet, zoom, scale };
}

/**
 * Arrange the pictures for a pen.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{ width: number, height: number, below: number, narrow: number, chips: number }} room
 * @returns {Arranged}
 */
export function arranged(pen, { data, isThinned }, { width, height, below, narrow, chips }) {
  const side = data.pixels?.side ?? 0;
  const names = side ? [] : namesThatFit(pen, data.names, width, height - below);
  const widths = names.map((name) => pen.measureText(name).width);
  const caption = isThinned ? AXIS + 2 : 0;
  const foot = caption + chips;
  const room = { names: Math.max(0, ...widths), foot, height, below, narrow, side };
  return { pen, names, places: layout(width, data.widths, room), caption };
}

/** @param {HTMLElement} box */
export function fontOf(box) {
  return `12px ${getComputedStyle(box).fontFamily}`;
}

/**
 * Return the colours of the theme.
 * @param {HTMLElement} box
 * @returns {Colours}
 */
export function coloursOf(box) {
  const style = getComputedStyle(box);
  const ink = style.color;
  const ground = style.getPropertyValue("--st-background-color") || "#fff";
  const line = style.getPropertyValue("--st-border-color") || "#ccc";
  return { ink, ground, dark: isDark(ground) ? ground : ink, line };
}

/**
 * Return the values of a network between two states, and compute its maps and dots from them.
 * @param {Scene} scene
 * @param {ReturnType<typeof placeBetween>} place
 */
export function valuesAt({ film, maps, dots }, place) {
  const parameters = between(film, "parameters", place);
  maps?.pass(parameters);
  dots?.pass(film.layers, parameters);
  const hidden = between(film, "hidden", place);
  return { parameters, hidden, predictions: between(film, "predictions", place) };
}

/**
 * Interpolate a part of the film between two states.
 * @param {Film} film
 * @param {"parameters" | "hidden" | "predictions"} part
 * @param {ReturnType<typeof placeBetween>} place
 */
function between(film, part, { first, second, share }) {
  const one = film[part](first);
  if (!share) return one;
  const other = film[part](second);
  return one.map((value, index) => mixed(value, other[index], share));
}
