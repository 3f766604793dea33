// The player draws a film: numbers that PyTorch has computed. It computes none of its own, but for
// places, colours and the way from one state to the next. First what is pure, then what is not.

const WHOLE_RUN = 8000; // milliseconds to play it
const REST = 250; // milliseconds without a key before the server hears of it
const CALM_STEP = 400; // milliseconds a state, where the visitor asks for reduced motion
const NARROW = 560; // pixels; below it the pictures stand below each other
const LEAST_TOP = 0.3; // of the loss axis, as in the loss chart

/** Cut the film into its parts; each is a function of the state that returns a view. */
export function decode(data) {
  const { inputs, hidden, rows, epochs } = data;
  const count = hidden * inputs + hidden + hidden + 1;
  const sizes = { loss: 1, parameters: count, gradients: count, hidden: rows * hidden, predictions: rows };
  const size = Object.values(sizes).reduce((sum, each) => sum + each, 0);
  const { numbers } = data;
  const parts = { states: epochs.length, inputs, hiddenUnits: hidden, rows };
  let start = 0;
  for (const [name, length] of Object.entries(sizes)) {
    const from = start;
    parts[name] = (state) => numbers.subarray(state * size + from, state * size + from + length);
    start += length;
  }
  return parts;
}

/** Where the numbers of an edge or a node's bias stand among the parameters. */
export function indexOf(kind, inputs, hidden, unit, input = 0) {
  if (kind === "weight") return unit * inputs + input;
  if (kind === "bias") return hidden * inputs + unit;
  if (kind === "outputWeight") return hidden * inputs + hidden + unit;
  return hidden * inputs + 2 * hidden; // the output's bias
}

/** Place the three pictures and all nodes in a stage of that width. */
export function layout(width, inputs, hidden) {
  const narrow = width < NARROW;
  const network = { x: 0, y: 0, width: narrow ? width : width * 0.56, height: 320 };
  const side = narrow ? 0 : network.width + 24;
  const rest = width - side;
  const curve = { x: side, y: narrow ? 336 : 0, width: rest, height: 140 };
  const bars = { x: side, y: curve.y + 156, width: rest, height: 164 };
  const column = (count, x, largest) => {
    const gap = (network.height - 28) / count;
    const radius = Math.max(2, Math.min(largest, gap * 0.42));
    return Array.from({ length: count }, (_, i) => ({ x, y: 22 + gap * (i + 0.5), radius }));
  };
  return {
    network, curve, bars, height: narrow ? bars.y + bars.height : network.height,
    inputs: column(inputs, 26, 11),
    hidden: column(hidden, network.width / 2, 14),
    output: column(1, network.width - 30, 18),
  };
}

/** The state at a place of the film: whole states and how far it is from the first to the second. */
export function placeBetween(position, states) {
  const clamped = Math.max(0, Math.min(states - 1, position));
  const first = Math.min(Math.floor(clamped), Math.max(0, states - 2));
  return { first, second: Math.min(first + 1, states - 1), share: clamped - first };
}

/** The index of the last kept state that is not after the one asked for; null asks for the last. */
export function nearestIndex(epochs, state) {
  if (state === null || state === undefined) return epochs.length - 1;
  let index = epochs.length - 1;
  while (index > 0 && epochs[index] > state) index -= 1;
  return index;
}

/** What the picture shows, in words. */
export function inWords(epoch, last, loss, parameters, inputs, hidden) {
  const named = Array.from(parameters, (value, index) => ({ value, index }));
  named.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const nameOf = (index) => {
    if (index < hidden * inputs) return `input ${index % inputs} to hidden unit ${Math.floor(index / inputs)}`;
    if (index < hidden * inputs + hidden) return `bias of hidden unit ${index - hidden * inputs}`;
    if (index < hidden * inputs + 2 * hidden) return `hidden unit ${index - hidden * inputs - hidden} to output`;
    return "bias of the output";
  };
  const strongest = named.slice(0, 3).map(({ value, index }) => `${nameOf(index)} ${format(value)}`);
  return `After ${epoch} of ${last} epochs the loss is ${format(loss)}. Largest weights: ${strongest.join("; ")}.`;
}

const players = new WeakMap();

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(parentElement);
    players.set(parentElement, player);
  }
  player.tell = (state) => setTriggerValue("rest", state);
  player.show(unpack(data));
  return () => {
    player.leave();
    players.delete(parentElement);
  };
}

