// The figures below the network: what is known of the state that is shown, and of the run.

const MOST_SHARE = 1e4; // beyond, the digits of an R² would not fit

/** An R², in words; null is none. */
export function shareInWords(share) {
  if (share === null) return "–";
  return Math.abs(share) < MOST_SHARE ? share.toFixed(3) : exponential(share, 1);
}

/** The figures of a state, in words; `losses` are those of all states of the film. */
export function figuresAt(state, data, losses) {
  const { figures, classes } = data;
  const ofTheState = {
    loss: () => lossFigure(losses[state], losses[0], cutOf(data, figures.testLosses)[state]),
    score: (note) => scoreFigure(state, figures, classes, note),
  };
  return figures.each.map((each) => ({ ...each, ...ofTheState[each.name]?.(each.note) }));
}

/** What the loss of a state says; less than in the first is better. */
function lossFigure(loss, first, testLoss) {
  const value = lossInWords(loss);
  if (testLoss !== undefined) return { value, note: `on test rows: ${lossInWords(testLoss)}` };
  if (!Number.isFinite(loss)) return { value, note: "no number" };
  const change = Math.fround(loss - first), text = `${change < 0 ? "" : "+"}${change.toFixed(4)}`;
  const judgement = Number(text) === 0 ? "" : change < 0 ? "better" : "worse";
  return { value, note: `${text} since epoch 0`, judgement };
}

/** How many rows are right in a state, or its R²; the note is that of the test rows where there are some. */
function scoreFigure(state, { rows, testRows, scores, testScores }, classes, note) {
  const counted = (score, of) => (score === null ? "–" : `${score} of ${of}`);
  const said = (score, of) => (classes ? counted(score, of) : shareInWords(score));
  const test = () => `${classes ? "of" : "on"} test rows: ${said(testScores[state], testRows)}`;
  return { value: said(scores[state], rows), note: testRows ? test() : note };
}

class Figures {
  constructor(root) {
    this.box = root.querySelector(".figures");
    this.said = [];
  }

  /** Take up the figures that came with a run, if any did. */
  take(data, losses) {
    this.box.hidden = !data.figures;
    Object.assign(this, { data, losses, shown: null });
  }

  /** Say the numbers of a state, the last that was reached. */
  show(state) {
    if (this.box.hidden || this.shown === state) return;
    this.shown = state;
    figuresAt(state, this.data, this.losses).forEach((figure, index) => this.write(figure, index));
  }

  write({ name, label, value, note, meaning, judgement = "" }, index) {
    const said = JSON.stringify([label, value, note, meaning]);
    if (this.said[index] === said) return;
    this.said[index] = said;
    const box = this.box.children[index] ?? this.box.appendChild(figureBox(name));
    [label, value, note].forEach((text, part) => { box.children[part].textContent = text; });
    box.lastElementChild.className = `note ${judgement}`;
    Object.assign(box, { ariaLabel: label, title: meaning });
  }
}

/** A place for a figure: its label, its value, and a note. */
function figureBox(name) {
  const parts = ["label", "value", "note"].map((className) => element("span", { className }));
  parts[1].dataset.figure = name;
  return element("div", { className: "figure", role: "group" }, ...parts);
}

