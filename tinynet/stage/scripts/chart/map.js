// The map: a chart whose cells can be picked, with zoom by wheel, keys, buttons and fingers.
/** @import { Layout } from "../types" */
/** @import { Facts } from "./drawing.js" */
import { find } from "../shared/elements.js";
import { Drawing } from "./drawing.js";
import { drawnLayout } from "./plotly.js";

/** @typedef {{ axes: string, place: number, narrowest: { xaxis: number, yaxis: number } }} Place */

const STEP = 2; // zoom factor of one press of a key or a button
const SHIFT = 0.15; // how far an arrow key moves the map, as a share of the visible range
const REST = 250; // milliseconds without a zoom before the server is told the ranges
const TWICE = 300; // milliseconds within which a second click makes a double click
const MIDDLE = [0.5, 0.5]; // the place that keys zoom around and pick
const SLACK = 1e-6;

/**
 * Return the number at a place of an axis.
 * @param {Layout} axis
 * @param {number} place
 */
function numberAt({ type }, place) {
  return type === "log" ? 10 ** place : place;
}

/**
 * Return the range of an axis after a zoom by a factor around a place, and a shift.
 * @param {Layout} axis
 * @param {{ factor: number, at: number, shift: number, narrowest: number }} how
 * @returns {[number, number]}
 */
function zoomed({ range: [low, high], minallowed, maxallowed }, { factor, at, shift, narrowest }) {
  const size = Math.max((high - low) * factor, Math.min(narrowest, high - low));
  const start = low + at * (high - low) - at * size + shift * (high - low);
  const first = Math.max(minallowed, Math.min(start, maxallowed - size));
  return [first, Math.min(maxallowed, first + size)];
}

export class MapDrawing extends Drawing {
  /** @param {HTMLElement | ShadowRoot} root */
  constructor(root) {
    super(root);
    this.scrollZoom = true;
    this.isTouched = false;
    this.told = find(root, "told");
    this.axes = "";
    this.narrowest = { xaxis: 0, yaxis: 0 };
    /** @type {number | undefined} */
    this.place = undefined;
    /** @type {{ middle: number[], spread: number } | null} */
    this.pinched = null;
    this.offerKeys();
  }

  offerKeys() {
    ["in", "out"].forEach((name, index) => {
      const button = find(this.box, name);
      button.hidden = false;
      button.onclick = () => this.step(index ? STEP : 1 / STEP);
    });
    this.box.classList.add("map");
    this.plot.setAttribute("role", "application");
    this.plot.setAttribute("aria-roledescription", "map");
    this.plot.setAttribute(
      "aria-keyshortcuts",
      "+ - ArrowLeft ArrowRight ArrowUp ArrowDown 0 Enter",
    );
    this.plot.onkeydown = (event) => this.onKey(event);
    for (const name of /** @type {const} */ (["touchstart", "touchmove", "touchend"])) {
      const options = { capture: true, passive: false };
      this.plot.addEventListener(name, (event) => this.onTouch(event), options);
    }
  }

  leave() {
    super.leave();
    clearTimeout(this.timer);
    clearTimeout(this.picking);
  }

  /**
   * Show a figure; the server is told which cell is picked and which ranges are shown.
   * @param {Facts & Place} facts
   */
  show(facts) {
    const { description, place, axes, narrowest } = facts;
    Object.assign(this, { axes, narrowest });
    // Screen readers pass keys on to a map, so announce each change.
    if (this.told.textContent !== description) this.told.textContent = description;
    if (this.place !== place) this.ranges = {}; // the server has moved the map
    this.place = place;
    return super.show(facts);
  }

  draw() {
    const drawn = super.draw();
    if (this.drawn) this.whole.hidden = this.axesDrawn.every(isWhole);
    return drawn;
  }

  /** @returns {Layout[]} */
  get axesDrawn() {
    const { xaxis, yaxis } = drawnLayout(this.plot);
    return [xaxis, yaxis];
  }

  zoomOut() {
    const [xaxis, yaxis] = this.axesDrawn;
    this.zoom({ xaxis: allOf(xaxis), yaxis: allOf(yaxis) });
  }

