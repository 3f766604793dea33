// The figures below the network: facts about the shown state and about the run.
/** @import { Figure, FigureFacts, Message } from "../types" */
import { element, find } from "../shared/elements.js";
import { exponential, fixed } from "../shared/numbers.js";

/** @typedef {Pick<Message, "classes" | "losses"> & { figures: FigureFacts }} Facts */

const MOST_SHARE = 1e4; // the digits of a larger R² would not fit

/**
 * Write an R²; null stands for no R².
 * @param {number | null} share
 */
export function shareInWords(share) {
  if (share === null) return "–";
  return Math.abs(share) < MOST_SHARE ? share.toFixed(3) : exponential(share, 1);
}

/**
 * Return the figures of a state, in words.
 * @param {number} state
 * @param {Facts} data
 * @param {number[]} losses the loss of each state
 * @returns {Figure[]}
 */
export function figuresAt(state, data, losses) {
  return data.figures.each.map((each) => {
    if (each.name === "loss") return { ...each, ...lossFigure(state, data, losses) };
    if (each.name === "score") return { ...each, ...scoreFigure(state, data, each.note) };
    return each;
  });
}

/**
 * Write the loss of a state, with a note: the test loss, or the change since the first state.
 * @param {number} state
 * @param {Facts} data
 * @param {number[]} losses
 */
function lossFigure(state, { figures: { testLosses }, losses: words }, losses) {
  const value = words[state];
  const ofTests = testLosses[state];
  if (ofTests !== undefined) return { value, note: `on test rows: ${ofTests}` };
  if (!Number.isFinite(losses[state])) return { value, note: "no number" };
  const change = Math.fround(losses[state] - losses[0]);
  const text = `${change < 0 ? "" : "+"}${fixed(change)}`;
  const judgement = Number(text) === 0 ? "" : change < 0 ? "better" : "worse";
  return { value, note: `${text} since epoch 0`, judgement };
}

/**
 * Write how many rows are correct in a state, or its R²; the note is about the test rows, if any.
 * @param {number} state
 * @param {Facts} data
 * @param {string} note
 */
function scoreFigure(state, { classes, figures }, note) {
  const { rows, testRows, scores, testScores } = figures;
  const said = (/** @type {number | null} */ score, /** @type {number} */ count) => {
    if (!classes) return shareInWords(score);
    return score === null ? "–" : `${score} of ${count}`;
  };
  const value = said(scores[state], rows);
  if (!testRows) return { value, note };
  return {
    value,
    note: `${classes ? "of" : "on"} test rows: ${said(testScores[state], testRows)}`,
  };
}

export class Figures {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.box = find(root, "figures");
    /** @type {string[]} */
    this.said = [];
    /** @type {{ data: Facts, losses: number[] } | null} */
    this.known = null;
    /** @type {number | null} */
    this.shown = null;
  }

  /**
   * Take the figures that came with a run, if any.
   * @param {Message} data
   * @param {number[]} losses
   */
  take({ classes, losses: words, figures }, losses) {
    this.box.hidden = !figures;
    this.known = figures ? { data: { classes, losses: words, figures }, losses } : null;
    this.shown = null;
  }

  /**
   * Write the numbers of a state.
   * @param {number} state
   */
  show(state) {
    if (!this.known || this.shown === state) return;
    this.shown = state;
    const { data, losses } = this.known;
    figuresAt(state, data, losses).forEach((figure, index) => {
      this.write(figure, index);
    });
  }

  /**
   * @param {Figure} figure
   * @param {number} index
   */
  write({ name, label, value, note, meaning, judgement = "" }, index) {
    const said = JSON.stringify([label, value, note, meaning]);
    if (this.said[index] === said) return;
    this.said[index] = said;
    const box = this.box.children[index] ?? this.box.appendChild(figureBox(name));
    [label, value, note].forEach((text, part) => {
      box.children[part].textContent = text;
    });
    box.children[2].className = `note ${judgement}`;
    Object.assign(box, { ariaLabel: label, title: meaning });
  }
}

/**
 * Make the elements of a figure: its label, value and note.
 * @param {string} name
 */
function figureBox(name) {
  const [label, value, note] = ["label", "value", "note"].map((className) =>
    element("span", { className }),
  );
  value.dataset.figure = name;
  return element("div", { className: "figure", role: "group" }, label, value, note);
}
