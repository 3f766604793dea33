// The keyboard cursor on the painted plane.
/** @import { Easel } from "./easel.js" */
/** @import { Picture } from "./picture.js" */
import { sharesOf, without, withPoint } from "./painting.js";
import { stroke } from "./pen.js";
import { planeBox } from "./plane.js";

const STEP = 5; // bytes that an arrow key moves the cursor
const FINE = 1; // bytes with Shift

export class Cursor {
  /** @param {Easel} easel */
  constructor(easel) {
    this.easel = easel;
    /** @type {number[] | null} */
    this.place = null; // in bytes; null before the first key
  }

  /**
   * Return the action of a key; nothing if it has no meaning here.
   * @param {KeyboardEvent} event
   * @returns {(() => unknown) | null | undefined}
   */
  actOf({ key, shiftKey, ctrlKey, metaKey, altKey, repeat }) {
    const { easel } = this;
    const isUndo = key.toLowerCase() === "z";
    if (altKey || ((ctrlKey || metaKey) && !isUndo)) return null;
    const brush = easel.brushes.ofKey(key);
    if (brush >= 0) return () => easel.brushes.pick(brush);
    if (isUndo) return () => easel.undo();
    const step = shiftKey ? FINE : STEP;
    const erase = () => this.erase();
    const use = easel.brushes.isEraser ? erase : () => repeat || this.set();
    /** @type {Record<string, () => unknown>} */
    const acts = {
      ArrowLeft: () => this.move(-step, 0),
      ArrowRight: () => this.move(step, 0),
      ArrowUp: () => this.move(0, step),
      ArrowDown: () => this.move(0, -step),
      Enter: use,
      " ": use,
      Delete: erase,
      Backspace: erase,
      Escape: () => easel.turn(false),
    };
    return acts[key];
  }

  /**
   * Move the cursor; it starts in the middle.
   * @param {number} right
   * @param {number} up
   */
  move(right, up) {
    const { rules, player } = this.easel;
    if (!rules) return;
    const { middle, highest, steps } = rules;
    const kept = (/** @type {number} */ byte) => Math.max(0, Math.min(highest, byte));
    const [x, y] = this.place ?? [middle - right, middle - up];
    const place = [kept(x + right), kept(y + up)];
    this.place = place;
    player.draw();
    player.say(place.map((byte) => ((byte - middle) / steps).toFixed(2)).join(", "));
  }

  /** Set a point, or show the cursor if it is hidden. */
  set() {
    const { rules, points, brushes } = this.easel;
    if (!this.place || !rules) this.move(0, 0);
    else {
      const point = [...this.place, brushes.answer(rules)];
      this.easel.paint(withPoint(points, point, rules.most));
    }
  }

  /** Erase the points around the cursor, or show the cursor if it is hidden. */
  erase() {
    if (!this.place) this.move(0, 0);
    else this.easel.paint(without(this.easel.points, this.place, STEP));
  }

  /** @param {Picture} picture */
  draw({ pen, ink, ground, places }) {
    const { isOn, rules } = this.easel;
    if (!isOn || !this.place || !rules) return;
    const { x, y, size } = planeBox(places.answers);
    const { right, down } = sharesOf(this.place, rules);
    const arm = (/** @type {number} */ across, /** @type {number} */ upright) =>
      [4, 13].map((away) => [x + right * size + away * across, y + down * size + away * upright]);
    const arms = [arm(1, 0), arm(-1, 0), arm(0, 1), arm(0, -1)];
    stroke(pen, ground, 4, ...arms);
    stroke(pen, ink, 1.5, ...arms);
  }
}