  /** Tell the server the ranges, once the visitor stops zooming. */
  note() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("view", this.view()), REST);
  }

  /** Return the ranges that the map shows, in the numbers of its axes. */
  view() {
    const [x, y] = this.axesDrawn.map((axis) =>
      axis.range.map((/** @type {number} */ end) => numberAt(axis, end)),
    );
    return { axes: this.axes, x, y };
  }

  /**
   * Zoom by a factor around a place, from 0 (left, bottom) to 1, and shift.
   * @param {number} factor
   */
  step(factor, [x, y] = MIDDLE, [dx, dy] = [0, 0]) {
    const [xaxis, yaxis] = this.axesDrawn;
    const { narrowest } = this;
    this.zoom({
      xaxis: zoomed(xaxis, { factor, at: x, shift: dx, narrowest: narrowest.xaxis }),
      yaxis: zoomed(yaxis, { factor, at: y, shift: dy, narrowest: narrowest.yaxis }),
    });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    const shift = (/** @type {number} */ right, /** @type {number} */ up) => () =>
      this.step(1, MIDDLE, [right * SHIFT, up * SHIFT]);
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: shift(-1, 0),
      ArrowRight: shift(1, 0),
      ArrowDown: shift(0, -1),
      ArrowUp: shift(0, 1),
      "+": () => this.step(1 / STEP),
      "=": () => this.step(1 / STEP),
      "-": () => this.step(STEP),
      0: () => this.whole.click(),
      Enter: () => this.pick(MIDDLE[0], MIDDLE[1]),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * Pick a place, from 0 (left, bottom) to 1; the server finds the cell.
   * @param {number} x
   * @param {number} y
   */
  pick(x, y) {
    const at = (/** @type {Layout} */ axis, /** @type {number} */ share) =>
      numberAt(axis, axis.range[0] + share * (axis.range[1] - axis.range[0]));
    const [xaxis, yaxis] = this.axesDrawn;
    this.tell("pick", { axes: this.axes, x: at(xaxis, x), y: at(yaxis, y) });
  }

  onDoubleClick() {
    if (this.isTouched) return; // plotly reports a tap twice: as a touch and as a mouse click
    clearTimeout(this.picking);
    this.zoomOut();
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    clearTimeout(this.picking);
    this.isTouched = event.pointerType === "touch";
    super.onDown(event);
  }

  /**
   * Pick a place, unless a second click makes it a double click.
   * @param {number} x
   * @param {number} y
   */
  onClick(x, y) {
    this.picking = setTimeout(() => this.pick(x, y), TWICE);
  }

  /**
   * Zoom and move with two fingers; one finger scrolls the page or taps a cell.
   * @param {TouchEvent} event
   */
  onTouch(event) {
    if (!this.drawn) return;
    if (event.touches.length !== 2) {
      this.pinched = null;
      return;
    }
    this.pressed = null; // a touch with two fingers picks nothing
    event.preventDefault();
    event.stopPropagation();
    const [one, other] = [...event.touches].map((touch) => Object.values(this.placeOf(touch)));
    const middle = one.map((each, index) => (each + other[index]) / 2);
    const spread = Math.hypot(...one.map((each, index) => each - other[index]));
    const before = this.pinched;
    this.pinched = { middle, spread };
    if (!before || event.type !== "touchmove") return;
    const moved = before.middle.map((each, index) => each - middle[index]);
    const factor = before.spread / Math.max(spread, 0.01);
    this.step(factor, [middle[0], middle[1]], [moved[0], moved[1]]);
  }
}

/**
 * Return the full range of an axis.
 * @param {Layout} axis
 * @returns {[number, number]}
 */
function allOf({ minallowed, maxallowed }) {
  return [minallowed, maxallowed];
}

/**
 * Tell whether an axis shows its full range.
 * @param {Layout} axis
 */
function isWhole({ range: [low, high], minallowed, maxallowed }) {
  return low <= minallowed + SLACK && high >= maxallowed - SLACK;
}
