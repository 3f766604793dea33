// The row whose values fill the nodes: a picked row, or the mean of all rows.
/** @import { Lit, Message } from "../types" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { nameOfRow } from "./words.js";

const MEAN = "mean"; // the picker's value for the mean of all rows

export class RowPicker {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    /** @type {HTMLSelectElement} */
    this.picker = find(player.box, "row");
    this.picker.onchange = () => this.onPick();
    /** @type {number | null} */
    this.row = null;
    this.hasOnly = false; // whether the film has only the row that was picked on the page
    /** @type {Lit | null} */
    this.lit = null;
  }

  /**
   * Offer the rows of a film; if it lacks the picked row, pick the mean. A film of only one row
   * shows that row.
   * @param {Message} data
   */
  offer(data) {
    const { rows, only } = data;
    const names = ["all", ...Array.from({ length: rows }, (_, row) => nameOfRow(row, data))];
    const offered = Array.from(this.picker.options, ({ text }) => text);
    if (String(offered) === String(names)) return;
    const made = names.map((name, at) => new Option(name, at ? String(at - 1) : MEAN));
    this.picker.replaceChildren(...made);
    const isKept = !this.hasOnly && this.row !== null && this.row < rows;
    this.hasOnly = Boolean(only);
    if (only) {
      this.set(0);
      this.player.pad.show([], null);
    } else this.set(isKept ? this.row : null);
  }

  /** @param {number | null} row */
  set(row) {
    this.row = row;
    this.picker.value = row === null ? MEAN : String(row);
  }

  /**
   * Pick a row; a second pick returns to the mean.
   * @param {number} row
   */
  toggle(row) {
    this.set(this.row === row ? null : row);
    this.onPick();
  }

  onPick() {
    const { value } = this.picker;
    const { player } = this;
    this.row = value === MEAN ? null : Number(value);
    player.pad.show([], null);
    player.draw();
    if (this.row === null && this.hasOnly) player.tell("pick", { all: true });
    if (this.row !== null && player.scene.data.picksRows) player.tell("pick", { row: this.row });
  }

  /**
   * Pick the row whose arithmetic the page shows.
   * @param {Lit | null} lit
   */
  hear(lit) {
    const before = this.lit;
    this.lit = lit;
    if (!lit || !before || lit.run !== before.run || lit.row === before.row) return;
    if (typeof lit.row !== "number" || typeof before.row !== "number") return;
    if (lit.row < this.player.scene.data.rows) this.set(lit.row);
  }
}
