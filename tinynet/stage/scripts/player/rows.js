// The row whose values fill the nodes: a picked row, or the mean of all rows.
/** @import { Lit } from "../types" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";

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
    /** @type {Lit | null} */
    this.lit = null;
  }

  /**
   * Offer the rows of a film; if it lacks the picked row, pick the mean.
   * @param {number} rows
   */
  offer(rows) {
    const options = [MEAN, ...Array.from({ length: rows }, (_, row) => String(row))];
    if (this.picker.options.length === options.length) return;
    const made = options.map((value) => new Option(value === MEAN ? "all" : value, value));
    this.picker.replaceChildren(...made);
    this.set(this.row !== null && this.row < rows ? this.row : null);
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
    player.pad.empty();
    player.draw();
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
