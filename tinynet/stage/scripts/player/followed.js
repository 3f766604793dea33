// The weight or bias whose history is plotted.
/** @import { Element } from "../types" */
/** @import { Picture } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { format } from "../shared/numbers.js";
import { mixed, placeBetween } from "./film.js";
import { stroke, write } from "./pen.js";
import { fontOf } from "./picture.js";
import { followed, inWords, numberName } from "./words.js";

const HEIGHT = 84; // pixels
const EDGE = 8; // pixels around the plot
const LABELS = 56; // pixels for its labels

export class Followed {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.box = find(player.box, "follow");
    this.story = find(player.box, "story");
    /** @type {HTMLCanvasElement} */
    this.canvas = find(player.box, "history");
    /** @type {Element | null} */
    this.picked = null;
  }

  /** Stop following a number that the current network lacks. */
  keep() {
    if (!this.player.scene.has(this.picked)) this.picked = null;
  }

  /**
   * Follow a weight, or the bias of a node; a second pick stops following it.
   * @param {Element | null} it
   */
  pick(it) {
    const { player, picked } = this;
    const { scene, playback } = player;
    const isSame = it && picked && scene.placeOf(it) === scene.placeOf(picked);
    this.picked = !isSame && scene.has(it) ? it : null;
    player.draw();
    const story = this.picked && this.story.textContent;
    player.say(story ?? inWords(scene.film, playback.state, scene.data));
    if (this.picked) this.tellUnit(this.picked);
  }

  /**
   * Tell the server the picked hidden unit, if the page shows *Look inside*.
   * @param {Element} picked
   */
  tellUnit({ column, unit }) {
    const { widths, opensEpochs } = this.player.scene.data;
    const isHidden = column > 0 && column < widths.length - 1;
    if (opensEpochs && isHidden) this.player.tell("pick", { layer: column - 1, unit });
  }

  /**
   * Write the number in the shown state, and plot its history.
   * @param {Picture} picture
   */
  draw({ ink, line, zoom, position, reached, scene }) {
    const { picked } = this;
    this.box.hidden = !picked;
    if (!picked) return;
    const { film, data } = scene;
    const place = scene.placeOf(picked);
    this.story.textContent = followed(film, reached, place, numberName(picked, data), data);
    const states = { length: film.states };
    const values = Array.from(states, (_, state) => film.parameters(state)[place]);
    const font = fontOf(this.player.box);
    drawCourse(this.canvas, values, { ink, line, zoom, font, position });
  }
}

/**
 * Plot a number over the run, between its smallest and largest value.
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} values one for each state
 * @param {{ ink: string, line: string, zoom: number, font: string, position: number }} how
 */
function drawCourse(canvas, values, { ink, line, zoom, font, position }) {
  const width = canvas.clientWidth / zoom;
  const scale = zoom * (devicePixelRatio || 1);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.font = font;
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const last = values.length - 1;
  const bottom = HEIGHT - EDGE;
  const x = (/** @type {number} */ state) =>
    LABELS + ((width - LABELS - EDGE) * state) / Math.max(1, last);
  const y = (/** @type {number} */ value) =>
    high > low ? bottom - ((bottom - EDGE) * (value - low)) / (high - low) : HEIGHT / 2;
  for (const value of high > low ? [low, high] : [low]) {
    write({ pen, ink }, format(value), { x: LABELS - 8, y: y(value) + 4 }, "right");
  }
  if (low < 0 && high > 0) {
    stroke(pen, line, 1, [
      [x(0), y(0)],
      [x(last), y(0)],
    ]);
  }
  const states = [...values.keys()].filter((state) => Number.isFinite(values[state]));
  const course = states.map((state) => [x(state), y(values[state])]);
  stroke(pen, ink, 1.5, course);
  const { first, second, share } = placeBetween(position, values.length);
  const now = mixed(values[first], values[second], share);
  if (!Number.isFinite(now)) return;
  pen.beginPath();
  pen.arc(x(position), y(now), 4, 0, 2 * Math.PI);
  pen.fill();
}
