// The lines of one epoch: it draws what PyTorch made, and counts every step by itself.

const DARKEST = 60; // percent of a cell's colour: the number in it must stay legible
const views = new WeakMap();
let chosen = 0; // the line, for the visitor comes back to it from another tab

export default function ({ data, parentElement, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) {
    view = new Lines(parentElement);
    views.set(parentElement, view);
  }
  view.ask = (epoch) => setTriggerValue("epoch", epoch);
  view.show(unpack(data));
  return () => views.delete(parentElement);
}

/** Where so many steps lead to from a line of an epoch; behind the last line comes the next epoch. */
export function placeAfter({ epoch, line }, steps, { last, count }) {
  const place = epoch * count + line + steps;
  const wanted = { epoch: Math.floor(place / count), line: place % count };
  return wanted.epoch > last ? { ...wanted, epoch: last } : wanted; // the last epoch starts again
}

class Lines {
  constructor(root) {
    this.find = (name) => root.querySelector(`.${name}`);
    this.find("next").onclick = () => this.step();
    this.asked = []; // the epochs that the server was asked for since the wanted one was at hand
  }

  /** Take in what the server has sent: an epoch on the way to the wanted one, or another one. */
  show(facts) {
    const onTheWay = facts.epoch === this.shown?.epoch || this.asked.includes(facts.epoch);
    this.facts = facts;
    if (facts.epoch !== this.wanted?.epoch && !(this.asked.length && onTheWay)) {
      this.wanted = { epoch: facts.epoch, line: chosen };
    }
    if (facts.epoch === this.wanted.epoch) this.asked = [];
    this.draw();
  }

  /** One step on; without the server, as long as the epoch is at hand. */
  step() {
    const { last, lines } = this.facts;
    this.go(placeAfter(this.wanted, 1, { last, count: lines.length }));
  }

  go(place) {
    this.wanted = place;
    if (place.epoch === this.facts.epoch) {
      this.asked = [];
      this.draw();
    } else if (place.epoch !== this.asked.at(-1)) {
      this.asked.push(place.epoch);
      this.ask(place.epoch);
    }
  }

  /** Draw the epoch at hand: all of it changes at once, or nothing. */
  draw() {
    const { epoch, lines } = this.facts;
    const index = this.wanted.epoch === epoch ? this.wanted.line : this.shown.line;
    chosen = index;
    this.shown = { epoch, line: index };
    this.find("which").textContent = `In epoch ${epoch.toLocaleString("en")}, look at`;
    this.drawRadios(lines, index);
    const { does, without, blocks } = lines[index];
    this.find("does").replaceChildren(...written(does));
    this.find("without").replaceChildren(element("em", {}, "Without it:"), " ", ...written(without));
    this.find("made").replaceChildren(...blocks.map((block) => this.made(block)));
  }

  /** The radios stay where they are, so that the focus does. */
  drawRadios(lines, index) {
    const set = this.find("which").parentElement;
    lines.forEach((line, place) => {
      const label = set.querySelectorAll("label")[place] ?? set.appendChild(this.radio(place));
      label.firstChild.checked = place === index;
      const code = element("code", {}, line.code);
      label.lastChild.replaceChildren(...(line.forgotten ? [element("s", {}, code), " forgotten"] : [code]));
    });
  }

  radio(place) {
    const input = element("input", { type: "radio", name: "line" });
    input.onchange = () => this.go({ epoch: this.facts.epoch, line: place });
    return element("label", {}, input, element("span"));
  }

  made(block) {
    const draw = {
      words: ({ text }) => element("p", {}, ...written(text)),
      printed: ({ text }) => element("pre", { tabIndex: 0 }, text),
      maps: ({ maps }) => element("div", { className: "maps" }, ...maps.map((map) => this.heatMap(map))),
      shares: (columns) => this.shares(columns),
      sides: ({ sides }) => element("div", { className: "sides" },
        ...sides.map((blocks) => element("div", {}, ...blocks.map((each) => this.made(each))))),
    };
    return draw[block.kind](block);
  }

  numbersAt(start, length) {
    return this.facts.numbers.subarray(start, start + length);
  }

  heatMap({ name, note, start, shape, before }) {
    const columns = shape.at(-1), rows = shape.length > 1 ? shape[0] : 1;
    const numbers = this.numbersAt(start, rows * columns);
    const old = before === undefined ? numbers : this.numbersAt(before, rows * columns);
    const most = largest(numbers, 0) || 1;
    const cells = (row) => Array.from({ length: columns }, (_, column) => {
      const place = row * columns + column;
      return this.cell(numbers[place], most, before !== undefined && numbers[place] !== old[place]);
    }).join("");
    const head = Array.from({ length: columns }, (_, column) => `<th>${column}</th>`).join("");
    const body = Array.from({ length: rows },
      (_, row) => `<tr><th>${shape.length > 1 ? row : ""}</th>${cells(row)}</tr>`).join("");
    const table = element("table");
    // Numbers and colours alone are written as HTML: a thousand cells in one go.
    table.innerHTML = `<thead><tr><th></th>${head}</tr></thead><tbody>${body}</tbody>`;
    const size = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
    const caption = element("figcaption", {}, element("code", {}, name), ` ${size} ${note}`);
    return element("figure", { className: "tensor" }, caption,
      element("div", { className: "scroll", tabIndex: 0 }, table));
  }

  cell(value, most, changed) {
    const { positive, negative } = this.facts.colours;
    const strength = Number.isFinite(value) ? (DARKEST * Math.abs(value)) / most : 0;
    const ground = `color-mix(in srgb, ${value > 0 ? positive : negative} ${strength.toFixed(1)}%, transparent)`;
    return `<td${changed ? ' class="changed"' : ""} style="background:${ground}">${format(value)}</td>`;
  }

  shares({ rows, y_pred, y, error }) {
    const columns = [y_pred, y, error].map((start) => this.numbersAt(start, rows));
    const sum = columns[2].reduce((total, each) => total + each, 0) || 1; // a loss of 0 has no shares
    const body = Array.from({ length: rows }, (_, row) => {
      const [prediction, target, squared] = columns.map((each) => each[row]);
      const share = ((100 * squared) / sum).toFixed(0);
      return `<tr><th>${row}</th><td>${format(prediction)}</td><td>${target}</td><td>${format(squared)}</td>`
        + `<td><div class="share"><span><i style="width:${share}%;background:${this.facts.colours.positive}"></i></span>${share} %</div></td></tr>`;
    }).join("");
    const table = element("table", { className: "shares" });
    const head = ["Row", "y_pred", "y", "(y_pred - y)²", "Share"].map((name) => `<th>${name}</th>`).join("");
    table.innerHTML = `<thead><tr>${head}</tr></thead><tbody>${body}</tbody>`;
    return table;
  }
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Text whose parts between backticks are code. */
function written(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}
