// The epoch and the batch that the lines belong to: two numbers that the visitor can change.
/** @import { Facts } from "./lines.js" */
import { find } from "../shared/elements.js";
import { grouped } from "../shared/numbers.js";

export class Which {
  /**
   * @param {HTMLElement} root
   * @param {(update: number) => void} go called with the update that the visitor enters
   */
  constructor(root, go) {
    this.root = root;
    /** @type {HTMLInputElement} */
    this.epoch = find(root, "epoch");
    /** @type {HTMLInputElement} */
    this.batch = find(root, "batch");
    this.batches = 1;
    const change = () => go(entered(this.epoch) * this.batches + entered(this.batch) - 1);
    this.epoch.onchange = change;
    this.batch.onchange = change;
  }

  /** @param {Facts} facts */
  draw({ update, batches, last }) {
    this.batches = batches;
    find(this.root, "of-batches").hidden = batches === 1;
    set(this.epoch, "Epoch", Math.floor(update / batches), Math.floor(last / batches));
    set(this.batch, "Batch", (update % batches) + 1, batches);
    find(this.root, "epochs").textContent = rangeOf(this.epoch);
    find(this.root, "batches").textContent = rangeOf(this.batch);
  }
}

/**
 * Set a number, its range and its name.
 * @param {HTMLInputElement} input
 * @param {string} name
 * @param {number} value
 * @param {number} max
 */
function set(input, name, value, max) {
  input.max = String(max);
  input.value = input.defaultValue = String(value);
  input.ariaLabel = `${name}, ${input.min} to ${grouped(max)}`;
}

/**
 * Return the number that the visitor entered, moved into its range; the old number for no entry.
 * @param {HTMLInputElement} input
 */
function entered(input) {
  const number = Math.round(Number(input.value || input.defaultValue));
  return Math.min(Math.max(number, Number(input.min)), Number(input.max));
}

/** @param {HTMLInputElement} input */
function rangeOf(input) {
  return `of ${input.min} to ${grouped(Number(input.max))}`;
}
