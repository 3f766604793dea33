// Draws plotly figures in place: the same box, the same drawing, only its data change.

const PICTURE = 2; // pixels of a saved picture for each of the screen's
const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };
const STEP = 2; // how far a press of a key or a button zooms
const SHIFT = 0.15; // of what is shown: how far an arrow key moves it
const REST = 250; // milliseconds after which the server hears what a map shows
const TWICE = 300; // milliseconds in which a second click makes it a double one
const STILL = 6; // pixels that a click may move
const BELOW_TICKS = 22; // pixels below the plot where the numbers of its axis end
const MOVED = "tinynet-moved", REACHED = "tinynet-reached", GO = "tinynet-go"; // heard from the player, and told to it
const DRAWN = "tinynet-drawn"; // that a chart stands, which the player waits for before it plays by itself
let script; // one for all charts of the page

/** Fetch plotly's script, once. */
function plotly(url) {
  script ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL(url, document.baseURI);
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = () => { script = undefined; tag.remove(); reject(new Error(`${tag.src} did not load`)); };
    document.head.append(tag);
  });
  return script;
}

export default function ({ data, parentElement, setTriggerValue }) {
  return answer(parentElement, Chart, (chart) => {
    chart.tell = setTriggerValue;
    chart.show(JSON.parse(new TextDecoder().decode(data)));
  });
}

/** A layout whose texts, and the room for them, are so much larger. */
function enlarged(layout, zoom) {
  if (zoom === 1) return layout;
  const grow = (name, value) => (["size", "standoff", "l", "r", "t", "b"].includes(name) ? value * zoom : value);
  return JSON.parse(JSON.stringify(layout, (name, value) => (typeof value === "number" ? grow(name, value) : value)));
}

/** How far the page is scrolled; its main part is what scrolls. */
function scrollTop() {
  return document.querySelector("[data-testid=stMain]")?.scrollTop ?? window.scrollY;
}

