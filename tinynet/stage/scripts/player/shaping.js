// The buttons on the drawing that change the network: units, layers and features.
/** @import { ShapeFacts } from "../types" */
/** @import { Picture, Sheet } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { element, find } from "../shared/elements.js";
import { middleOf } from "./layout.js";

const NEAR = 36; // pixels from the middle of a column to the middle of its buttons
const LEAST_GAP = 100; // pixels between two columns that have buttons
const WIDE_GAP = 190; // and between columns with room for a word
const FIRST_WIDTH = 5; // units of a new layer, if there is none to copy

/**
 * Return the widths with one more layer, as wide as the last layer, or with one layer less.
 * @param {number[]} layers
 * @param {number} step
 */
export function withLayers(layers, step) {
  return step > 0 ? [...layers, layers[layers.length - 1] ?? FIRST_WIDTH] : layers.slice(0, -1);
}

/**
 * Return the names of the features after a press on one of them; at least one stays on.
 * @param {ShapeFacts["features"]} features
 * @param {string} name
 */
export function withFeature(features, name) {
  const on = features.filter((each) => (each.name === name ? !each.isOn : each.isOn));
  return (on.length ? on : features.filter(({ isOn }) => isOn)).map((each) => each.name);
}

export class Shaping {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.columns = find(player.box, "columns");
    this.features = find(player.box, "features");
    /** @type {ShapeFacts | null} */
    this.shape = null;
  }

  /**
   * Take the shape of the network that is drawn next; null where it cannot be changed.
   * @param {ShapeFacts | null} shape
   */
  take(shape) {
    this.shape = shape;
    this.columns.hidden = !shape;
    this.features.hidden = !shape?.features.length;
    if (shape) replaceButtons(this.features, shape.features.map(this.chip, this));
  }

  /**
   * Put the buttons of each column beside its heading.
   * @param {Sheet} sheet
   */
  place({ places, zoom, caption }) {
    if (!this.shape) return;
    const { layers, mostLayers, mostUnits } = this.shape;
    const { columns, gap, network } = places;
    const hasRoom = gap >= LEAST_GAP;
    const units = layers.flatMap((width, layer) => {
      const change = (/** @type {number} */ step) => () =>
        this.tell({ layers: layers.with(layer, width + step) });
      const x = middleOf(columns[layer + 1]);
      const name = `layer ${layer + 1}`;
      const less = this.button("−", `One unit less in ${name}`, width > 1, change(-1));
      const more = this.button("+", `One unit more in ${name}`, width < mostUnits, change(1));
      return [at(less, (x - NEAR) * zoom), at(more, (x + NEAR) * zoom)];
    });
    const change = (/** @type {number} */ step) => () =>
      this.tell({ layers: withLayers(layers, step) });
    const last = middleOf(columns[columns.length - 1]);
    const isWide = gap >= WIDE_GAP;
    const middle = last - gap * (isWide ? 0.5 : 0.35); // the last heading is short
    const less = this.button("−", "One layer less", layers.length > 0, change(-1));
    const more = this.button("+", "One layer more", layers.length < mostLayers, change(1));
    const label = element("span", { textContent: "layers", className: "name" });
    const parts = isWide ? [less, label, more] : [less, more];
    const group = element("span", { className: "layers" }, ...parts);
    replaceButtons(this.columns, hasRoom ? [...units, at(group, middle * zoom)] : []);
    this.features.style.top = `${(network.height - caption - 2) * zoom}px`;
  }

  /**
   * @param {string} text
   * @param {string} says
   * @param {boolean} isPossible
   * @param {() => void} onclick
   */
  button(text, says, isPossible, onclick) {
    const made = element("button", { type: "button", textContent: text, title: says, onclick });
    made.setAttribute("aria-label", says);
    made.disabled = !isPossible;
    return made;
  }

  /** @param {ShapeFacts["features"][number]} feature */
  chip({ name, label, isOn }) {
    const onclick = () => {
      if (this.shape) this.tell({ features: withFeature(this.shape.features, name) });
    };
    const made = this.button(label, `Feature ${label}`, true, onclick);
    made.setAttribute("aria-pressed", String(isOn));
    return made;
  }

  /**
   * Tell the server the new shape; further presses build on it.
   * @param {{ layers?: number[], features?: string[] }} change
   */
  tell(change) {
    if (!this.shape) return;
    const features = this.shape.features.map((each) => ({
      ...each,
      isOn: change.features?.includes(each.name) ?? each.isOn,
    }));
    const layers = change.layers ?? this.shape.layers;
    this.shape = { ...this.shape, features, layers };
    this.player.tell("shape", change);
  }
}

/**
 * Replace the buttons in a box; a button with the same label keeps the focus.
 * @param {HTMLElement} box
 * @param {HTMLElement[]} buttons
 */
function replaceButtons(box, buttons) {
  const root = /** @type {Document | ShadowRoot} */ (box.getRootNode());
  const focused = box.contains(root.activeElement) ? root.activeElement?.ariaLabel : null;
  box.replaceChildren(...buttons);
  if (!focused) return;
  const same = [...box.querySelectorAll("button")].find((each) => each.ariaLabel === focused);
  same?.focus({ preventScroll: true });
}

/**
 * Place an element at a distance from the left.
 * @param {HTMLElement} it
 * @param {number} left
 */
function at(it, left) {
  it.style.left = `${left}px`;
  return it;
}
