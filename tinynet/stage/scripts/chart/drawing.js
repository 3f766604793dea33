// Draws a plotly figure in its box, and updates the same plot when the data change.
/** @import { Layout, PlotlyFigure, Point } from "../types" */
import { element, find, zoomOfText } from "../shared/elements.js";
import { drawnLayout, extentOf, forgetHover, loadPlotly, plotly, plotlyStyle } from "./plotly.js";

/** @typedef {{ script: string, description: string, name: string, figure: PlotlyFigure }} Facts */
/** @typedef {{ [axis: string]: [number, number] }} Ranges */

const PICTURE = 2; // the scale of a saved picture, relative to the screen
const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };
const STILL = 6; // pixels that the pointer may move during a click
const SCALED = ["size", "standoff", "l", "r", "t", "b"]; // these scale with the text

/**
 * Copy a layout, because plotly writes into it, and scale its texts to the page's text size.
 * @param {Layout} layout
 * @param {number} zoom
 */
function enlarged(layout, zoom) {
  const text = JSON.stringify(layout, (name, value) =>
    typeof value === "number" && SCALED.includes(name) ? value * zoom : value,
  );
  return JSON.parse(text);
}

export class Drawing {
  /** @param {HTMLElement | ShadowRoot} root */
  constructor(root) {
    this.root = root;
    this.box = find(root, "chart");
    this.ruler = find(this.box, "ruler");
    this.plot = find(this.box, "plot");
    this.whole = find(this.box, "whole");
    this.missing = find(this.box, "missing");
    this.scrollZoom = false;
    this.drawn = false;
    /** @type {(event: string, value: unknown) => void} */
    this.tell = () => {};
    /** @type {Ranges} */
    this.ranges = {}; // the ranges that the visitor has zoomed to
    /** @type {PlotlyFigure | null} */
    this.figure = null;
    /** @type {PlotlyFigure | null} */
    this.shown = null;
    /** @type {{ xval: number, yval: number } | null} */
    this.hovered = null;
    /** @type {{ clientX: number, clientY: number, top: number } | null} */
    this.pressed = null;
    this.name = "";
    this.listen();
  }

