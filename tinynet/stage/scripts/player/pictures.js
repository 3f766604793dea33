// Rows whose inputs are the pixels of pictures: how the network answers them, the worst first.
/** @import { Alone, Film, FunctionTable, Message, PadFacts } from "../types" */
import { cutOf } from "../shared/message.js";
import { columnsOf } from "./dots.js";
import { answerOf, functionsOf, passForward, sharesOf } from "./field.js";
import { thumbnail } from "./thumbnail.js";

/** @typedef {{ index: number, target: number, answer: number, share: number }} Judged */

/**
 * Judge rows by their outputs: the wrong ones first, the least probable target first.
 * @param {ArrayLike<number>[]} outputs of each output unit
 * @param {number[]} targets
 * @returns {Judged[]}
 */
export function judged(outputs, targets) {
  const rows = targets.map((target, index) => {
    const its = outputs.map((values) => values[index]);
    return { index, target, answer: answerOf(its), share: sharesOf(its)[target] || 0 };
  });
  const isRight = (/** @type {Judged} */ { answer, target }) => Number(answer === target);
  return rows.sort((one, other) => isRight(one) - isRight(other) || one.share - other.share);
}

export class Pictures {
  /**
   * @param {Message} data
   * @param {Film} film
   * @param {PadFacts} facts
   * @param {FunctionTable} table
   */
  constructor(data, film, facts, table) {
    this.film = film;
    this.facts = facts;
    this.count = data.widths[0];
    this.inputs = cutOf(data, facts.inputs);
    this.targets = [...cutOf(data, facts.targets)];
    this.columns = columnsOf(this.inputs, this.count);
    this.functions = functionsOf(facts.functions, table);
    this.state = -1; // the state in which the rows are judged
    /** @type {Judged[]} */
    this.rows = [];
    /** @type {Map<string, HTMLCanvasElement>} */
    this.made = new Map();
  }

  /**
   * Return the inputs of a row.
   * @param {number} index
   */
  valuesOf(index) {
    return this.inputs.subarray(index * this.count, (index + 1) * this.count);
  }

  /**
   * Return all rows as the network answers them in a state, the worst first.
   * @param {number} state
   */
  judge(state) {
    if (this.state !== state) {
      const { film, columns, functions, targets } = this;
      const layers = passForward(film.layers, film.parameters(state), columns, functions);
      this.rows = judged(layers[layers.length - 1], targets);
      this.state = state;
    }
    return this.rows;
  }

  /**
   * Return the value of each node, column by column, for a single row.
   * @param {ArrayLike<number>} values
   * @param {ArrayLike<number>} parameters
   * @returns {Alone["columns"]}
   */
  pass(values, parameters) {
    const inputs = Array.from(values, (value) => Float32Array.of(value));
    return [inputs, ...passForward(this.film.layers, parameters, inputs, this.functions)];
  }

  /**
   * Return the picture of a row in the colour of ink; it is made once.
   * @param {number} index
   * @param {string} ink
   */
  pictureOf(index, ink) {
    const key = `${index} ${ink}`;
    const made = this.made.get(key) ?? this.inked(this.valuesOf(index), ink);
    this.made.set(key, made);
    return made;
  }

  /**
   * Return a picture of pixels, in the colour of ink.
   * @param {ArrayLike<number>} values
   * @param {string} colour
   */
  inked(values, colour) {
    const { isInverted } = this.facts;
    return thumbnail(values, (value) => ({ colour, depth: isInverted ? 1 - value : value }));
  }
}
