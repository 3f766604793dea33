// Draws a plotly figure in its box: the same box, the same drawing, only its data change.

const PICTURE = 2; // pixels of a saved picture for each of the screen's
const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };
const STILL = 6; // pixels that a click may move
let script; // one for all charts of the page

/** Fetch plotly's script, once. */
function plotly(url) {
  script ??= new Promise((resolve, reject) => {
    const tag = element("script", { src: new URL(url, document.baseURI), onload: () => resolve(window.Plotly) });
    tag.onerror = () => { script = undefined; tag.remove(); reject(new Error(`${tag.src} did not load`)); };
    document.head.append(tag);
  });
  return script;
}

/** A copy of a layout, for plotly writes into it; its texts, and the room for them, are so much larger. */
function enlarged(layout, zoom) {
  const grow = (name, value) => (["size", "standoff", "l", "r", "t", "b"].includes(name) ? value * zoom : value);
  return JSON.parse(JSON.stringify(layout, (name, value) => (typeof value === "number" ? grow(name, value) : value)));
}

/** How far the page is scrolled; its main part is what scrolls. */
function scrollTop() {
  return document.querySelector("[data-testid=stMain]")?.scrollTop ?? window.scrollY;
}

class Drawing {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector(".chart");
    this.find = (name) => this.box.querySelector(`.${name}`);
    this.ruler = this.find("ruler");
    this.plot = this.find("plot");
    this.whole = this.find("whole");
    this.missing = this.find("missing");
    this.scrollZoom = false;
    this.ranges = {}; // what the visitor has zoomed to, axis by axis
    this.whole.onclick = () => this.zoomOut();
    this.find("save").onclick = () => this.save();
    this.plot.addEventListener("pointerdown", (event) => this.onDown(event), true);
    this.onUp = (event) => this.endClick(event);
    addEventListener("pointerup", this.onUp, true); // plotly covers the page while one drags
    addEventListener("pointercancel", this.onUp, true);
    this.box.ontransitionend = (event) => event.target === this.box && this.draw(); // another theme
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.box);
    this.resizes.observe(this.ruler);
  }

  leave() {
    this.resizes.disconnect();
    removeEventListener("pointerup", this.onUp, true);
    removeEventListener("pointercancel", this.onUp, true);
    if (this.drawn) window.Plotly.purge(this.plot);
  }

  /** Show a figure: at once, in the task that brings it, unless plotly's script is still to come. */
  show({ script: url, description, name, figure }) {
    this.name = name;
    this.plot.setAttribute("aria-label", description);
    this.plot.style.height = `${this.height(figure)}px`; // taken at once, so that nothing jumps later
    if (this.figure?.layout.uirevision !== figure.layout.uirevision) this.ranges = {};
    this.figure = figure;
    if (window.Plotly) return this.stand();
    plotly(url).then(() => this.stand(), () => this.stand(true));
    return null;
  }

  stand(isMissing = false) {
    this.plot.hidden = isMissing;
    this.missing.hidden = !isMissing;
    return this.draw();
  }

  /** Draw the figure; where plotly needs a frame for that, return a promise of its end. */
  draw() {
    const width = this.box.clientWidth;
    if (!width || !this.figure || !window.Plotly) return null;
    const hovered = this.hovered;
    // Plotly would hover again by itself, but measures from an element that it has just replaced.
    if (hovered) this.plot._fullLayout._rehover = null;
    this.shown = this.figure;
    this.plot.style.height = `${this.height(this.figure)}px`;
    const drawn = this.render(this.layout(width));
    if (!this.drawn) this.begin();
    if (hovered) window.Plotly.Fx.hover(this.plot, hovered);
    return drawn;
  }

  /** Have plotly draw the figure. */
  render(layout) {
    const scrollZoom = this.scrollZoom || Boolean(layout.scene); // what is seen from nearby, too
    window.Plotly.react(this.plot, this.figure.data, layout, { ...CONFIG, scrollZoom });
  }

  /** What is done once, when the first drawing stands. */
  begin() {
    this.drawn = true;
    const rules = document.getElementById("plotly.js-style-global")?.sheet?.cssRules ?? [];
    // The page's own style does not reach in here.
    this.root.prepend(element("style", {}, Array.from(rules, (rule) => rule.cssText).join("\n")));
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
  }

  zoomOut() { this.zoom({}); }

  zoom(ranges) {
    this.ranges = ranges;
    this.draw();
    this.note();
  }

  /** What is done wherever the visitor has zoomed to. */
  note() { this.whole.hidden = Object.keys(this.ranges).length === 0; }

  onDoubleClick() { this.zoomOut(); }

  onDown({ clientX, clientY, isPrimary }) {
    this.pressed = isPrimary && this.drawn ? { clientX, clientY, scrolled: scrollTop() } : null;
  }

  /** A press that did not move is a click; plotly's own can be lost. */
  endClick({ clientX, clientY, type }) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!pressed || type === "pointercancel" || pressed.scrolled !== scrollTop()) return;
    if (Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) > STILL) return;
    const { x, y } = this.placeOf({ clientX, clientY });
    if (Math.min(x, y) >= 0 && Math.max(x, y) <= 1) this.onClick(x, y);
  }

  /** A place of the plot was clicked: from 0, left and below, to 1. */
  onClick() {}

  /** Where a point of the screen is in the plot: from 0, left and below, to 1. */
  placeOf({ clientX, clientY }) {
    const { xaxis, yaxis } = this.plot._fullLayout, box = this.plot.getBoundingClientRect();
    return {
      x: (clientX - box.left - xaxis._offset) / xaxis._length,
      y: 1 - (clientY - box.top - yaxis._offset) / yaxis._length,
    };
  }

  save() {
    const { data } = this.figure, { width, height } = this.plot._fullLayout;
    const ground = getComputedStyle(this.box).getPropertyValue("--st-background-color").trim();
    const layout = { ...this.layout(width), paper_bgcolor: ground };
    window.Plotly.downloadImage({ data, layout },
      { format: "png", filename: this.name, width, height, scale: PICTURE });
  }
}

