// The brushes of the easel: one for each class or number, and the eraser.
/** @import { Colours, EaselFacts } from "../types" */
import { element, find } from "../shared/elements.js";
import { byteOf } from "./painting.js";
import { ofClass, ofShade, SHAPES } from "./pen.js";

const ERASER = -1; // the brush number of the eraser
const DOT = 1; // index of the shape for numbers

export class Brushes {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.list = find(box, "brushes");
    this.eraser = find(box, "eraser");
    this.eraser.onclick = () => this.pick(ERASER);
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    this.brush = 0;
    /** @type {boolean | null} */
    this.areNumbers = null;
  }

  get isEraser() {
    return this.brush === ERASER;
  }

  /**
   * Offer the brushes that fit the data.
   * @param {EaselFacts} rules
   * @param {boolean} areNumbers
   * @param {Colours} colours
   */
  offer(rules, areNumbers, colours) {
    if (this.areNumbers !== areNumbers) {
      this.areNumbers = areNumbers;
      const classes = Array.from({ length: rules.classes }, (_, index) => index);
      this.buttons = (areNumbers ? rules.numbers : classes).map((value, index) =>
        this.button(value, index, colours),
      );
      this.list.replaceChildren(...this.buttons);
      this.brush = Math.max(0, this.brush);
    }
    this.pick(Math.min(this.brush, this.buttons.length - 1));
  }

  /**
   * @param {number} value
   * @param {number} index
   * @param {Colours} colours
   */
  button(value, index, colours) {
    const { areNumbers } = this;
    const mark = element("span", {}, SHAPES[areNumbers ? DOT : index]);
    mark.style.color = areNumbers ? ofShade(value, colours) : ofClass(index, colours);
    if (areNumbers) mark.style.opacity = String(Math.max(0.15, Math.abs(value)));
    const name = `${areNumbers ? "Number" : "Class"} ${value}`;
    const title = `${name} (key ${this.keyOf(index)})`;
    const onclick = () => this.pick(index);
    const properties = { type: "button", ariaLabel: name, title, onclick };
    return element("button", properties, mark, ` ${value}`);
  }

  /**
   * Return the key that picks a brush: the number of its class, or its position.
   * @param {number} index
   */
  keyOf(index) {
    return String(this.areNumbers ? index + 1 : index);
  }

  /**
   * Return the brush that a key picks; -1 if the key picks none.
   * @param {string} key
   */
  ofKey(key) {
    return this.buttons.findIndex((_, index) => this.keyOf(index) === key);
  }

  /** @param {number} brush */
  pick(brush) {
    this.brush = brush;
    this.buttons.forEach((button, index) => {
      button.setAttribute("aria-pressed", String(index === brush));
    });
    this.eraser.setAttribute("aria-pressed", String(this.isEraser));
  }

  /**
   * Return the class or the number of the brush, as a byte.
   * @param {EaselFacts} rules
   */
  answer(rules) {
    if (!this.areNumbers) return this.brush;
    return byteOf(rules.numbers[this.brush], rules.stepsOfANumber, rules);
  }
}