  listen() {
    this.whole.onclick = () => this.zoomOut();
    find(this.box, "save").onclick = () => this.save();
    this.plot.addEventListener("pointerdown", (event) => this.onDown(event), true);
    /** @param {PointerEvent} event */
    this.onUp = (event) => this.endClick(event);
    addEventListener("pointerup", this.onUp, true); // plotly covers the page during a drag
    addEventListener("pointercancel", this.onUp, true);
    this.box.ontransitionend = ({ target }) => {
      if (target === this.box) this.draw(); // the theme has changed
    };
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.box);
    this.resizes.observe(this.ruler);
  }

  leave() {
    this.resizes?.disconnect();
    if (this.onUp) {
      removeEventListener("pointerup", this.onUp, true);
      removeEventListener("pointercancel", this.onUp, true);
    }
    if (this.drawn) plotly().purge(this.plot);
  }

  /**
   * Show a figure: at once, or as soon as plotly's script is loaded.
   * @param {Facts} facts
   * @returns {Promise<unknown> | null}
   */
  show({ script, description, name, figure }) {
    this.name = name;
    this.plot.setAttribute("aria-label", description);
    this.plot.style.height = `${this.height(figure)}px`; // set at once, so that nothing jumps later
    if (this.figure?.layout.uirevision !== figure.layout.uirevision) this.ranges = {};
    this.figure = figure;
    if (plotly()) return this.stand();
    loadPlotly(script).then(
      () => this.stand(),
      () => this.stand(true),
    );
    return null;
  }

  stand(isMissing = false) {
    this.plot.hidden = isMissing;
    this.missing.hidden = !isMissing;
    return this.draw();
  }

  /**
   * Draw the figure; return a promise if plotly needs another frame to finish.
   * @returns {Promise<unknown> | null}
   */
  draw() {
    const width = this.box.clientWidth;
    if (!width || !this.figure || !plotly()) return null;
    const hovered = this.hovered;
    if (hovered) forgetHover(this.plot);
    this.shown = this.figure;
    this.plot.style.height = `${this.height(this.figure)}px`;
    const drawn = this.render(this.figure, this.layout(this.figure, width));
    if (!this.drawn) this.begin();
    if (hovered) plotly().Fx.hover(this.plot, hovered);
    return drawn;
  }

  /**
   * Draw the figure with plotly.
   * @param {PlotlyFigure} figure
   * @param {Layout} layout
   * @returns {Promise<unknown> | null}
   */
  render(figure, layout) {
    const scrollZoom = this.scrollZoom || Boolean(layout.scene); // a landscape zooms, too
    plotly().react(this.plot, figure.data, layout, { ...CONFIG, scrollZoom });
    return null;
  }

  /** Prepare what needs a drawn plot. */
  begin() {
    this.drawn = true;
    this.root.prepend(element("style", {}, plotlyStyle()));
    const plot = /** @type {any} */ (this.plot);
    plot.on("plotly_relayout", (/** @type {Layout} */ change) => this.onZoom(change));
    plot.on("plotly_doubleclick", () => this.onDoubleClick());
    plot.on("plotly_hover", (/** @type {{ points: Point[] }} */ { points: [point] }) => {
      this.hovered = { xval: point.x, yval: point.y };
    });
    plot.on("plotly_unhover", () => {
      this.hovered = null;
    });
  }

  resize() {
    const isDrawn = this.shown === this.figure; // false if it came while out of sight
    const { width, height } = drawnLayout(this.plot) ?? {};
    const isOther = this.figure && this.height(this.figure) !== height;
    if (!isDrawn || this.box.clientWidth !== width || isOther) this.draw();
  }

  /**
   * Return the figure's own height, or the height of the stage if the stage fills the window.
   * @param {PlotlyFigure} figure
   */
  height(figure) {
    return this.ruler.offsetHeight || figure.layout.height;
  }

  /**
   * Return the figure's layout with the theme's colours and the visitor's zoom.
   * @param {PlotlyFigure} figure
   * @param {number} width
   */
  layout(figure, width) {
    const style = getComputedStyle(this.box);
    const zoom = zoomOfText();
    const layout = enlarged(figure.layout, zoom);
    const ranges = Object.entries(this.ranges);
    const font = { family: style.fontFamily, color: style.color };
    return {
      ...layout,
      ...Object.fromEntries(ranges.map(([axis, range]) => [axis, { ...layout[axis], range }])),
      width,
      height: this.height(figure),
      font: { ...font, size: 14 * zoom, ...layout.font },
      hoverlabel: {
        bgcolor: this.theme("--st-secondary-background-color"),
        bordercolor: this.theme("--st-border-color"),
        font: { ...font, size: 13 * zoom },
      },
      // A finger that moves over the chart scrolls the page.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : layout.dragmode,
    };
  }

  /** @param {string} name */
  theme(name) {
    return getComputedStyle(this.box).getPropertyValue(name).trim();
  }

  /** @param {Layout} change */
  onZoom(change) {
    const ranges = { ...this.ranges };
    for (const axis of ["xaxis", "yaxis"]) {
      const from = change[`${axis}.range[0]`];
      const to = change[`${axis}.range[1]`];
      if (from !== undefined && to !== undefined) ranges[axis] = [from, to];
    }
    this.ranges = ranges;
    this.note();
  }

  zoomOut() {
    this.zoom({});
  }

  /** @param {Ranges} ranges */
  zoom(ranges) {
    this.ranges = ranges;
    this.draw();
    this.note();
  }

  /** Show the button that zooms out, once the visitor has zoomed in. */
  note() {
    this.whole.hidden = Object.keys(this.ranges).length === 0;
  }

  onDoubleClick() {
    this.zoomOut();
  }

  /** @param {PointerEvent} event */
  onDown({ clientX, clientY, isPrimary }) {
    this.pressed = isPrimary && this.drawn ? { clientX, clientY, top: this.top } : null;
  }

  /** Return the position of the plot in the window, which changes as the page scrolls. */
  get top() {
    return this.plot.getBoundingClientRect().top;
  }

  /**
   * Treat a press that did not move as a click, because plotly can lose its own click.
   * @param {PointerEvent} event
   */
  endClick({ clientX, clientY, type }) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!pressed || type === "pointercancel" || pressed.top !== this.top) return;
    if (Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) > STILL) return;
    const { x, y } = this.placeOf({ clientX, clientY });
    if (Math.min(x, y) >= 0 && Math.max(x, y) <= 1) this.onClick(x, y);
  }

  /**
   * Handle a click at a place in the plot, from 0 (left, bottom) to 1.
   * @param {number} _x
   * @param {number} _y
   */
  onClick(_x, _y) {}

  /**
   * Return the place in the plot of a point in the window, from 0 (left, bottom) to 1.
   * @param {{ clientX: number, clientY: number }} point
   * @returns {Point}
   */
  placeOf({ clientX, clientY }) {
    const { xaxis, yaxis } = drawnLayout(this.plot);
    const box = this.plot.getBoundingClientRect();
    const across = extentOf(xaxis);
    const upright = extentOf(yaxis);
    return {
      x: (clientX - box.left - across.start) / across.length,
      y: 1 - (clientY - box.top - upright.start) / upright.length,
    };
  }

  save() {
    if (!this.figure) return;
    const { width, height } = drawnLayout(this.plot);
    const ground = this.theme("--st-background-color");
    const layout = { ...this.layout(this.figure, width), paper_bgcolor: ground };
    const options = { format: "png", filename: this.name, width, height, scale: PICTURE };
    plotly().downloadImage({ data: this.figure.data, layout }, options);
  }
}
