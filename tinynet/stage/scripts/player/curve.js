// The losses beside the network, with a cursor at the player's own position.
/** @import { ChartFacts, ChartLine, Layout, Message, PlotlyFigure } from "../types" */
/** @import { Player } from "./player.js" */
import { Drawing } from "../chart/drawing.js";
import { drawnLayout, extentOf, pixelOf, plotly } from "../chart/plotly.js";
import { element, find, zoomOfText } from "../shared/elements.js";
import { cutOf } from "../shared/message.js";
import { grouped } from "../shared/numbers.js";

const BELOW_TICKS = 22; // pixels below the plot where the numbers of its axis end
const AT_ONCE = {
  mode: "immediate",
  transition: { duration: 0 },
  frame: { duration: 0, redraw: false },
};
/** @type {string | undefined} */
let chosenScale; // stays while runs and views change

/** @typedef {Omit<ChartLine, "y"> & { y: Float32Array }} Drawn */

/**
 * Return the figure of a chart on a scale; its numbers came with those of the film.
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
    layout: { ...layout, ...own, showlegend: false, yaxis: { ...layout.yaxis, ...own.yaxis } },
  };
}

/**
 * Return the numbers of a line.
 * @param {object} line
 */
function numbersOf(line) {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => ArrayBuffer.isView(value)));
}

/**
 * Return a text that is the same for two drawings that differ in numbers and names of lines alone.
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
   * Take up the chart that came with the run, if one did; return a promise if it is drawn a little later.
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
   * Offer the scales to choose from, once.
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

  /** Whether all is there before the player begins. */
  get isReady() {
    return this.drawn || !this.data?.chart;
  }

  /**
   * Name the lines; plotly's own legend would take most of the time of a drawing.
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
   * Have plotly move the lines where only their numbers differ: within a frame, in a tenth of the time.
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
    return Promise.race([moved, plotly().animate(this.plot, numbers, AT_ONCE)]);
  }

  /**
   * Return a promise that is kept as soon as a line has moved; plotly's own comes a frame later.
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
   * Take the player to the epoch that is clicked.
   * @param {number} x
   */
  onClick(x) {
    const [low, high] = drawnLayout(this.plot).xaxis.range;
    this.player.goTo(Math.round(low + x * (high - low)));
  }

  /** Put the cursor where the player is, on the line of its run; a whole epoch has a dot. */
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
    // From the right of the line to its left as it moves on, so that it stays within the chart.
    const share = along / across.length;
    const aside = `calc(${-100 * share}% + ${20 * share - 10}px)`;
    const below = upright.length + BELOW_TICKS * zoomOfText();
    this.at.style.transform = `translate(${aside}, ${below}px)`;
    this.dot.hidden = !(y >= -1 && y <= upright.length + 1); // nor if it is no number
    this.dot.style.transform = `translateY(${y}px)`;
  }

  /**
   * Return where the line of the losses is at an epoch, or between two, in pixels from the top.
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
