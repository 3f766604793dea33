// Painting on the plane: a click sets a point, a drag a row of them; or the keys do. What is painted
// shows at once. After each stroke the server hears of all points, and trains the network on them.
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
const RUBBER = 10; // pixels around the eraser's middle
const COPIED = 100; // points of a set to begin with: half of all, so that there is room for more
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
    this.base = undefined; // the data that is painted on
    /** @type {PaintedPoint[] | null} */
    this.painted = null; // the points, where they are not those of the film
    /** @type {PaintedPoint[][]} */
    this.before = []; // what was there before each stroke
    this.count = 0; // strokes that the server was sent
    this.answered = 0; // the last of them that it has trained on
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
    // A tool that was clicked leaves the keys to the plane; one that a key has pressed keeps them.
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

  /** Begin from nothing; with the eraser there would be nothing to do. */
  clear() {
    this.paint([]);
    if (this.brushes.isEraser) this.brushes.pick(0);
  }

  /**
   * Take in what the server has: the answer to a stroke, other rows, or the same as before.
   * @param {EaselFacts | null} rules
   */
  hear(rules) {
    const number = rules?.stroke ?? 0;
    const isFirst = this.base === undefined;
    const isOther = !isFirst && this.base !== (rules?.data ?? null);
    const isAnswer = number > this.answered && number <= this.count;
    this.rules = rules;
    this.base = rules?.data ?? null;
    if (isFirst) this.count = number; // of the strokes before this view of the page
    if (isFirst || isAnswer) this.answered = number;
    const sent = rules?.points && inThrees(rules.points);
    if (this.painted && sent && areSame(this.painted, sent)) this.painted = null;
    else if (isOther && !isAnswer) this.giveUp();
    this.isOn = rules !== null && (this.isOn || (isOther && rules.opens));
    this.furnish();
  }

  /** Give up what was painted: other rows have come, by another way. */
  giveUp() {
    this.painted = null;
    this.stroke = null;
    this.before = [];
    this.isOn &&= Boolean(this.rules?.points);
  }

  get areNumbers() {
    return !this.player.scene.data.classes;
  }

  /** How far the plane reaches; undefined unless it is painted on, or was. */
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

  /** Show the rows of the film, or what was painted. */
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
    if (!this.painted?.length) this.painted = null; // of no points there is no network
    this.furnish();
    player.scene.layMaps(this.reach);
    this.showRows();
    player.draw();
    (isOn ? this.plane : find(player.box, "paint")).focus({ preventScroll: true });
    this.say();
  }

  /** Show the tools in place of the player's, or the other way round. */
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
   * Paint, or erase, at a place of the window.
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
   * End a stroke: it can be undone, and the server hears of it, if it did anything.
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

  /** What stands below the picture while it is painted on. */
  get words() {
    const { rules, isOn, painted } = this;
    if (!isOn || !rules) return null;
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const isOfTheSet = !painted && !rules.points;
    return paintingInWords(this.points.length, rules.most, { isOfTheSet, isTouch });
  }

  /**
   * Take a key while painting; the player then does not.
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
   * Lay what takes the pointer over the plane.
   * @param {Sheet} sheet
   */
  place({ zoom, places }) {
    const { x, y, size } = planeBox(places.answers);
    const pixels = (/** @type {number} */ value) => `${value * zoom}px`;
    const [left, top, width] = [x, y, size].map(pixels);
    Object.assign(this.plane.style, { left, top, width, height: width });
  }
}
