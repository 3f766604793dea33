// The lines of one epoch: draws PyTorch's tensors, and steps through the updates.
/** @import { Block, Colours } from "./blocks.js" */
import { element, find } from "../shared/elements.js";
import { light } from "../shared/lit.js";
import { Blocks, written } from "./blocks.js";
import { Which } from "./which.js";

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} code
 * @property {boolean} forgotten
 * @property {string} does
 * @property {string} without
 * @property {Block[]} blocks
 * @property {{ words: string, edges: { start: number, shape: number[] }[] | null,
 *   answers: boolean }} picture
 */
/**
 * @typedef {object} Facts
 * @property {string} run
 * @property {number} epoch
 * @property {number} batch
 * @property {number | null} row
 * @property {number} update
 * @property {number} last
 * @property {number} batches
 * @property {Line[]} lines
 * @property {Colours} colours
 * @property {Float32Array} numbers
 */
/** @typedef {{ update: number, line: number }} Place */

let chosen = "forward"; // by name, so that it survives a visit to another tab

export class Lines {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    find(root, "next").onclick = () => this.step();
    this.which = new Which(root, (update) => this.go({ update, line: this.wanted.line }));
    this.blocks = new Blocks();
    /** @type {number[]} */
    this.asked = []; // the updates requested since the wanted update last arrived
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Place} */
    this.wanted = { update: -1, line: 0 };
    /** @type {Place | null} */
    this.shown = null;
    /** @type {(update: number) => void} */
    this.ask = () => {};
  }

  /**
   * Take an update from the server: an update on the way to the wanted update, or any other.
   * @param {Facts} facts
   */
  show(facts) {
    const { update, lines } = facts;
    const isOnTheWay = update === this.shown?.update || this.asked.includes(update);
    const isSameLoop = lines.length === this.facts?.lines.length;
    this.facts = facts;
    if (!isSameLoop || (update !== this.wanted.update && !(this.asked.length && isOnTheWay))) {
      const line = lines.findIndex(({ name }) => name === chosen);
      this.wanted = { update, line: line < 0 ? lines.length - 1 : line };
    }
    if (update === this.wanted.update) this.asked = [];
    this.draw(facts);
  }

  /** Step forward; the first line of the next update follows the last line of this update. */
  step() {
    if (!this.facts) return;
    const { last, lines } = this.facts;
    const { update, line } = this.wanted;
    if (line + 1 < lines.length) this.go({ update, line: line + 1 });
    else if (update < last) this.go({ update: update + 1, line: 0 });
  }

  /**
   * Go to a line, without the server if its update is already here.
   * @param {Place} place
   */
  go(place) {
    this.wanted = place;
    if (place.update === this.facts?.update) {
      this.asked = [];
      this.draw(this.facts);
    } else if (place.update !== this.asked.at(-1)) {
      this.asked.push(place.update);
      this.ask(place.update);
    }
  }

  /**
   * Draw the update: everything in it changes at once.
   * @param {Facts} facts
   */
  draw(facts) {
    const { update, lines, last } = facts;
    const isWanted = this.wanted.update === update;
    const index = isWanted ? this.wanted.line : (this.shown?.line ?? 0);
    const line = lines[index];
    chosen = line.name;
    this.shown = { update, line: index };
    if (isWanted) this.which.draw(facts); // otherwise the visitor has entered another number
    find(this.root, "lines").dataset.update = String(update); // tells other code what is drawn
    this.drawRadios(lines, index);
    this.drawNext(update === last && index === lines.length - 1);
    const without = element("em", {}, "Without it:");
    find(this.root, "does").replaceChildren(...written(line.does));
    find(this.root, "without").replaceChildren(without, " ", ...written(line.without));
    find(this.root, "made").replaceChildren(...this.blocks.draw(line.blocks, facts));
    this.light(line, facts);
  }

  /**
   * Disable the button at the last line; it keeps the focus.
   * @param {boolean} isTheEnd
   */
  drawNext(isTheEnd) {
    find(this.root, "next").setAttribute("aria-disabled", String(isTheEnd));
    find(this.root, "words").textContent = isTheEnd ? "The training ends here" : "Next line";
  }

  /**
   * Highlight the line's numbers in the player's picture.
   * @param {Line} line
   * @param {Facts} facts
   */
  light({ picture: { words, edges, answers } }, { run, epoch, batch, row, numbers: all }) {
    const numbers = edges?.flatMap(({ start, shape }) => {
      const size = shape.reduce((one, other) => one * other, 1);
      return [...all.subarray(start, start + size)];
    });
    light({ run, epoch, batch, words, numbers, answers, row });
  }

  leave() {
    light(null);
  }

  /**
   * Draw the radio buttons, reusing the elements so that the focus stays.
   * @param {Line[]} lines
   * @param {number} index
   */
  drawRadios(lines, index) {
    const set = find(this.root, "which").parentElement;
    if (!set) return;
    for (const label of [...set.querySelectorAll("label")].slice(lines.length)) label.remove();
    const labels = set.querySelectorAll("label");
    lines.forEach((line, place) => {
      const label = labels[place] ?? set.appendChild(this.radio(place));
      const [input, words] = label.children;
      /** @type {HTMLInputElement} */ (input).checked = place === index;
      const code = element("code", {}, line.code);
      words.replaceChildren(...(line.forgotten ? [element("s", {}, code), " forgotten"] : [code]));
    });
  }

  /** @param {number} line */
  radio(line) {
    const input = element("input", { type: "radio", name: "line" });
    input.onchange = () => this.facts && this.go({ update: this.facts.update, line });
    return element("label", {}, input, element("span"));
  }
}
