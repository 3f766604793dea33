// Painting on the plane: a click sets a point, a drag a row of them; or the keys do. What is painted
// shows at once. The server hears of all points when a stroke is done, and trains the network on them.

const SPACING = 14; // pixels between the points of a drag
const RUBBER = 10; // pixels around the eraser's middle
const COPIED = 100; // points of a set to begin with: half of all, so that there is room for more
const MOST_UNDONE = 100; // strokes
const STEP = 5, FINE = 1; // of a point's byte, for an arrow key, and with Shift
const EDGE = 1.02; // of the outermost place, how far the plane of a painting reaches
const ERASER = -1; // in place of a brush

/** How far the plane of a painting reaches: always as far, so that nothing jumps with a stroke. */
export function reachOf({ middle, steps }) { return (EDGE * middle) / steps; }

/** The byte that stands for a value. */
export function byteOf(value, steps, { middle, highest }) {
  return Math.max(0, Math.min(highest, Math.round(value * steps) + middle));
}

/** The place, in bytes, that lies so far from the left and from the top of the plane: shares of its size. */
export function spotAt(right, down, rules) {
  const reach = reachOf(rules);
  return [byteOf((2 * right - 1) * reach, rules.steps, rules), byteOf((1 - 2 * down) * reach, rules.steps, rules)];
}

/** How far a place lies from the left and from the top of the plane: the other way round. */
export function sharesOf([x, y], rules) {
  const share = (byte) => (byte - rules.middle) / rules.steps / reachOf(rules);
  return { right: (1 + share(x)) / 2, down: (1 - share(y)) / 2 };
}

/** Rows as they would be painted, those that lie on the plane: [right, up, class or number] each, in bytes. */
export function asPainted(points, targets, areNumbers, rules) {
  const reach = reachOf(rules), isOn = (value) => Math.abs(value) <= reach;
  return Array.from(targets, (target, row) => [points[2 * row], points[2 * row + 1], target])
    .filter(([x, y]) => isOn(x) && isOn(y))
    .map(([x, y, target]) => [
      byteOf(x, rules.steps, rules), byteOf(y, rules.steps, rules), areNumbers ? byteOf(target, rules.stepsOfANumber, rules) : target,
    ]);
}

/** Where a drag sets points on its way from the last of them: so far apart. */
export function along(from, to, spacing) {
  const way = Math.hypot(to.x - from.x, to.y - from.y);
  return Array.from({ length: Math.floor(way / spacing) }, (_, index) => {
    const share = ((index + 1) * spacing) / way;
    return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  });
}

/** The points, and one more, which takes the place of one that lies right there; no more than there may be. */
export function withPoint(points, point, most) {
  const others = points.filter(([x, y]) => x !== point[0] || y !== point[1]);
  return others.length < most ? [...others, point] : points;
}

/** The points but for those around a place. */
export function without(points, [right, up], radius) {
  return points.filter(([x, y]) => Math.hypot(x - right, y - up) > radius);
}

/** Whether both are the same points, in the same order. */
function isSame(some, others) { return some.join() === others.join(); }

/** The points, three numbers each. */
function inThrees(numbers) {
  return Array.from({ length: numbers.length / 3 }, (_, point) => numbers.slice(3 * point, 3 * point + 3));
}

class Easel {
  constructor(player) {
    this.player = player;
    const { find } = player;
    [this.plane, this.tools, this.bar] = ["easel", "tools", "bar"].map(find);
    this.isOn = false;
    this.painted = null; // the points, where they are not those of the film
    this.before = []; // what was there before each stroke
    this.count = this.answered = 0; // strokes that the server was sent, and that it has trained on
    this.brush = 0;
    this.cursor = null; // where the keys paint
    find("paint").onclick = () => this.turn(true);
    find("done").onclick = () => this.turn(false);
    find("undo").onclick = () => this.undo();
    find("clear").onclick = () => this.clear();
    find("eraser").onclick = () => this.pick(ERASER);
    // A tool that was clicked leaves the keys to the plane; one that a key has pressed keeps them.
    this.tools.onclick = ({ detail }) => { if (detail && this.isOn) this.plane.focus({ preventScroll: true }); };
    this.plane.onpointerdown = (event) => this.begin(event);
    this.plane.onpointermove = (event) => this.goOn(event);
    this.plane.onpointerup = this.plane.onpointercancel = () => this.end();
    this.plane.onfocus = () => { if (this.plane.matches(":focus-visible")) this.move(0, 0); };
    this.plane.onblur = () => { this.cursor = null; player.draw(); };
  }

  /** Begin from nothing; with the eraser there would be nothing to do. */
  clear() {
    this.paint([]);
    if (this.brush === ERASER) this.pick(0);
  }

