// The map: a drawing that is zoomed by wheel, keys, buttons and fingers, and picked from.

const STEP = 2; // how far a press of a key or a button zooms
const SHIFT = 0.15; // of what is shown: how far an arrow key moves it
const REST = 250; // milliseconds after which the server hears what a map shows
const TWICE = 300; // milliseconds in which a second click makes it a double one
const MIDDLE = [0.5, 0.5]; // of a map: the place that keys zoom around, and pick

/** The number that stands at a place of an axis. */
function numberAt({ type }, place) { return type === "log" ? 10 ** place : place; }

class MapDrawing extends Drawing {
  constructor(root) {
    super(root);
    this.scrollZoom = true;
    this.told = root.querySelector(".told");
    ["in", "out"].forEach((name, index) => {
      const button = this.find(name);
      button.hidden = false;
      button.onclick = () => this.step(index ? STEP : 1 / STEP);
    });
    this.box.classList.add("map");
    this.plot.setAttribute("role", "application");
    this.plot.setAttribute("aria-roledescription", "map");
    this.plot.setAttribute("aria-keyshortcuts", "+ - ArrowLeft ArrowRight ArrowUp ArrowDown 0 Enter");
    this.plot.onkeydown = (event) => this.onKey(event);
    for (const name of ["touchstart", "touchmove", "touchend"]) {
      this.plot.addEventListener(name, (event) => this.onTouch(event), { capture: true, passive: false });
    }
  }

  leave() {
    super.leave();
    clearTimeout(this.timer);
    clearTimeout(this.picking);
  }

  /** Show a figure; the server hears what is picked in it and where it is zoomed to. */
  show(facts) {
    const { description, place, axes, narrowest } = facts;
    Object.assign(this, { axes, narrowest });
    if (this.told.textContent !== description) this.told.textContent = description; // to those whose keys it takes
    if (this.place !== place) this.ranges = {}; // the server says where
    this.place = place;
    super.show(facts);
  }

  draw() {
    super.draw();
    if (!this.drawn) return;
    const { xaxis, yaxis } = this.plot._fullLayout;
    this.whole.hidden = [xaxis, yaxis].every(({ range: [low, high], minallowed, maxallowed }) =>
      low <= minallowed + 1e-6 && high >= maxallowed - 1e-6);
  }

  zoomOut() {
    const { xaxis, yaxis } = this.plot._fullLayout, all = ({ minallowed, maxallowed }) => [minallowed, maxallowed];
    this.zoom({ xaxis: all(xaxis), yaxis: all(yaxis) });
  }

  /** What is done wherever the visitor has zoomed to. */
  note() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("view", this.view()), REST);
  }

  /** What a map shows, in the numbers of its axes. */
  view() {
    const { xaxis, yaxis } = this.plot._fullLayout, ends = (axis) => axis.range.map((end) => numberAt(axis, end));
    return { axes: this.axes, x: ends(xaxis), y: ends(yaxis) };
  }

  /** Zoom a map by a factor, around a place of it: from 0, left and below, to 1. */
  step(factor, [x, y] = MIDDLE, [dx, dy] = [0, 0]) {
    const { xaxis, yaxis } = this.plot._fullLayout;
    const about = ({ range: [low, high], minallowed, maxallowed }, narrowest, at, shift) => {
      const size = Math.max((high - low) * factor, Math.min(narrowest, high - low));
      const start = low + at * (high - low) - at * size + shift * (high - low);
      const first = Math.max(minallowed, Math.min(start, maxallowed - size));
      return [first, Math.min(maxallowed, first + size)];
    };
    this.zoom({
      xaxis: about(xaxis, this.narrowest.xaxis, x, dx), yaxis: about(yaxis, this.narrowest.yaxis, y, dy),
    });
  }

  onKey(event) {
    if (!this.drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    const shift = (right, up) => () => this.step(1, MIDDLE, [right * SHIFT, up * SHIFT]);
    const act = {
      ArrowLeft: shift(-1, 0), ArrowRight: shift(1, 0), ArrowDown: shift(0, -1), ArrowUp: shift(0, 1),
      "+": () => this.step(1 / STEP), "=": () => this.step(1 / STEP), "-": () => this.step(STEP),
      0: () => this.whole.click(), Enter: () => this.pick(...MIDDLE),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Pick a place of a map, from 0, left and below, to 1; the server finds the cell. */
  pick(x, y) {
    const { xaxis, yaxis } = this.plot._fullLayout;
    const at = (axis, [low, high], share) => numberAt(axis, low + share * (high - low));
    this.tell("pick", { axes: this.axes, x: at(xaxis, xaxis.range, x), y: at(yaxis, yaxis.range, y) });
  }

  onDoubleClick() {
    if (this.isTouched) return; // to plotly a tap is one of a finger and one of a mouse
    clearTimeout(this.picking);
    this.zoomOut();
  }

  onDown(event) {
    clearTimeout(this.picking);
    this.isTouched = event.pointerType === "touch";
    super.onDown(event);
  }

  /** A click picks a place, unless it becomes a double one. */
  onClick(x, y) { this.picking = setTimeout(() => this.pick(x, y), TWICE); }

  /** Two fingers zoom and move a map; one moves the page, or taps a cell. */
  onTouch(event) {
    if (!this.drawn) return;
    if (event.touches.length !== 2) { this.pinched = null; return; }
    this.pressed = null; // two fingers pick nothing
    event.preventDefault();
    event.stopPropagation();
    const [one, other] = [...event.touches].map((touch) => Object.values(this.placeOf(touch)));
    const middle = one.map((each, index) => (each + other[index]) / 2);
    const spread = Math.hypot(...one.map((each, index) => each - other[index]));
    const before = this.pinched;
    this.pinched = { middle, spread };
    if (!before || event.type !== "touchmove") return;
    const moved = before.middle.map((each, index) => each - middle[index]);
    this.step(before.spread / Math.max(spread, 0.01), middle, moved);
  }
}

