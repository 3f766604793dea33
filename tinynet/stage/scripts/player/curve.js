// The loss chart beside the network, with a cursor at the player's position.
/** @import { ChartFacts, ChartLine, Layout, Message, PlotlyFigure } from "../types" */
/** @import { Player } from "./player.js" */
import { Drawing } from "../chart/drawing.js";
import { drawnLayout, extentOf, pixelOf, plotly } from "../chart/plotly.js";
import { element, find, zoomOfText } from "../shared/elements.js";
import { cutOf } from "../shared/message.js";
import { grouped } from "../shared/numbers.js";

const BELOW_TICKS = 20; // pixels from the plot to the bottom of its axis numbers
// Beside the network the chart is low, so its heading names the axis.
const LOW = { margin: { l: 46, r: 12, t: 10, b: 42 }, ticks: 5 };
const AT_ONCE = {
  mode: "immediate",
  transition: { duration: 0 },
  frame: { duration: 0, redraw: false },
};
/** @type {string | undefined} */
let chosenScale; // kept when the run or the view changes

/** @typedef {Omit<ChartLine, "y"> & { y: Float32Array }} Drawn */

/**
 * Return the chart's figure for a scale; its numbers arrived with the film.
 * @param {string} scale
 * @param {ChartFacts} chart
 * @param {Pick<Message, "numbers" | "fieldStart">} message
 */
export function figureOn(scale, { previous, lines, layout, scales }, message) {
  const { layout: own, namesPrevious } = scales[scale];
  const all = previous ? [{ ...previous, showlegend: namesPrevious }, ...lines] : lines;
  return {
    data: all.map((line) => {
      const y = cutOf(message, line.y);
      return line.hovertemplate ? { ...line, y, customdata: y } : { ...line, y };
    }),
    namesLines: Boolean(layout.showlegend),
    layout: {
      ...layout,
      ...own,
      showlegend: false,
      margin: LOW.margin,
      xaxis: { ...layout.xaxis, title: {} },
      yaxis: { ...layout.yaxis, ...own.yaxis, title: {}, nticks: LOW.ticks },
    },
  };
}

/**
 * Return the number arrays of a line.
 * @param {object} line
 */
function numbersOf(line) {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => ArrayBuffer.isView(value)));
}

/**
 * Return a text that is equal for two drawings that differ only in the numbers and names of their
 * lines.
 * @param {PlotlyFigure} figure
 * @param {Layout} layout
 */
function frameOf({ data }, layout) {
  return JSON.stringify([layout, data], (key, value) =>
    key === "name" || ArrayBuffer.isView(value) ? undefined : value,
  );
}

export class Curve extends Drawing {
  /**
   * @param {Player} player
   * @param {HTMLElement} root
   */
  constructor(player, root) {
    super(find(root, "curve"));
    this.player = player;
    this.section = find(root, "losses");
    this.scales = find(root, "scales");
    this.cursor = find(root, "cursor");
    this.dot = find(this.cursor, "dot");
    this.at = find(this.cursor, "at");
    this.legend = find(root, "legend");
    /** @type {Message | null} */
    this.data = null;
    /** @type {Float32Array} */
    this.losses = new Float32Array();
    this.frame = "";
    this.scales.onchange = ({ target }) => {
      chosenScale = /** @type {HTMLInputElement} */ (target).value;
      if (this.data?.chart) this.showChosen(this.data, this.data.chart);
    };
  }

  /**
   * Take the chart that came with the run, if any; return a promise if it is drawn later.
   * @param {Message} data
   */
  take(data) {
    this.data = data;
    this.section.hidden = !data.chart;
    if (!data.chart) return null;
    this.offer(Object.keys(data.chart.scales));
    return this.showChosen(data, data.chart);
  }

  /**
   * Offer the scales in a selector, once.
   * @param {string[]} names
   */
  offer(names) {
    if (this.scales.childElementCount) return;
    chosenScale ??= names[0];
    const labels = names.map((value) => {
      const checked = value === chosenScale;
      const input = element("input", { type: "radio", name: "scale", value, checked });
      return element("label", {}, input, value);
    });
    this.scales.append(...labels);
  }