  /** What the server has: the answer to a stroke, other rows, or the same as before. */
  hear(rules) {
    const isFirst = this.base === undefined, isOther = !isFirst && this.base !== (rules?.data ?? null);
    const isAnswer = rules?.stroke > this.answered && rules.stroke <= this.count;
    this.rules = rules;
    this.base = rules?.data ?? null;
    if (isFirst) this.count = rules?.stroke ?? 0; // of the strokes before this view of the page
    if (isFirst || isAnswer) this.answered = rules?.stroke ?? 0;
    if (this.painted && rules?.points && isSame(this.painted, inThrees(rules.points))) this.painted = null;
    else if (isOther && !isAnswer) this.giveUp();
    this.isOn = Boolean(rules) && (this.isOn || (isOther && rules.opens));
    this.furnish();
  }

  /** Other rows have come, by another way: what was painted on those before is no more. */
  giveUp() {
    this.painted = this.stroke = null;
    this.before = [];
    this.isOn &&= Boolean(this.rules?.points);
  }

  get areNumbers() { return !this.player.data.classes; }

  /** How far the plane reaches; none of its own unless it is painted on, or was. */
  get reach() { return this.rules && (this.isOn || this.rules.points) ? reachOf(this.rules) : undefined; }

  /** The points, [right, up, class or number] each, in bytes. */
  get points() {
    const { rules, player } = this, { points, targets, testPoints, testTargets } = player.rows;
    if (this.painted) return this.painted;
    if (rules.points) return inThrees(rules.points);
    return asPainted([...points, ...testPoints], [...targets, ...testTargets], this.areNumbers, rules).slice(0, COPIED);
  }

  /** The rows to draw: the film's, or what was painted; what the film tests on stays hollow. */
  rowsOf(film) {
    if (!this.rules || (!this.painted && (this.rules.points || !this.isOn))) return film;
    const { rules, areNumbers } = this, value = (byte, steps) => (byte - rules.middle) / steps;
    const tested = new Set(asPainted(film.testPoints, film.testTargets, areNumbers, rules).map(String));
    const made = { points: [], targets: [], testPoints: [], testTargets: [] };
    for (const point of this.points) {
      const [x, y, answer] = point, isTest = tested.has(String(point));
      made[isTest ? "testPoints" : "points"].push(value(x, rules.steps), value(y, rules.steps));
      made[isTest ? "testTargets" : "targets"].push(areNumbers ? value(answer, rules.stepsOfANumber) : answer);
    }
    return made;
  }

  turn(isOn) {
    const { player } = this;
    player.pause();
    this.isOn = isOn;
    this.cursor = null;
    if (!this.painted?.length) this.painted = null; // of no points there is no network
    this.furnish();
    player.takeField();
    player.draw();
    (isOn ? this.plane : player.find("paint")).focus({ preventScroll: true });
    this.say();
  }

  /** Show the tools in place of the player's, or the other way round. */
  furnish() {
    const { player, rules, isOn } = this;
    player.find("paint").hidden = !rules;
    this.plane.hidden = this.tools.hidden = !isOn;
    this.bar.hidden = isOn;
    if (!isOn) return;
    if (this.paintsNumbers !== this.areNumbers) this.fillBrushes();
    this.paintsNumbers = this.areNumbers;
    this.pick(Math.min(this.brush, this.brushes.length - 1));
  }

  fillBrushes() {
    const { rules, areNumbers } = this, { colours } = this.player.data;
    const values = areNumbers ? rules.numbers : Array.from({ length: rules.classes }, (_, index) => index);
    this.brushes = values.map((value, index) => {
      const mark = element("span", {}, SHAPES[areNumbers ? 1 : index]), name = `${areNumbers ? "Number" : "Class"} ${value}`;
      mark.style.color = areNumbers ? ofShade(value, colours) : ofClass(index, colours);
      if (areNumbers) mark.style.opacity = Math.max(0.15, Math.abs(value));
      const title = `${name} (key ${this.keyOf(index)})`, onclick = () => this.pick(index);
      return element("button", { type: "button", ariaLabel: name, title, onclick }, mark, ` ${value}`);
    });
    this.player.find("brushes").replaceChildren(...this.brushes);
    this.brush = Math.max(0, this.brush);
  }

  /** Which key picks a brush: the number of its class, or its place. */
  keyOf(index) { return String(this.areNumbers ? index + 1 : index); }

  pick(brush) {
    this.brush = brush;
    this.brushes.forEach((button, index) => button.setAttribute("aria-pressed", index === brush));
    this.player.find("eraser").setAttribute("aria-pressed", brush === ERASER);
  }

  /** The class or the number of the brush, as a byte. */
  get answer() { return this.areNumbers ? byteOf(this.rules.numbers[this.brush], this.rules.stepsOfANumber, this.rules) : this.brush; }

  begin(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    this.plane.setPointerCapture(event.pointerId);
    this.plane.focus({ preventScroll: true });
    this.cursor = null;
    this.stroke = { before: this.points, last: { x: event.clientX, y: event.clientY } };
    this.touch(this.stroke.last);
  }

  goOn(event) {
    if (!this.stroke) return;
    const spacing = this.brush === ERASER ? RUBBER : SPACING;
    for (const place of along(this.stroke.last, { x: event.clientX, y: event.clientY }, spacing)) {
      this.stroke.last = place;
      this.touch(place);
    }
  }

