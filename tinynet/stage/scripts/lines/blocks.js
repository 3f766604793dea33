// The blocks that explain a line of an epoch: words, tensors, tables.
import { element } from "../shared/elements.js";
import { format } from "../shared/numbers.js";

/** @typedef {{ positive: string, negative: string }} Colours */
/** @typedef {{ numbers: Float32Array, colours: Colours }} Facts */
/**
 * @typedef {object} HeatMap
 * @property {string} name
 * @property {string} note
 * @property {number} start
 * @property {number[]} shape
 * @property {number} rows
 * @property {number} most
 * @property {number} [before]
 */
/**
 * @typedef {object} Shares
 * @property {"shares"} kind
 * @property {number[]} which
 * @property {string} name
 * @property {string} heading
 * @property {number} digits
 * @property {number} y_pred
 * @property {number} y
 * @property {number} error
 * @property {number} share
 */
/** @typedef {{ kind: "folded", name: string, open: boolean, maps: HeatMap[] }} Folded */
/**
 * @typedef {{ kind: "words", text: string } | { kind: "printed", text: string }
 *   | { kind: "maps", maps: HeatMap[] } | Folded | Shares | { kind: "sides", sides: Block[][] }} Block
 */

const DARKEST = 60; // percent of the cell's colour; above this the number would be hard to read

export class Blocks {
  constructor() {
    /** @type {Record<string, boolean>} */
    this.unfolded = {}; // whether each toggled block is open, by name
    /** @type {Float32Array} */
    this.numbers = new Float32Array();
    this.colours = { positive: "", negative: "" };
  }

  /**
   * Make the elements of blocks.
   * @param {Block[]} blocks
   * @param {Facts} facts
   */
  draw(blocks, { numbers, colours }) {
    this.numbers = numbers;
    this.colours = colours;
    return blocks.map((block) => this.made(block));
  }

  /**
   * @param {Block} block
   * @returns {HTMLElement}
   */
  made(block) {
    switch (block.kind) {
      case "words":
        return element("p", {}, ...written(block.text));
      case "printed":
        return element("pre", { tabIndex: 0 }, block.text);
      case "maps":
        return this.maps(block.maps);
      case "folded":
        return this.folded(block);
      case "shares":
        return this.shares(block);
      case "sides":
        return element("div", { className: "sides" }, ...block.sides.map((its) => this.side(its)));
    }
  }

  /** @param {Block[]} blocks */
  side(blocks) {
    return element("div", {}, ...blocks.map((each) => this.made(each)));
  }

  /** @param {HeatMap[]} maps */
  maps(maps) {
    return element("div", { className: "maps" }, ...maps.map((map) => this.heatMap(map)));
  }

  /** @param {Folded} block */
  folded({ name, open, maps }) {
    const summary = element("summary", {}, element("code", {}, name));
    const details = element("details", { open: this.unfolded[name] ?? open }, summary);
    const draw = () => {
      if (details.open && details.children.length === 1) details.append(this.maps(maps));
    };
    summary.onclick = () => {
      this.unfolded[name] = !details.open;
    };
    details.ontoggle = draw;
    draw();
    return details;
  }

  /**
   * @param {number} start
   * @param {number} length
   */
  numbersAt(start, length) {
    return this.numbers.subarray(start, start + length);
  }

  /** @param {HeatMap} map */
  heatMap({ name, note, start, shape, rows, most, before }) {
    const columns = shape[shape.length - 1];
    const numbers = this.numbersAt(start, rows * columns);
    const old = before === undefined ? numbers : this.numbersAt(before, rows * columns);
    const cellAt = (/** @type {number} */ place) =>
      this.cell(numbers[place], most || 1, before !== undefined && numbers[place] !== old[place]);
    const head = times(columns, (column) => `<th>${column}</th>`);
    const body = times(rows, (row) => {
      const cells = times(columns, (column) => cellAt(row * columns + column));
      return `<tr><th>${shape.length > 1 ? row : ""}</th>${cells}</tr>`;
    });
    const table = element("table");
    // Only numbers and colours are written as HTML, which is faster for a thousand cells.
    table.innerHTML = `<thead><tr><td></td>${head}</tr></thead><tbody>${body}</tbody>`;
    const size = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
    const caption = element("figcaption", {}, element("code", {}, name), ` ${size} ${note}`);
    const scroll = element("div", { className: "scroll", tabIndex: 0 }, table);
    return element("figure", { className: "tensor" }, caption, scroll);
  }

  /**
   * @param {number} value
   * @param {number} most
   * @param {boolean} isChanged
   */
  cell(value, most, isChanged) {
    const colour = value > 0 ? this.colours.positive : this.colours.negative;
    const strength = Number.isFinite(value) ? (DARKEST * Math.abs(value)) / most : 0;
    const ground = `color-mix(in srgb, ${colour} ${strength.toFixed(1)}%, transparent)`;
    const changed = isChanged ? ' class="changed"' : "";
    return `<td${changed} style="background:${ground}">${format(value)}</td>`;
  }

  /** @param {Shares} block */
  shares({ which, name, heading: ofPrediction, digits, y_pred, y, error, share }) {
    const columns = [y_pred, y, error, share].map((start) => this.numbersAt(start, which.length));
    const body = which.map((row, place) => {
      const [prediction, target, its, part] = columns.map((each) => each[place]);
      const cells = [format(prediction), inShort(target), format(its)];
      const numbers = cells.map((each) => `<td>${each}</td>`).join("");
      return `<tr><th>${row}</th>${numbers}<td>${this.share(part, digits)}</td></tr>`;
    });
    const table = element("table", { className: "shares" });
    const heading = name[0].toUpperCase() + name.slice(1);
    const names = ["Row", ofPrediction, "y", heading, "Share"];
    const head = names.map((each) => `<th>${each}</th>`).join("");
    table.innerHTML = `<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody>`;
    return table;
  }

  /**
   * Write a share of the loss in percent, with its bar.
   * @param {number} share
   * @param {number} digits
   */
  share(share, digits) {
    const isKnown = Number.isFinite(share);
    const style = `width:${isKnown ? share : 0}%;background:${this.colours.positive}`;
    const words = isKnown ? share.toFixed(digits) : "–";
    return `<div class="share"><span><i style="${style}"></i></span>${words} %</div>`;
  }
}

/**
 * Join the texts written for the numbers from 0 to the count.
 * @param {number} count
 * @param {(index: number) => string} write
 */
function times(count, write) {
  return Array.from({ length: count }, (_, index) => write(index)).join("");
}

/**
 * Write a class as 0 or 1, and any other target with its digits.
 * @param {number} target
 */
function inShort(target) {
  return Number.isInteger(target) ? String(target) : format(target);
}

/**
 * Mark up the parts of a text between backticks as code.
 * @param {string} text
 */
export function written(text) {
  const parts = text.split("`");
  return parts.map((part, index) => (index % 2 ? element("code", {}, part) : part));
}
