// Painting on the plane: a click sets a point, a drag sets a row of points, and keys work too.
// Painted points show at once. After each stroke the server receives all points and trains on them.
/** @import { EaselFacts, PaintedPoint, Point, Rows } from "../types" */
/** @import { Sheet } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { Brushes } from "./brushes.js";
import { Cursor } from "./cursor.js";
import { isPress } from "./keys.js";
import {
  along,
  areSame,
  asPainted,
  asRows,
  inThrees,
  paintingInWords,
  reachOf,
  spotAt,
  without,
  withPoint,
} from "./painting.js";
import { planeBox } from "./plane.js";

const SPACING = 14; // pixels between the points of a drag
const RUBBER = 10; // the eraser's radius, in pixels
const COPIED = 100; // points of a data set to start with: half the maximum
const MOST_UNDONE = 100; // strokes

export class Easel {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.plane = find(player.box, "easel");
    this.tools = find(player.box, "tools");
    this.bar = find(player.box, "bar");
    this.brushes = new Brushes(player.box);
    this.isOn = false;
    /** @type {EaselFacts | null} */
    this.rules = null;
    /** @type {string | null | undefined} */
    this.base = undefined; // the data set that was painted on
    /** @type {PaintedPoint[] | null} */
    this.painted = null; // the points, if they differ from those of the film
    /** @type {PaintedPoint[][]} */
    this.before = []; // the points before each stroke
    this.count = 0; // strokes sent to the server
    this.answered = 0; // the last stroke that the server has trained on
    /** @type {{ before: PaintedPoint[], last: Point } | null} */
    this.stroke = null;
    this.cursor = new Cursor(this);
    this.listen();
  }

  listen() {
    const { player, plane } = this;
    find(player.box, "paint").onclick = () => this.turn(true);
    find(player.box, "done").onclick = () => this.turn(false);
    find(player.box, "undo").onclick = () => this.undo();
    find(player.box, "clear").onclick = () => this.clear();
    // A clicked tool returns the focus to the plane; a tool pressed by key keeps it.
    this.tools.onclick = ({ detail }) => {
      if (detail && this.isOn) plane.focus({ preventScroll: true });
    };
    plane.onpointerdown = (event) => this.begin(event);
    plane.onpointermove = (event) => this.goOn(event);
    plane.onpointerup = () => this.end();
    plane.onpointercancel = () => this.end();
    plane.onfocus = () => {
      if (plane.matches(":focus-visible")) this.cursor.move(0, 0);
    };
    plane.onblur = () => {
      this.cursor.place = null;
      player.draw();
    };
  }

  /** Clear the plane; replace the eraser, which would have nothing to erase. */
  clear() {
    this.paint([]);
    if (this.brushes.isEraser) this.brushes.pick(0);
  }

  /**
   * Take the server's state: the answer to a stroke, new rows, or no change.
   * @param {EaselFacts | null} rules
   */
  hear(rules) {
    const number = rules?.stroke ?? 0;
    const isFirst = this.base === undefined;
    const isOther = !isFirst && this.base !== (rules?.data ?? null);
    const isAnswer = number > this.answered && number <= this.count;
    this.rules = rules;
    this.base = rules?.data ?? null;
    if (isFirst) this.count = number; // strokes from before this page load
    if (isFirst || isAnswer) this.answered = number;
    const sent = rules?.points && inThrees(rules.points);
    if (this.painted && sent && areSame(this.painted, sent)) this.painted = null;
    else if (isOther && !isAnswer) this.giveUp();
    this.isOn = rules !== null && (this.isOn || (isOther && rules.opens));
    this.furnish();
  }

  /** Discard the painted points, because the rows have changed elsewhere. */
  giveUp() {
    this.painted = null;
    this.stroke = null;
    this.before = [];
    this.isOn &&= Boolean(this.rules?.points);
  }

  get areNumbers() {
    return !this.player.scene.data.classes;
  }

  /** Return the extent of the plane; undefined unless it is or was painted on. */
  get reach() {
    return this.rules && (this.isOn || this.rules.points) ? reachOf(this.rules) : undefined;
  }

  /** @returns {PaintedPoint[]} */
  get points() {
    const { rules, player, painted, areNumbers } = this;
    if (painted) return painted;
    if (rules?.points) return inThrees(rules.points);
    const { rows } = player.scene;
    if (!rules || !rows) return [];
    const places = [...rows.points, ...rows.testPoints];
    const targets = [...rows.targets, ...rows.testTargets];
    return asPainted(places, targets, areNumbers, rules).slice(0, COPIED);
  }

  /** Show the painted points, or the rows of the film. */
  showRows() {
    const { maps, rows } = this.player.scene;
    if (maps && rows) maps.take(this.rowsOf(rows));
  }

  /** @param {Rows} film */
  rowsOf(film) {
    const { rules, painted, isOn } = this;
    if (!rules || (!painted && (rules.points || !isOn))) return film;
    return asRows(this.points, film, this.areNumbers, rules);
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    const { player } = this;
    player.playback.pause();
    this.isOn = isOn;
    this.cursor.place = null;
    if (!this.painted?.length) this.painted = null; // a network needs points
    this.furnish();
    player.scene.layMaps(this.reach);
    this.showRows();
    player.draw();
    (isOn ? this.plane : find(player.box, "paint")).focus({ preventScroll: true });
    this.say();
  }

  /** Show the painting tools in place of the player's controls, or the other way round. */
  furnish() {
    const { player, rules, isOn } = this;
    find(player.box, "paint").hidden = !rules;
    this.plane.hidden = !isOn;
    this.tools.hidden = !isOn;
    this.bar.hidden = isOn;
    if (isOn && rules) this.brushes.offer(rules, this.areNumbers, player.scene.data.colours);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    this.plane.setPointerCapture(event.pointerId);
    this.plane.focus({ preventScroll: true });
    this.cursor.place = null;
    const last = { x: event.clientX, y: event.clientY };
    this.stroke = { before: this.points, last };
    this.touch(last);
  }

  /** @param {PointerEvent} event */
  goOn(event) {
    if (!this.stroke) return;
    const spacing = this.brushes.isEraser ? RUBBER : SPACING;
    const to = { x: event.clientX, y: event.clientY };
    for (const place of along(this.stroke.last, to, spacing)) {
      this.stroke.last = place;
      this.touch(place);
    }
  }

  end() {
    const made = this.stroke;
    this.stroke = null;
    if (made) this.finish(made.before);
  }

  /**
   * Paint or erase at a point of the window.
   * @param {Point} place
   */
  touch({ x, y }) {
    const { rules, points, brushes } = this;
    const box = this.plane.getBoundingClientRect();
    const right = (x - box.left) / box.width;
    const down = (y - box.top) / box.height;
    if (!rules || right < 0 || right > 1 || down < 0 || down > 1) return;
    const spot = spotAt(right, down, rules);
    const radius = (RUBBER / box.width) * 2 * reachOf(rules) * rules.steps;
    const point = [...spot, brushes.answer(rules)];
    const rest = () => without(points, spot, radius);
    this.show(brushes.isEraser ? rest() : withPoint(points, point, rules.most));
  }

  /** @param {PaintedPoint[]} points */
  show(points) {
    this.painted = points;
    this.showRows();
    this.player.draw();
  }

  /**
   * Set all points at once.
   * @param {PaintedPoint[]} points
   */
  paint(points) {
    const before = this.points;
    this.show(points);
    this.finish(before);
  }

  undo() {
    const before = this.before.pop();
    if (!before) return;
    this.show(before);
    this.send();
  }

  /**
   * End a stroke that changed something: make it undoable and send the points to the server.
   * @param {PaintedPoint[]} before
   */
  finish(before) {
    if (areSame(before, this.points)) return this.say();
    this.before = [...this.before, before].slice(-MOST_UNDONE);
    return this.send();
  }

  send() {
    const { points, areNumbers: numbers } = this;
    this.say();
    if (!points.length) return;
    this.count += 1;
    this.player.tell("paint", { stroke: this.count, numbers, points: points.flat() });
  }

  say() {
    this.player.say(this.words ?? "");
  }

  /** Return the text below the picture while the visitor paints. */
  get words() {
    const { rules, isOn, painted } = this;
    if (!isOn || !rules) return null;
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const isOfTheSet = !painted && !rules.points;
    return paintingInWords(this.points.length, rules.most, { isOfTheSet, isTouch });
  }

  /**
   * Handle a key while painting; return whether the player must ignore it.
   * @param {KeyboardEvent} event
   */
  takesKey(event) {
    if (!this.isOn) return false;
    const act = isPress(event) ? null : this.cursor.actOf(event);
    if (act) event.preventDefault();
    act?.();
    return true;
  }

  /**
   * Lay a transparent element over the plane to receive the pointer.
   * @param {Sheet} sheet
   */
  place({ zoom, places }) {
    const { x, y, size } = planeBox(places.answers);
    const pixels = (/** @type {number} */ value) => `${value * zoom}px`;
    const [left, top, width] = [x, y, size].map(pixels);
    Object.assign(this.plane.style, { left, top, width, height: width });
  }
}
