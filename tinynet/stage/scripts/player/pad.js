// The pad: a picture drawn with the mouse or a finger, which the network answers at once, in the
// browser. A row that is picked among the pictures takes its place.
/** @import { Alone, Message, Point } from "../types" */
/** @import { Sheet } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { pixelsOf } from "./drawn.js";
import { answerInWords, padBox } from "./gallery.js";

const SPACING = 0.02; // of the pad, between two points of a stroke
const MOST_POINTS = 400; // of a drawing

export class Pad {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.plane = find(player.box, "pad");
    this.wipe = find(player.box, "wipe");
    /** @type {Point[][]} */
    this.strokes = [];
    /** @type {Float32Array | null} */
    this.values = null; // the pixels of the drawing
    /** @type {number | null} */
    this.index = null; // of the picked row
    this.isDown = false; // whether a stroke goes on
    this.wipe.onclick = () => {
      this.show([], null);
      this.plane.focus({ preventScroll: true });
      player.draw();
      player.say("The pad is empty.");
    };
    this.plane.onpointerdown = (event) => this.begin(event);
    this.plane.onpointermove = (event) => this.isDown && this.goOn(event);
    this.plane.onpointerup = this.plane.onpointercancel = () => this.end();
  }

  get pictures() {
    return this.player.scene.pictures;
  }

  /**
   * Take the message of another run; a drawing stays if its pixels fit.
   * @param {Message} data
   */
  take({ pixels }) {
    this.plane.hidden = !pixels?.pad;
    const fits = pixels?.pad && this.values?.length === pixels.side ** 2;
    this.show(fits ? this.strokes : [], null);
  }

  /**
   * Show a drawing, or a row of the pictures; without either, the pad is empty.
   * @param {Point[][]} strokes
   * @param {number | null} index
   */
  show(strokes, index) {
    const facts = this.pictures?.facts;
    const side = Math.sqrt(this.player.scene.data.widths[0]);
    Object.assign(this, { strokes, index });
    this.values = facts && strokes.length ? pixelsOf(strokes, side, facts) : null;
    this.wipe.hidden = !this.values && index === null;
  }

  /** @param {PointerEvent} event */
  begin(event) {
    const isFull = this.strokes.flat().length >= MOST_POINTS;
    if (event.button || !event.isPrimary || isFull) return;
    event.preventDefault();
    this.plane.setPointerCapture(event.pointerId);
    this.plane.focus({ preventScroll: true });
    this.player.playback.pause();
    this.player.rows.set(null);
    this.isDown = true;
    this.strokes = [...this.strokes, []];
    this.goOn(event);
  }

  /** @param {PointerEvent} event */
  goOn({ clientX, clientY }) {
    const box = this.plane.getBoundingClientRect();
    const to = { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
    const stroke = this.strokes.at(-1);
    if (!stroke) return; // the pad was emptied while the pen was down
    const last = stroke[stroke.length - 1];
    const isNear = last && Math.hypot(to.x - last.x, to.y - last.y) < SPACING;
    if (isNear || this.strokes.flat().length >= MOST_POINTS) return;
    this.show([...this.strokes.slice(0, -1), [...stroke, to]], null);
    this.player.draw();
  }

  end() {
    if (this.isDown) this.say();
    this.isDown = false;
  }

  /**
   * Show a row of the pictures; a second pick empties the pad.
   * @param {number} index
   */
  pick(index) {
    this.player.rows.set(null);
    this.show([], this.index === index ? null : index);
    this.player.draw();
    this.say();
  }

  say() {
    const { picture } = this.player;
    if (picture?.alone) this.player.say(`${picture.alone.name}: ${answerInWords(picture)}`);
  }

  /**
   * Return what the pad shows, with the value of each node; null if it shows nothing.
   * @param {ArrayLike<number>} parameters
   * @returns {Alone | null}
   */
  alone(parameters) {
    const { pictures, index, strokes } = this;
    const values = index === null ? this.values : pictures?.valuesOf(index);
    if (!pictures || !values) return null;
    const name = index === null ? "your drawing" : "picked row";
    const target = index === null ? null : pictures.targets[index];
    return { name, values, columns: pictures.pass(values, parameters), strokes, index, target };
  }

  /**
   * Lay the elements over the picture.
   * @param {Sheet} sheet
   */
  lay({ zoom, places }) {
    const box = padBox(places.answers);
    const [left, top, width] = [box.x, box.y, box.width].map((each) => `${each * zoom}px`);
    Object.assign(this.plane.style, { left, top, width, height: width });
    Object.assign(this.wipe.style, { left: `${(box.x + box.width) * zoom}px`, top });
  }
}