  /**
   * @param {Message} data
   * @param {ChartFacts} chart
   */
  showChosen(data, chart) {
    const scale = chosenScale ?? Object.keys(chart.scales)[0];
    const { namesLines, ...figure } = figureOn(scale, chart, data);
    const lossLine = figure.data.find(({ name }) => name === figure.layout.meta);
    if (lossLine) this.losses = lossLine.y;
    this.nameLines(namesLines ? figure.data : []);
    const { description } = chart.scales[scale];
    return this.show({ script: chart.script, description, name: "loss", figure });
  }

  /** Tell whether the chart is ready for the player to begin. */
  get isReady() {
    return this.drawn || !this.data?.chart;
  }

  /**
   * Name the lines in our own legend; plotly's legend would take most of the drawing time.
   * @param {Drawn[]} lines
   */
  nameLines(lines) {
    const named = lines.filter(({ showlegend }) => showlegend !== false);
    const entries = named.map(({ name, line: { color, dash, width } }) => {
      const sample = element("i");
      const style = dash === "dot" ? "dotted" : "solid";
      sample.style.borderTop = `${width}px ${style} ${color}`;
      return element("li", {}, sample, name);
    });
    this.legend.replaceChildren(...entries);
  }

  draw() {
    const drawn = super.draw();
    this.follow();
    return drawn;
  }

  /**
   * Move the lines if only their numbers differ: that fits in one frame and takes a tenth of the
   * time.
   * @param {PlotlyFigure} figure
   * @param {Layout} layout
   */
  render(figure, layout) {
    const frame = frameOf(figure, layout);
    if (!this.drawn || document.hidden || frame !== this.frame) {
      this.frame = frame;
      return super.render(figure, layout);
    }
    const moved = this.moved();
    const numbers = { data: figure.data.map(numbersOf), traces: [...figure.data.keys()] };
    const animated = plotly().animate(this.plot, numbers, AT_ONCE);
    return Promise.race([moved, animated]).catch(() => {}); // rejected where a later one interrupts
  }

  /**
   * Return a promise that resolves as soon as a line has moved; plotly's own resolves a frame
   * later.
   * @returns {Promise<void>}
   */
  moved() {
    return new Promise((resolve) => {
      const look = new MutationObserver(() => {
        look.disconnect();
        resolve();
      });
      look.observe(this.plot, { subtree: true, attributeFilter: ["d"] });
    });
  }

  /** @param {Layout} change */
  onZoom(change) {
    super.onZoom(change);
    this.follow();
  }

  /**
   * Move the player to the clicked epoch.
   * @param {number} x
   */
  onClick(x) {
    const [low, high] = drawnLayout(this.plot).xaxis.range;
    this.player.goTo(Math.round(low + x * (high - low)));
  }

  /** Move the cursor to the player's position, and its dot onto the line of the run. */
  follow() {
    const { player } = this;
    this.cursor.hidden = !this.drawn || !this.data?.chart || !player.name;
    if (this.cursor.hidden) return;
    const { epoch } = player;
    const { xaxis, yaxis } = drawnLayout(this.plot);
    const across = extentOf(xaxis);
    const upright = extentOf(yaxis);
    const along = pixelOf(xaxis, epoch);
    const y = this.heightAt(epoch, yaxis);
    this.cursor.hidden = along < -1 || along > across.length + 1;
    this.cursor.style.transform = `translate(${across.start + along}px, ${upright.start}px)`;
    this.cursor.style.height = `${upright.length}px`;
    const { epochs } = player.scene.data;
    this.at.textContent = `shown: epoch ${grouped(epochs[player.playback.reached])}`;
    // The label moves from the right of the cursor to its left, so that it stays within the chart.
    const share = along / across.length;
    const aside = `calc(${-100 * share}% + ${20 * share - 10}px)`;
    const below = upright.length + BELOW_TICKS * zoomOfText();
    this.at.style.transform = `translate(${aside}, ${below}px)`;
    this.dot.hidden = !(y >= -1 && y <= upright.length + 1); // also hidden for NaN
    this.dot.style.transform = `translateY(${y}px)`;
  }

  /**
   * Return the height of the loss line at an epoch, or between two epochs, in pixels from the top.
   * @param {number} epoch
   * @param {unknown} yaxis
   */
  heightAt(epoch, yaxis) {
    const { losses } = this;
    const first = Math.min(Math.floor(epoch), losses.length - 1);
    const second = Math.min(first + 1, losses.length - 1);
    const [from, to] = [first, second].map((state) => pixelOf(yaxis, losses[state]));
    return second === first || epoch === first ? from : from + (to - from) * (epoch - first);
  }
}