  end() {
    const { stroke } = this;
    this.stroke = null;
    if (stroke) this.finish(stroke.before);
  }

  /** The brush, or the eraser, is at a place of the window. */
  touch({ x, y }) {
    const box = this.plane.getBoundingClientRect(), right = (x - box.left) / box.width, down = (y - box.top) / box.height;
    if (right < 0 || right > 1 || down < 0 || down > 1) return;
    const { rules, points, brush } = this, spot = spotAt(right, down, rules);
    const radius = (RUBBER / box.width) * 2 * reachOf(rules) * rules.steps;
    this.show(brush === ERASER ? without(points, spot, radius) : withPoint(points, [...spot, this.answer], rules.most));
  }

  show(points) {
    this.painted = points;
    this.player.takeRows();
    this.player.draw();
  }

  /** Set all points at once. */
  paint(points) {
    const before = this.points;
    this.show(points);
    this.finish(before);
  }

  undo() {
    if (!this.before.length) return;
    this.show(this.before.pop());
    this.send();
  }

  /** A stroke is done: it can be undone, and the server hears of it, if it did anything. */
  finish(before) {
    if (isSame(before, this.points)) return this.say();
    this.before = [...this.before, before].slice(-MOST_UNDONE);
    return this.send();
  }

  send() {
    const { points } = this;
    this.say();
    if (!points.length) return;
    this.count += 1;
    this.player.tellPaint({ stroke: this.count, numbers: this.areNumbers, points: points.flat() });
  }

  say() { this.player.find("told").textContent = this.words ?? ""; }

  /** What stands below the picture while it is painted on. */
  get words() {
    if (!this.isOn) return null;
    const { most } = this.rules, count = this.points.length, isTouch = matchMedia("(pointer: coarse)").matches;
    const click = isTouch ? "Tap" : "Click", keys = isTouch ? "" : ", or use the arrow keys and Enter";
    if (!count) return "Paint at least one point. Until then the network that was trained last stays here.";
    if (count >= most) return `${most} points, no more fit into a link: erase some, or clear.`;
    if (!this.painted && !this.rules.points) return `${click} or drag to paint on ${count} points of this set, or clear it first.`;
    return `${count} of ${most} points. ${click} or drag${keys}.`;
  }

  /** Whether a key is none of the player's. */
  takesKey(event) {
    if (!this.isOn) return false;
    const act = isPress(event) ? null : this.actOf(event);
    if (act) event.preventDefault();
    act?.();
    return true;
  }

  actOf({ key, shiftKey, ctrlKey, metaKey, altKey, repeat }) {
    const step = shiftKey ? FINE : STEP, isUndo = key.toLowerCase() === "z";
    if (altKey || ((ctrlKey || metaKey) && !isUndo)) return null;
    const brush = this.brushes.findIndex((_, index) => this.keyOf(index) === key);
    if (brush >= 0) return () => this.pick(brush);
    if (isUndo) return () => this.undo();
    const set = () => repeat || this.atCursor((spot) => withPoint(this.points, [...spot, this.answer], this.rules.most));
    const erase = () => this.atCursor((spot) => without(this.points, spot, STEP));
    return {
      ArrowLeft: () => this.move(-step, 0), ArrowRight: () => this.move(step, 0),
      ArrowUp: () => this.move(0, step), ArrowDown: () => this.move(0, -step),
      Enter: this.brush === ERASER ? erase : set, " ": this.brush === ERASER ? erase : set,
      Delete: erase, Backspace: erase, Escape: () => this.turn(false),
    }[key];
  }

  move(right, up) {
    const { rules } = this, { middle, highest } = rules, kept = (byte) => Math.max(0, Math.min(highest, byte));
    this.cursor = this.cursor ? [kept(this.cursor[0] + right), kept(this.cursor[1] + up)] : [middle, middle];
    this.player.draw();
    this.player.find("told").textContent = this.cursor.map((byte) => ((byte - middle) / rules.steps).toFixed(2)).join(", ");
  }

  /** Paint where the keys are; before they have been anywhere, show where that is. */
  atCursor(change) {
    if (this.cursor) this.paint(change(this.cursor));
    else this.move(0, 0);
  }

  /** Lay what takes the pointer over the plane. */
  place() {
    const { zoom, places } = this.player, { x, y, size } = planeBox(places.answers);
    Object.assign(this.plane.style, { left: `${x * zoom}px`, top: `${y * zoom}px`, width: `${size * zoom}px`, height: `${size * zoom}px` });
  }

  /** Draw where the keys paint. */
  draw() {
    if (!this.isOn || !this.cursor) return;
    const { pen, ink, ground, places } = this.player, { x, y, size } = planeBox(places.answers);
    const { right, down } = sharesOf(this.cursor, this.rules);
    const arms = [[1, 0], [-1, 0], [0, 1], [0, -1]].map(([across, upright]) =>
      [4, 13].map((away) => [x + right * size + away * across, y + down * size + away * upright]));
    stroke(pen, ground, 4, ...arms);
    stroke(pen, ink, 1.5, ...arms);
  }
}
