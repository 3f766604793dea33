// The figures below the network: what is known of the state that is shown, and of the run.

const MOST_SHARE = 1e4; // beyond, the digits of an R² would not fit

/** An R², in words; null is none. */
export function shareInWords(share) {
  if (share === null) return "–";
  return Math.abs(share) < MOST_SHARE ? share.toFixed(3) : exponential(share, 1);
}

/** What the loss of a state says; less than in the first is better. */
export function lossFigure(loss, first, testLoss) {
  const value = lossInWords(loss);
  if (testLoss !== undefined) return { value, note: `on test rows: ${lossInWords(testLoss)}` };
  if (!Number.isFinite(loss)) return { value, note: "no number" };
  const change = Math.fround(loss - first), text = `${change < 0 ? "" : "+"}${change.toFixed(4)}`;
  const judgement = Number(text) === 0 ? "" : change < 0 ? "better" : "worse";
  return { value, note: `${text} since epoch 0`, judgement };
}

/** How many rows are right in a state, or its R²; without test rows, its note is that of all states. */
export function scoreFigure(state, { rows, testRows, scores, testScores }, classes, note) {
  const counted = (score, of) => (score === null ? "–" : `${score.toLocaleString("en")} of ${of.toLocaleString("en")}`);
  const said = (score, of) => (classes ? counted(score, of) : shareInWords(score));
  const test = `${classes ? "of" : "on"} test rows: ${said(testScores[state] ?? null, testRows)}`;
  return { value: said(scores[state], rows), note: testRows ? test : note };
}

class Figures {
  constructor(root) { this.box = root.querySelector(".figures"); }

  /** Take up the figures that came with a run, if any did; `losses` are those of the film's states. */
  take(data, losses) {
    this.box.hidden = !data.figures;
    this.shown = null;
    if (!data.figures) return;
    const { figures, classes } = data, testLosses = cutOf(data, figures.testLosses);
    this.of = {
      loss: (state) => lossFigure(losses[state], losses[0], testLosses[state]),
      score: (state, note) => scoreFigure(state, figures, classes, note),
    };
    this.each = figures.each;
    if (this.box.childElementCount !== this.each.length) this.build();
    this.each.forEach(({ name, label, meaning, value, note }, index) => {
      const box = this.box.children[index];
      box.setAttribute("aria-label", label);
      box.title = meaning;
      box.children[0].textContent = label;
      if (!this.of[name]) this.write(index, { value, note });
    });
  }

  build() {
    this.box.replaceChildren(...this.each.map(({ name }) => {
      const box = document.createElement("div");
      box.className = "figure";
      box.setAttribute("role", "group");
      const parts = ["label", "value", "note"].map((part) => Object.assign(document.createElement("span"), { className: part }));
      parts[1].dataset.figure = name;
      box.append(...parts);
      return box;
    }));
  }

  write(index, { value, note, judgement = "" }) {
    const [, one, other] = this.box.children[index].children;
    one.textContent = value;
    other.textContent = note;
    other.className = `note ${judgement}`;
  }

  /** Say the numbers of a state, the last that was reached. */
  show(state) {
    if (this.box.hidden || this.shown === state) return;
    this.shown = state;
    this.each.forEach(({ name, note }, index) => { if (this.of[name]) this.write(index, this.of[name](state, note)); });
  }
}

