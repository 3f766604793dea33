// The lines of one epoch: it draws what PyTorch made, and counts every step by itself.

const DARKEST = 60; // percent of a cell's colour: the number in it must stay legible
const LINE = "tinynet-line"; // what is told to the player: what a line lights
let chosen = "forward"; // the line's name, for the visitor comes back to it from another tab

export default function ({ data, parentElement, setTriggerValue }) {
  return answer(parentElement, Lines, (view) => {
    view.ask = (update) => setTriggerValue("asked", update);
    view.show(unpack(data));
  });
}

class Lines {
  constructor(root) {
    this.find = (name) => root.querySelector(`.${name}`);
    this.find("next").onclick = () => this.step();
    this.unfolded = {}; // which the visitor has opened or closed, by their names
    this.asked = []; // the updates that the server was asked for since the wanted one was at hand
  }

  /** Take in what the server has sent: an update on the way to the wanted one, or another one. */
  show(facts) {
    const { update, lines } = facts;
    const onTheWay = update === this.shown?.update || this.asked.includes(update);
    const sameLoop = lines.length === this.facts?.lines.length;
    this.facts = facts;
    if (!sameLoop || (update !== this.wanted.update && !(this.asked.length && onTheWay))) {
      const line = lines.findIndex(({ name }) => name === chosen);
      this.wanted = { update, line: line < 0 ? lines.length - 1 : line };
    }
    if (update === this.wanted.update) this.asked = [];
    this.draw();
  }

  /** One step on; behind the last line of an update comes the first of the next one, until the end. */
  step() {
    const { last, lines } = this.facts, { update, line } = this.wanted;
    if (line + 1 < lines.length) this.go({ update, line: line + 1 });
    else if (update < last) this.go({ update: update + 1, line: 0 });
  }

  /** Go to a line; without the server, as long as its update is at hand. */
  go(place) {
    this.wanted = place;
    if (place.update === this.facts.update) {
      this.asked = [];
      this.draw();
    } else if (place.update !== this.asked.at(-1)) {
      this.asked.push(place.update);
      this.ask(place.update);
    }
  }

  /** Draw the update at hand: all of it changes at once, or nothing. */
  draw() {
    const { update, batches, lines, last } = this.facts;
    const index = this.wanted.update === update ? this.wanted.line : this.shown.line;
    chosen = lines[index].name;
    this.shown = { update, line: index };
    const [epoch, batch] = [Math.floor(update / batches), update % batches];
    const ends = `of 0 to ${grouped(Math.floor(last / batches))}, batch ${grouped(batch + 1)} of 1 to ${grouped(batches)}`;
    const which = batches > 1 ? ` ${ends}` : "";
    this.find("which").textContent = `In epoch ${grouped(epoch)}${which}, look at`;
    this.drawRadios(lines, index);
    this.drawNext(update === last && index === lines.length - 1);
    const { does, without, blocks } = lines[index];
    this.find("does").replaceChildren(...written(does));
    this.find("without").replaceChildren(element("em", {}, "Without it:"), " ", ...written(without));
    this.find("made").replaceChildren(...blocks.map((block) => this.made(block)));
    this.light(lines[index].picture);
  }

  /** The button says where there is no next line; it keeps the focus. */
  drawNext(isTheEnd) {
    this.find("next").setAttribute("aria-disabled", isTheEnd);
    this.find("words").textContent = isTheEnd ? "The training ends here" : "Next line";
  }

  /** Tell the player what the line lights in its picture. */
  light({ words, edges, answers }) {
    const { run, epoch, batch, row } = this.facts;
    const size = ({ shape }) => shape.reduce((one, other) => one * other, 1);
    const numbers = edges && edges.flatMap((each) => [...this.numbersAt(each.start, size(each))]);
    window[LINE] = { run, epoch, batch, words, numbers, answers, row };
    dispatchEvent(new CustomEvent(LINE));
  }

  leave() {
    delete window[LINE];
    dispatchEvent(new CustomEvent(LINE));
  }

  /** The radios stay where they are, so that the focus does. */
  drawRadios(lines, index) {
    const set = this.find("which").parentElement;
    [...set.querySelectorAll("label")].slice(lines.length).forEach((label) => label.remove());
    lines.forEach((line, place) => {
      const label = set.querySelectorAll("label")[place] ?? set.appendChild(this.radio(place));
      label.firstChild.checked = place === index;
      const code = element("code", {}, line.code);
      label.lastChild.replaceChildren(...(line.forgotten ? [element("s", {}, code), " forgotten"] : [code]));
    });
  }

  radio(place) {
    const input = element("input", { type: "radio", name: "line" });
    input.onchange = () => this.go({ update: this.facts.update, line: place });
    return element("label", {}, input, element("span"));
  }

  made(block) {
    const draw = {
      words: ({ text }) => element("p", {}, ...written(text)),
      printed: ({ text }) => element("pre", { tabIndex: 0 }, text),
      maps: ({ maps }) => element("div", { className: "maps" }, ...maps.map((map) => this.heatMap(map))),
      folded: (block) => this.folded(block),
      shares: (columns) => this.shares(columns),
      sides: ({ sides }) => element("div", { className: "sides" },
        ...sides.map((blocks) => element("div", {}, ...blocks.map((each) => this.made(each))))),
    };
    return draw[block.kind](block);
  }

  folded({ name, open, maps }) {
    const summary = element("summary", {}, element("code", {}, name));
    const details = element("details", { open: this.unfolded[name] ?? open }, summary);
    const draw = () => {
      if (details.open && details.children.length === 1) details.append(this.made({ kind: "maps", maps }));
    };
    summary.onclick = () => { this.unfolded[name] = !details.open; };
    details.ontoggle = draw;
    draw();
    return details;
  }

  numbersAt(start, length) {
    return this.facts.numbers.subarray(start, start + length);
  }

  heatMap({ name, note, start, shape, rows, most, before }) {
    const columns = shape.at(-1);
    const numbers = this.numbersAt(start, rows * columns);
    const old = before === undefined ? numbers : this.numbersAt(before, rows * columns);
    const cells = (row) => Array.from({ length: columns }, (_, column) => {
      const place = row * columns + column;
      return this.cell(numbers[place], most || 1, before !== undefined && numbers[place] !== old[place]);
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

  shares({ which, name, heading: ofPrediction, digits, y_pred, y, error, share }) {
    const columns = [y_pred, y, error, share].map((start) => this.numbersAt(start, which.length));
    const body = which.map((row, place) => {
      const [prediction, target, its, share] = columns.map((each) => each[place]);
      const known = Number.isFinite(share);
      const bar = `<span><i style="width:${known ? share : 0}%;background:${this.facts.colours.positive}"></i></span>`;
      return `<tr><th>${row}</th><td>${format(prediction)}</td><td>${short(target)}</td><td>${format(its)}</td>`
        + `<td><div class="share">${bar}${known ? share.toFixed(digits) : "–"} %</div></td></tr>`;
    }).join("");
    const table = element("table", { className: "shares" });
    const heading = name[0].toUpperCase() + name.slice(1);
    const head = ["Row", ofPrediction, "y", heading, "Share"].map((name) => `<th>${name}</th>`).join("");
    table.innerHTML = `<thead><tr>${head}</tr></thead><tbody>${body}</tbody>`;
    return table;
  }
}

/** A whole number, as 1,000. */
function grouped(value) {
  return value.toLocaleString("en");
}

/** A class as it is, 0 or 1; another target with its digits. */
function short(target) {
  return Number.isInteger(target) ? target : format(target);
}

/** Text whose parts between backticks are code. */
function written(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}