class Chart {
  constructor(root) {
    const find = (name) => root.querySelector(`.${name}`);
    this.root = root;
    this.box = find("chart");
    this.ruler = find("ruler");
    this.plot = find("plot");
    this.whole = find("whole");
    this.missing = find("missing");
    this.told = find("told");
    this.cursor = find("cursor");
    this.dot = find("dot");
    this.at = find("at");
    this.ranges = {}; // what the visitor has zoomed to, axis by axis
    this.whole.onclick = () => this.zoomOut();
    find("save").onclick = () => this.save();
    this.zooms = ["in", "out"].map((name) => find(name));
    this.zooms.forEach((button, index) => { button.onclick = () => this.step(index ? STEP : 1 / STEP); });
    this.plot.onkeydown = (event) => this.onKey(event);
    for (const name of ["touchstart", "touchmove", "touchend"]) {
      this.plot.addEventListener(name, (event) => this.onTouch(event), { capture: true, passive: false });
    }
    this.plot.addEventListener("pointerdown", (event) => this.onDown(event), true);
    this.onUp = (event) => this.endClick(event);
    addEventListener("pointerup", this.onUp, true); // plotly covers the page while one drags
    addEventListener("pointercancel", this.onUp, true);
    this.box.ontransitionend = (event) => event.target === this.box && this.draw(); // another theme
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.box);
    this.resizes.observe(this.ruler);
    this.onMoved = () => this.follow();
    addEventListener(MOVED, this.onMoved);
  }

  leave() {
    this.resizes.disconnect();
    removeEventListener(MOVED, this.onMoved);
    removeEventListener("pointerup", this.onUp, true);
    removeEventListener("pointercancel", this.onUp, true);
    clearTimeout(this.timer);
    clearTimeout(this.picking);
    if (this.drawn) window.Plotly.purge(this.plot);
  }

  /** Show a figure; of a map, the server hears what is picked in it and where it is zoomed to. */
  async show({ script: url, description, name, figure, isMap, place, axes, narrowest }) {
    this.name = name;
    Object.assign(this, { isMap, axes, narrowest });
    if (isMap) this.becomeMap(description);
    this.zooms.forEach((button) => { button.hidden = !isMap; });
    if (this.place !== place) this.ranges = {}; // the server says where
    this.place = place;
    this.plot.setAttribute("aria-label", description);
    this.plot.style.height = `${this.height(figure)}px`; // taken at once, so that nothing jumps later
    if (this.figure?.layout.uirevision !== figure.layout.uirevision) this.ranges = {};
    this.figure = figure;
    try {
      await plotly(url);
    } catch {
      this.plot.hidden = true;
      this.missing.hidden = false;
      return;
    }
    this.plot.hidden = false;
    this.missing.hidden = true;
    this.draw();
  }

  /** Tell what it is to those who cannot see it, whose keys it takes. */
  becomeMap(description) {
    this.box.classList.add("map");
    this.plot.setAttribute("role", "application");
    this.plot.setAttribute("aria-roledescription", "map");
    this.plot.setAttribute("aria-keyshortcuts", "+ - ArrowLeft ArrowRight ArrowUp ArrowDown 0 Enter");
    if (this.told.textContent !== description) this.told.textContent = description;
  }

  draw() {
    const width = this.box.clientWidth;
    if (!width || !this.figure || !window.Plotly) return;
    const hovered = this.hovered;
    // Plotly would hover again by itself, but measures from an element that it has just replaced.
    if (hovered) this.plot._fullLayout._rehover = null;
    this.shown = this.figure;
    this.plot.style.height = `${this.height(this.figure)}px`;
    const scrollZoom = this.isMap || Boolean(this.figure.layout.scene); // what is seen from nearby, too
    window.Plotly.react(this.plot, this.figure.data, this.layout(width), { ...CONFIG, scrollZoom });
    if (!this.drawn) this.begin();
    if (hovered) window.Plotly.Fx.hover(this.plot, hovered);
    if (this.isMap) this.whole.hidden = this.isWhole;
    this.follow();
  }

  /** Put the cursor where the player is, on the line that the figure names; a whole epoch has a dot. */
  follow() {
    const followed = this.figure?.layout.meta, epoch = window[MOVED];
    this.cursor.hidden = !this.drawn || !followed || epoch === undefined;
    if (this.cursor.hidden) return;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const loss = this.plot._fullData.find(({ name }) => name === followed).y;
    const first = Math.min(Math.floor(epoch), loss.length - 1), second = Math.min(first + 1, loss.length - 1);
    const x = xaxis._offset + xaxis.d2p(epoch);
    const [from, to] = [first, second].map((state) => yaxis.d2p(loss[state]));
    const y = second === first || epoch === first ? from : from + (to - from) * (epoch - first);
    const isOutside = x < xaxis._offset - 1 || x > xaxis._offset + xaxis._length + 1;
    this.cursor.hidden = isOutside;
    this.cursor.style.transform = `translate(${x}px, ${yaxis._offset}px)`;
    this.cursor.style.height = `${yaxis._length}px`;
    this.at.textContent = `shown: epoch ${(window[REACHED] ?? first).toLocaleString("en")}`;
    // From the right of the line to its left as it moves on, so that it stays within the chart.
    const share = (x - xaxis._offset) / xaxis._length;
    this.at.style.transform = `translate(calc(${-100 * share}% + ${20 * share - 10}px), ${yaxis._length + BELOW_TICKS * zoomOfText()}px)`;
    this.dot.hidden = !(y >= -1 && y <= yaxis._length + 1); // nor if it is no number
    this.dot.style.transform = `translateY(${y}px)`;
  }

  /** What is done once, when the first drawing stands. */
  begin() {
    this.drawn = window[DRAWN] = true;
    const rules = document.getElementById("plotly.js-style-global")?.sheet?.cssRules ?? [];
    const style = document.createElement("style"); // the page's own does not reach in here
    style.textContent = Array.from(rules, (rule) => rule.cssText).join("\n");
    this.root.prepend(style);
    this.plot.on("plotly_relayout", (change) => this.onZoom(change));
    this.plot.on("plotly_doubleclick", () => this.onDoubleClick());
    this.plot.on("plotly_hover", ({ points: [point] }) => { this.hovered = { xval: point.x, yval: point.y }; });
    this.plot.on("plotly_unhover", () => { this.hovered = null; });
  }

  resize() {
    const drawn = this.shown === this.figure; // not if it came while the chart was out of sight
    const { width, height } = this.plot._fullLayout ?? {};
    if (!drawn || this.box.clientWidth !== width || (this.figure && this.height(this.figure) !== height)) this.draw();
  }

  /** As high as the figure is meant to be, or as the stage is where that fills the window. */
  height(figure) {
    return this.ruler.offsetHeight || figure.layout.height;
  }

  /** The figure's own layout, with the theme's colours, and zoomed as the visitor has it. */
  layout(width) {
    const style = getComputedStyle(this.box);
    const theme = (name) => style.getPropertyValue(name).trim();
    const zoom = zoomOfText(), layout = enlarged(this.figure.layout, zoom);
    const zoomed = Object.fromEntries(Object.entries(this.ranges)
      .map(([axis, range]) => [axis, { ...layout[axis], range }]));
    return {
      ...layout,
      ...zoomed,
      width,
      height: this.height(this.figure),
      font: { family: style.fontFamily, color: style.color, size: 14 * zoom, ...layout.font },
      hoverlabel: {
        bgcolor: theme("--st-secondary-background-color"),
        bordercolor: theme("--st-border-color"),
        font: { family: style.fontFamily, color: style.color, size: 13 * zoom },
      },
      // A finger that moves over the chart moves the page.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : layout.dragmode,
    };
  }

  onZoom(change) {
    const ranges = { ...this.ranges };
    for (const axis of ["xaxis", "yaxis"]) {
      const from = change[`${axis}.range[0]`], to = change[`${axis}.range[1]`];
      if (from !== undefined && to !== undefined) ranges[axis] = [from, to];
    }
    this.ranges = ranges;
    this.note();
    this.follow();
  }

  zoomOut() {
    if (!this.isMap) return this.zoom({});
    const { xaxis, yaxis } = this.plot._fullLayout, all = ({ minallowed, maxallowed }) => [minallowed, maxallowed];
    return this.zoom({ xaxis: all(xaxis), yaxis: all(yaxis) });
  }

  zoom(ranges) {
    this.ranges = ranges;
    this.draw();
    this.note();
  }

  /** What is done wherever the visitor has zoomed to. */
  note() {
    if (!this.isMap) {
      this.whole.hidden = Object.keys(this.ranges).length === 0;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("view", this.view()), REST);
  }

  /** Whether a map shows all that there is. */
  get isWhole() {
    const { xaxis, yaxis } = this.plot._fullLayout;
    return [xaxis, yaxis].every(({ range: [low, high], minallowed, maxallowed }) =>
      low <= minallowed + 1e-6 && high >= maxallowed - 1e-6);
  }

  /** What a map shows, in the numbers of its axes. */
  view() {
    const { xaxis, yaxis } = this.plot._fullLayout;
    const numbers = ({ type, range }) => (type === "log" ? range.map((end) => 10 ** end) : [...range]);
    return { axes: this.axes, x: numbers(xaxis), y: numbers(yaxis) };
  }

  /** Zoom a map by a factor, around a place of it: from 0, left and below, to 1. */
  step(factor, [x, y] = [0.5, 0.5], [dx, dy] = [0, 0]) {
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
    if (!this.isMap || !this.drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    const shifts = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    const shift = shifts[event.key]?.map((steps) => steps * SHIFT);
    const acts = {
      "+": () => this.step(1 / STEP), "=": () => this.step(1 / STEP), "-": () => this.step(STEP),
      0: () => this.whole.click(), Enter: () => this.pickMiddle(),
    };
    const act = shift ? () => this.step(1, undefined, shift) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Pick what is in the middle of a map: what a key can reach. */
  pickMiddle() {
    this.pick(0.5, 0.5);
  }

  /** Pick a place of a map, from 0, left and below, to 1; the server finds the cell. */
  pick(x, y) {
    const at = ({ type, range: [low, high] }, share) => {
      const place = low + share * (high - low);
      return type === "log" ? 10 ** place : place;
    };
    const { xaxis, yaxis } = this.plot._fullLayout;
    this.tell("pick", { axes: this.axes, x: at(xaxis, x), y: at(yaxis, y) });
  }

  /** Take the player to the epoch at a place of the axis, from 0 to 1; plotly's own clicks can be lost. */
  goTo(place) {
    const [low, high] = this.plot._fullLayout.xaxis.range;
    dispatchEvent(new CustomEvent(GO, { detail: Math.round(low + place * (high - low)) }));
  }

  onDoubleClick() {
    if (this.isMap && this.isTouched) return; // to plotly a tap is one of a finger and one of a mouse
    clearTimeout(this.picking);
    this.zoomOut();
  }

  onDown({ clientX, clientY, isPrimary, pointerType }) {
    clearTimeout(this.picking);
    this.isTouched = pointerType === "touch";
    this.pressed = isPrimary && this.drawn ? { clientX, clientY, scrolled: scrollTop() } : null;
  }

  /** A press that did not move goes to an epoch; on a map, unless it becomes a double one, it picks a place. */
  endClick({ clientX, clientY, type }) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!pressed || type === "pointercancel" || pressed.scrolled !== scrollTop()) return;
    if (Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) > STILL) return;
    const { xaxis, yaxis } = this.plot._fullLayout, box = this.plot.getBoundingClientRect();
    const x = (clientX - box.left - xaxis._offset) / xaxis._length;
    const y = 1 - (clientY - box.top - yaxis._offset) / yaxis._length;
    if (Math.min(x, y) < 0 || Math.max(x, y) > 1) return;
    if (this.isMap) this.picking = setTimeout(() => this.pick(x, y), TWICE);
    else if (this.figure.layout.meta) this.goTo(x);
  }

  /** Two fingers zoom and move a map; one moves the page, or taps a cell. */
  onTouch(event) {
    if (!this.isMap || !this.drawn) return;
    if (event.touches.length !== 2) { this.pinched = null; return; }
    this.pressed = null; // two fingers pick nothing
    event.preventDefault();
    event.stopPropagation();
    const { xaxis, yaxis } = this.plot._fullLayout, box = this.plot.getBoundingClientRect();
    const [one, other] = [...event.touches].map(({ clientX, clientY }) => [
      (clientX - box.left - xaxis._offset) / xaxis._length,
      1 - (clientY - box.top - yaxis._offset) / yaxis._length,
    ]);
    const middle = one.map((each, index) => (each + other[index]) / 2);
    const spread = Math.hypot(...one.map((each, index) => each - other[index]));
    const before = this.pinched;
    this.pinched = { middle, spread };
    if (!before || event.type !== "touchmove") return;
    const moved = before.middle.map((each, index) => each - middle[index]);
    this.step(before.spread / Math.max(spread, 0.01), middle, moved);
  }

  save() {
    const { data } = this.figure, { width, height } = this.plot._fullLayout;
    const ground = getComputedStyle(this.box).getPropertyValue("--st-background-color").trim();
    const layout = { ...this.layout(width), paper_bgcolor: ground };
    window.Plotly.downloadImage({ data, layout },
      { format: "png", filename: this.name, width, height, scale: PICTURE });
  }
}
