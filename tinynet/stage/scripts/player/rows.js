// Which row fills the nodes: one that is picked, or the mean of all.
/** @import { Lit } from "../types" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";

const MEAN = "mean"; // in the picker: all rows together

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
   * Offer the rows of a film; a row that it lacks gives way to the mean.
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
   * Pick a row; if it is picked again, let it go.
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
    player.draw();
    if (this.row !== null && player.scene.data.picksRows) player.tell("pick", { row: this.row });
  }

  /**
   * Take over the row that was picked where the arithmetic of one is shown.
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