class Player {
  constructor(root) {
    this.find = (name) => root.querySelector(`.${name}`);
    this.box = this.find("player");
    this.canvas = this.find("stage");
    this.tip = this.find("tip");
    this.scrub = this.find("scrub");
    this.rowPicker = this.find("row");
    this.position = 0; // among the states of the film, in between while it plays
    this.playing = false;
    this.hovered = null;
    this.row = "mean";
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.find("play").onclick = () => this.toggle();
    this.find("back").onclick = () => this.stepBy(-1);
    this.find("on").onclick = () => this.stepBy(1);
    this.scrub.oninput = () => { this.pause(); this.moveTo(Number(this.scrub.value)); };
    this.scrub.onchange = () => this.comeToRest();
    this.rowPicker.onchange = () => { this.row = this.rowPicker.value; this.draw(); };
    this.box.onkeydown = (event) => this.onKey(event);
    // What the visitor does next, elsewhere on the page, comes after the last step here.
    this.box.onfocusout = ({ relatedTarget }) => this.box.contains(relatedTarget) || this.hurry();
    this.canvas.onpointermove = (event) => this.onPoint(event);
    this.canvas.onpointerdown = (event) => this.onPoint(event);
    this.canvas.onpointerleave = () => { this.hovered = null; this.draw(); };
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.box);
  }

  show(data) {
    const asked = data.state ?? data.epochs.at(-1); // where the server takes the player to be
    if (this.name !== data.name) {
      const wasAtEnd = !this.film || this.position >= this.film.states - 1;
      const epochs = data.epochs;
      const before = this.data ? this.data.epochs[Math.floor(this.position)] : null;
      this.data = data;
      this.film = decode(data);
      this.places = null; // nothing is drawn until the new network has its places
      this.hovered = null;
      this.scrub.max = this.film.states - 1;
      this.losses = Array.from(epochs, (_, state) => this.film.loss(state)[0]);
      this.top = Math.max(LEAST_TOP, ...this.losses.filter(Number.isFinite));
      this.fillRowPicker(data.rows);
      if (this.name === undefined) this.moveTo(nearestIndex(epochs, data.state));
      else if (!this.playing) this.moveTo(nearestIndex(epochs, wasAtEnd ? null : Math.min(before, epochs.at(-1))));
      this.position = Math.min(this.position, this.film.states - 1);
      this.name = data.name;
      this.asked = this.known = asked;
      this.resize();
    } else if (asked !== this.asked) {
      const echo = asked === this.known; // of where it came to rest; it may have gone on since
      this.asked = this.known = asked;
      if (!this.playing && !echo) this.moveTo(nearestIndex(data.epochs, asked));
    }
    this.draw();
    this.box.dataset.run = this.name; // says outside which run is drawn
  }

  leave() {
    this.pause();
    clearTimeout(this.timer);
    this.resizes.disconnect();
  }

  get state() { return Math.round(this.position); }

  toggle() { if (this.playing) { this.pause(); this.moveTo(this.state); this.comeToRest(); } else this.play(); }

  play() {
    if (this.film.states < 2) return;
    if (this.position >= this.film.states - 1) this.position = 0;
    this.playing = true;
    this.label();
    const from = this.position;
    let begun, before;
    const next = (now) => {
      if (!this.playing) return;
      begun ??= now;
      before ??= now;
      if (this.calm.matches) this.position = from + Math.floor((now - begun) / CALM_STEP);
      else this.position += ((now - before) / WHOLE_RUN) * (this.film.states - 1);
      before = now;
      if (this.position >= this.film.states - 1) {
        this.pause();
        this.moveTo(this.film.states - 1);
        this.comeToRest();
        return;
      }
      this.scrub.value = Math.floor(this.position);
      this.draw();
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  pause() { this.playing = false; this.label(); }

  label() {
    const button = this.find("play");
    button.querySelector("path").setAttribute("d", this.playing ? "M5 3h4v14H5zM11 3h4v14h-4z" : "M6 3l11 7-11 7z");
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
  }

  stepBy(steps) {
    this.pause();
    this.moveTo(this.state + steps);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.comeToRest(), REST);
  }

  moveTo(state) {
    this.position = Math.max(0, Math.min(this.film.states - 1, state));
    this.scrub.value = this.state;
    this.draw();
  }

  /** The rest that was waited for comes now. */
  hurry() { if (this.timer) this.comeToRest(); }

  /** The server hears where the player rests, unless it knows. */
  comeToRest() {
    clearTimeout(this.timer);
    this.timer = null;
    const epoch = this.data.epochs[this.state];
    this.find("told").textContent = inWords(epoch, this.data.epochs.at(-1), this.losses[this.state],
      this.film.parameters(this.state), this.data.inputs, this.data.hidden);
    if (epoch === this.known) return;
    this.known = epoch;
    this.tell(epoch);
  }

  onKey(event) {
    if (event.target.tagName === "SELECT") return;
    const inScrub = event.target === this.scrub;
    const keys = {
      " ": () => event.target.tagName === "BUTTON" || this.toggle(),
      ArrowLeft: () => this.stepBy(-1),
      ArrowRight: () => this.stepBy(1),
      Home: () => this.stepBy(-this.film.states),
      End: () => this.stepBy(this.film.states),
      ArrowUp: () => this.pickNode(-1),
      ArrowDown: () => this.pickNode(1),
    };
    if (!keys[event.key] || (event.key === " " && event.target.tagName === "BUTTON")) return;
    if (inScrub && event.key.startsWith("Arrow") && (event.key === "ArrowUp" || event.key === "ArrowDown")) return;
    event.preventDefault();
    keys[event.key]();
  }

  fillRowPicker(rows) {
    const options = ["mean", ...Array.from({ length: rows }, (_, row) => String(row))];
    if (this.rowPicker.options.length === options.length) return;
    this.rowPicker.replaceChildren(...options.map((value) => new Option(value, value)));
  }

  resize() {
    const width = this.box.clientWidth;
    if (!width || !this.data) return;
    const scale = devicePixelRatio || 1;
    this.places = layout(width, this.data.inputs, this.data.hidden);
    this.canvas.style.height = `${this.places.height}px`;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(this.places.height * scale);
    this.pen = this.canvas.getContext("2d");
    this.pen.setTransform(scale, 0, 0, scale, 0, 0);
    this.draw();
  }

  /** A part of the film, drawn on its way from one state to the next; numbers shown are a state's own. */
  between(part) {
    const { first, second, share } = placeBetween(this.position, this.film.states);
    const one = this.film[part](first);
    if (!share || this.calm.matches) return one;
    const other = this.film[part](second);
    return one.map((value, index) => value + (other[index] - value) * share);
  }

  nodeValue(numbers, count, index) {
    if (this.row !== "mean") return numbers[Number(this.row) * count + index];
    let sum = 0;
    for (let row = 0; row < this.data.rows; row += 1) sum += numbers[row * count + index];
    return sum / this.data.rows;
  }

  draw() {
    if (!this.pen || !this.places) return;
    const style = getComputedStyle(this.box);
    this.ink = style.color;
    this.ground = style.getPropertyValue("--st-background-color") || "#fff";
    this.line = style.getPropertyValue("--st-border-color") || "#ccc";
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.pen.font = `12px ${style.fontFamily}`;
    this.drawNetwork();
    this.drawCurve();
    this.drawBars();
    this.drawWords();
    this.drawTip();
  }

  drawNetwork() {
    const { inputs, hidden, colours } = this.data;
    const { places, pen } = this;
    const parameters = this.between("parameters");
    const most = largest(parameters);
    const edge = (from, to, value) => {
      const size = Math.abs(value) / most;
      pen.globalAlpha = 0.12 + 0.78 * size;
      pen.strokeStyle = value > 0 ? colours.positive : colours.negative;
      pen.lineWidth = 0.4 + 4.6 * size * (hidden > 24 ? 0.6 : 1);
      pen.beginPath();
      pen.moveTo(from.x + from.radius, from.y);
      pen.lineTo(to.x - to.radius, to.y);
      pen.stroke();
    };
    for (let unit = 0; unit < hidden; unit += 1) {
      for (let input = 0; input < inputs; input += 1)
        edge(places.inputs[input], places.hidden[unit], parameters[indexOf("weight", inputs, hidden, unit, input)]);
      edge(places.hidden[unit], places.output[0], parameters[indexOf("outputWeight", inputs, hidden, unit)]);
    }
    pen.globalAlpha = 1;
    const activations = this.between("hidden"), predictions = this.between("predictions");
    const strongest = largest(activations);
    places.inputs.forEach((node, index) => this.drawNode(node, this.nodeValue(this.data.x, inputs, index) / 2, null));
    places.hidden.forEach((node, unit) => this.drawNode(node, this.nodeValue(activations, hidden, unit) / strongest,
      parameters[indexOf("bias", inputs, hidden, unit)] / most));
    this.drawNode(places.output[0], this.nodeValue(predictions, 1, 0), parameters[indexOf("outputBias", inputs, hidden)] / most);
    pen.fillStyle = this.ink;
    pen.textAlign = "center";
    pen.fillText("inputs", places.inputs[0].x, 11);
    pen.fillText(`${hidden} hidden`, places.hidden[0].x, 11);
    pen.fillText("output", places.output[0].x, 11);
  }

  /** A node is filled by its value; its ring is its bias. */
  drawNode(node, value, bias) {
    const { pen } = this, { colours } = this.data;
    pen.beginPath();
    pen.arc(node.x, node.y, node.radius, 0, 2 * Math.PI);
    pen.fillStyle = this.ground;
    pen.fill();
    pen.globalAlpha = Math.min(1, Math.abs(value)) * 0.85;
    pen.fillStyle = value > 0 ? colours.positive : colours.negative;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = bias === null ? this.line : bias > 0 ? colours.positive : colours.negative;
    pen.lineWidth = bias === null ? 1 : 0.75 + 3 * Math.abs(bias) * Math.min(1, node.radius / 8);
    pen.stroke();
  }

  drawCurve() {
    const { pen } = this, { colours, epochs } = this.data, { curve } = this.places;
    const left = curve.x + 34, right = curve.x + curve.width - 8, top = curve.y + 20, bottom = curve.y + curve.height - 8;
    const last = epochs.at(-1) || 1;
    const x = (epoch) => left + ((right - left) * epoch) / last;
    const y = (loss) => bottom - ((bottom - top) * Math.min(loss, this.top)) / this.top;
    pen.strokeStyle = this.line;
    pen.lineWidth = 1;
    pen.strokeRect(left, top, right - left, bottom - top);
    pen.fillStyle = this.ink;
    pen.textAlign = "left";
    pen.fillText("loss", left, curve.y + 12);
    pen.textAlign = "right";
    pen.fillText(this.top.toFixed(2), left - 5, top + 9);
    pen.fillText("0", left - 5, bottom);
    const path = (until) => {
      pen.beginPath();
      for (let state = 0; state <= until; state += 1)
        if (Number.isFinite(this.losses[state])) pen.lineTo(x(epochs[state]), y(this.losses[state]));
      pen.stroke();
    };
    pen.lineWidth = 1;
    pen.strokeStyle = colours.past;
    path(this.film.states - 1);
    pen.lineWidth = 2.5;
    pen.strokeStyle = colours.positive;
    const { first, second, share } = placeBetween(this.position, this.film.states);
    path(first);
    const mix = (one, other) => one + (other - one) * (this.calm.matches ? 0 : share);
    const marker = { x: x(mix(epochs[first], epochs[second])), y: y(mix(this.losses[first], this.losses[second])) };
    pen.beginPath();
    pen.arc(marker.x, marker.y, 5, 0, 2 * Math.PI);
    pen.fillStyle = colours.positive;
    pen.fill();
  }

  drawBars() {
    const { pen } = this, { colours, rows, targets } = this.data, { bars } = this.places;
    const left = bars.x + 34, right = bars.x + bars.width - 8, step = (bars.height - 22) / rows;
    const predictions = this.between("predictions");
    pen.fillStyle = this.ink;
    pen.textAlign = "left";
    pen.fillText("predictions (orange: wrong) and targets", left, bars.y + 12);
    for (let row = 0; row < rows; row += 1) {
      const top = bars.y + 20 + row * step, width = (right - left) * predictions[row];
      const isRight = predictions[row] > 0.5 === targets[row] > 0.5;
      pen.fillStyle = this.line;
      pen.globalAlpha = 0.5;
      pen.fillRect(left, top, right - left, step - 4);
      pen.globalAlpha = 1;
      pen.fillStyle = isRight ? colours.positive : colours.negative;
      pen.fillRect(left, top, width, step - 4);
      pen.fillStyle = this.ink;
      pen.fillRect(targets[row] ? right - 3 : left, top - 1, 3, step - 2);
      pen.textAlign = "right";
      pen.fillText(String(row), left - 6, top + step - 5);
    }
    pen.strokeStyle = this.ink;
    pen.globalAlpha = 0.4;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo((left + right) / 2, bars.y + 18);
    pen.lineTo((left + right) / 2, bars.y + bars.height);
    pen.stroke();
    pen.globalAlpha = 1;
  }

  drawWords() {
    const { epochs } = this.data, state = Math.floor(this.position + 1e-9), stride = epochs.length > 2 ? epochs[1] - epochs[0] : 1;
    const kept = stride > 1 ? `; one state in ${stride} is kept` : "";
    this.find("where").textContent =
      `After ${epochs[state].toLocaleString("en")} of ${epochs.at(-1).toLocaleString("en")} epochs: loss ${format(this.losses[state])}${kept}`;
    this.scrub.setAttribute("aria-valuetext", `after ${epochs[state]} epochs`);
  }

  nodes() {
    const { places } = this;
    return [
      ...places.inputs.map((node, index) => ({ ...node, kind: "input", index })),
      ...places.hidden.map((node, index) => ({ ...node, kind: "hidden", index })),
      { ...places.output[0], kind: "output", index: 0 },
    ];
  }

  pickNode(step) {
    const nodes = this.nodes();
    const now = this.hovered?.kind === "edge" ? -1 : nodes.findIndex((node) => node.kind === this.hovered?.kind && node.index === this.hovered?.index);
    this.hovered = nodes[(now + step + nodes.length) % nodes.length];
    this.draw();
    this.find("told").textContent = this.tip.textContent;
  }

  onPoint(event) {
    const box = this.canvas.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top };
    const near = this.nodes().find((node) => Math.hypot(node.x - point.x, node.y - point.y) <= node.radius + 3);
    this.hovered = near ?? this.edgeNear(point);
    this.draw();
  }

  edgeNear(point) {
    const { places } = this;
    let best = null, distance = 4;
    const look = (from, to, edge) => {
      const x1 = from.x + from.radius, x2 = to.x - to.radius;
      if (point.x < x1 || point.x > x2) return;
      const away = Math.abs(from.y + ((to.y - from.y) * (point.x - x1)) / (x2 - x1) - point.y);
      if (away < distance) { distance = away; best = { ...edge, kind: "edge", x: point.x, y: point.y }; }
    };
    places.hidden.forEach((unit, index) => {
      places.inputs.forEach((input, from) => look(input, unit, { parameter: "weight", index, from }));
      look(unit, places.output[0], { parameter: "outputWeight", index });
    });
    return best;
  }

  drawTip() {
    this.tip.hidden = !this.hovered;
    if (!this.hovered) return;
    const { inputs, hidden } = this.data, state = Math.floor(this.position + 1e-9), it = this.hovered;
    const parameters = this.film.parameters(state), gradients = this.film.gradients(state);
    const numbers = (index) => `${format(parameters[index])}\ngradient  ${format(gradients[index])}`;
    const whose = this.row === "mean" ? "mean of the batch" : `row ${this.row}`;
    const words = {
      edge: () => it.parameter === "weight"
        ? `input ${it.from} → hidden ${it.index}\nweight  ${numbers(indexOf("weight", inputs, hidden, it.index, it.from))}`
        : `hidden ${it.index} → output\nweight  ${numbers(indexOf("outputWeight", inputs, hidden, it.index))}`,
      input: () => `input ${it.index}, ${whose}\nvalue  ${format(this.nodeValue(this.data.x, inputs, it.index))}`,
      hidden: () => `hidden ${it.index}, ${whose}\nactivation  ${format(this.nodeValue(this.film.hidden(state), hidden, it.index))}\nbias  ${numbers(indexOf("bias", inputs, hidden, it.index))}`,
      output: () => `output, ${whose}\nprediction  ${format(this.nodeValue(this.film.predictions(state), 1, 0))}\nbias  ${numbers(indexOf("outputBias", inputs, hidden))}`,
    };
    this.tip.textContent = words[it.kind]();
    const left = Math.min(it.x + 14, this.box.clientWidth - this.tip.offsetWidth - 2);
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${Math.min(it.y + 14, this.places.height - 40)}px`;
  }
}
