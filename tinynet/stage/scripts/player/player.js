// The player draws a film: numbers that PyTorch has computed. It computes none of its own, but for
// places, colours, the way from one state to the next, and what its pictures paint between the rows.

const WHOLE_RUN = 8000; // milliseconds to play it
const REST = 250; // milliseconds without a key before the server hears of it
const CALM_STEP = 400; // milliseconds a state, where the visitor asks for reduced motion

const LINE = "tinynet-line"; // heard from the lines of an epoch: what one of them lights
const DIM = 0.75; // how much of the ground lies over what is not lit
const LEAST_MAP = 6; // pixels of a node's radius, below which no picture is legible in it

const LISTENER = Symbol.for("the rest of TinyNet's page"); // the part that listens tells how to reach it

export default function ({ data, parentElement, setTriggerValue }) {
  return answer(parentElement, Player, (player) => {
    player.tellPaint = (paint) => setTriggerValue("paint", paint);
    const shown = player.next = unpack(data), chart = player.curve.take(shown);
    const show = () => {
      if (shown !== player.next) return; // another run has come meanwhile
      player.show(shown);
    };
    if (chart) chart.then(show, show); // so that all of a run is painted in one frame
    else show();
  });
}

/** Call with the milliseconds since the frame before, at each frame, as long as it returns true. */
function eachFrame(step) {
  let before;
  const next = (now) => {
    const goesOn = step(now - (before ?? now));
    before = now;
    if (goesOn) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
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
    this.picked = null; // a weight or a node, whose number is followed
    this.row = "mean";
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.find("play").onclick = () => this.toggle();
    this.find("back").onclick = () => this.stepBy(-1);
    this.find("on").onclick = () => this.stepBy(1);
    this.scrub.oninput = () => { this.pause(); this.moveTo(Number(this.scrub.value)); };
    this.scrub.onchange = () => this.comeToRest();
    this.rowPicker.onchange = () => this.pickRow();
    this.box.onkeydown = (event) => this.onKey(event);
    // What the visitor does next, elsewhere on the page, comes after the last step here.
    this.box.onfocusout = ({ relatedTarget }) => {
      if (this.timer && !this.box.contains(relatedTarget)) this.comeToRest();
    };
    this.canvas.onpointermove = this.canvas.onpointerdown = (event) => this.onPoint(event);
    this.canvas.onclick = (event) => this.onClick(event);
    this.canvas.onpointerleave = () => { this.hovered = null; this.draw(); };
    this.easel = new Easel(this);
    this.opening = new Opening(this);
    this.curve = new Curve(this, root);
    this.figures = new Figures(root);
    this.resizes = new ResizeObserver(() => { this.fit(); this.draw(); });
    this.resizes.observe(this.box);
    this.resizes.observe(this.find("ruler"));
    this.onLine = () => this.hear(window[LINE]);
    addEventListener(LINE, this.onLine);
  }

  show(data) {
    const asked = data.state ?? data.epochs.at(-1); // where the server takes the player to be
    const isOther = this.name !== data.name, isElsewhere = asked !== this.asked;
    if (isOther || isElsewhere) this.opening.end();
    const plays = this.opening.isFor(data);
    if (isOther) {
      const wasAtEnd = !this.film || this.position >= this.last;
      const before = this.data?.epochs[Math.floor(this.position)];
      const hasJumped = this.data?.jumps !== data.jumps; // the page has: not a slider of the visitor's
      const goesOn = hasJumped && this.data && data.goesOnFrom > 0 && !this.calm.matches;
      this.data = data;
      this.film = decode(data);
      this.scales = scalesOf(this.film, data);
      this.edges = edgesOf(this.film.layers, this.scales.peaks);
      this.widest = widestOf(this.edges);
      this.places = null; // nothing is drawn until the new network has its places
      this.easel.hear(data.field && data.easel);
      this.takeField();
      this.dots = dotsOf(data);
      this.hovered = null;
      if (!this.isOf(this.picked)) this.picked = null;
      this.scrub.max = this.last;
      this.losses = Array.from(data.epochs, (_, state) => this.film.loss(state)[0]);
      this.fillRowPicker(data);
      if (hasJumped) this.pause();
      const state = goesOn ? data.goesOnFrom : hasJumped || wasAtEnd ? data.state : before;
      if (!this.playing) this.moveTo(plays ? 0 : nearestIndex(data.epochs, state));
      this.position = Math.min(this.position, this.last);
      this.name = data.name;
      this.fit();
      if (goesOn) requestAnimationFrame(() => this.play()); // once what played so far has seen its end
    } else if (isElsewhere && !this.playing) this.moveTo(nearestIndex(data.epochs, asked));
    this.asked = asked;
    this.figures.take(data, this.losses);
    this.draw();
    if (plays) this.opening.begin();
    this.box.dataset.run = this.name; // says outside which run is drawn
  }

  leave() {
    this.pause();
    clearTimeout(this.timer);
    this.resizes.disconnect();
    this.curve.leave();
    removeEventListener(LINE, this.onLine);
  }

  get state() { return Math.round(this.position); }

  /** The last state that was reached: the one whose numbers can be read. */
  get reached() { return Math.floor(this.position + 1e-9); }

  /** The last state to go to; where epochs are opened up, the one in which the last of them begins. */
  get last() { return this.film.states - (this.data.opensEpochs && this.film.states > 1 ? 2 : 1); }

  toggle() {
    if (this.playing) this.restAt(this.state);
    else this.play();
  }

  play() {
    if (this.last < 1) return;
    if (this.position >= this.last) this.position = 0;
    this.playing = true;
    this.label();
    const from = this.position;
    let played = 0;
    eachFrame((passed) => {
      if (!this.playing) return false;
      played += passed;
      if (this.calm.matches) this.position = from + Math.floor(played / CALM_STEP);
      else this.position += (passed / WHOLE_RUN) * this.last;
      if (this.position < this.last) this.drawOnTheWay();
      else this.restAt(this.last);
      return this.playing;
    });
  }

  /** Draw where playing has come to, in between two states. */
  drawOnTheWay() {
    this.scrub.value = Math.floor(this.position);
    this.draw();
  }

  pause() {
    this.playing = false;
    this.opening.close();
    this.label();
  }

  label() {
    const button = this.find("play");
    button.querySelector("path").setAttribute("d", this.playing ? "M5 3h4v14H5zM11 3h4v14h-4z" : "M6 3l11 7-11 7z");
    const says = this.playing ? "Pause" : "Play";
    button.setAttribute("aria-label", says);
    button.title = `${says} (space)`;
  }

  stepBy(steps) {
    this.pause();
    this.moveTo(this.state + steps);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.comeToRest(), REST);
  }

  moveTo(state) {
    this.position = Math.max(0, Math.min(this.last, state));
    this.scrub.value = this.state;
    this.draw();
  }

  restAt(state) {
    this.pause();
    this.moveTo(state);
    this.comeToRest();
  }

  /** The server hears where the player rests, unless it knows. */
  comeToRest() {
    clearTimeout(this.timer);
    this.timer = null;
    const epoch = this.data.epochs[this.state === this.last ? this.film.states - 1 : this.state];
    this.find("told").textContent = inWords(this.film, this.state, this.data);
    if (epoch === this.asked) return;
    this.asked = epoch;
    window[LISTENER]?.("rest", epoch);
  }

  onKey(event) {
    if (event.target.tagName === "SELECT" || this.easel.takesKey(event)) return;
    const act = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.stepBy(-1),
      ArrowRight: () => this.stepBy(1),
      Home: () => this.stepBy(-this.film.states),
      End: () => this.stepBy(this.film.states),
      ArrowUp: () => this.pickNode(-1),
      ArrowDown: () => this.pickNode(1),
      Enter: () => this.pick(this.hovered),
      Escape: () => this.pick(null),
    }[event.key];
    if (!act || isPress(event)) return;
    if (event.target === this.scrub && ["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    act();
  }

  /** Take up what the pictures of the plane, or the line, are painted from, where there is one. */
  takeField() {
    const { field } = this.data;
    this.field = null;
    if (!field) return;
    const { dimensions, functions } = field;
    const [points, targets, testPoints, testTargets] = ["points", "targets", "testPoints", "testTargets"].map((name) => cutOf(this.data, field[name]));
    this.rows = { points, targets, testPoints, testTargets }; // of the film
    const made = functionsOf(functions);
    const grid = gridOf([...points, ...testPoints], dimensions, this.weights, this.easel.reach);
    const canvas = Object.assign(document.createElement("canvas"), { width: grid.columns, height: grid.rows });
    const picture = new ImageData(grid.columns, grid.rows);
    this.field = {
      dimensions, made, grid, canvas, picture,
      inputs: inputsOf(grid.places, dimensions, made.features),
      pen: canvas.getContext("2d"),
      pixels: new Uint32Array(picture.data.buffer),
      palette: paletteOf(this.data.colours, DEEPEST),
      palettes: this.data.colours.classes.map((colour) => paletteOf({ positive: colour, negative: colour }, DEEPEST)),
    };
    this.field.largest = this.field.inputs.map((each) => largest(each));
    this.takeRows();
  }

  /** Take up the rows that lie in it: those of the film, or what is painted. */
  takeRows() {
    const { field } = this, rows = this.easel.rowsOf(this.rows);
    Object.assign(field, rows);
    field.inputsOfPoints = inputsOf([...rows.points, ...rows.testPoints], field.dimensions, field.made.features);
    field.span = largest([...rows.targets, ...rows.testTargets], this.easel.reach && 1); // painted are numbers up to 1
  }

  /** What is painted now: what every unit makes of every place, and the output of every row. */
  pass(parameters) {
    const { field, film } = this;
    field.layers = passForward(film.layers, parameters, field.inputs, field.made);
    field.ofPoints = passForward(film.layers, parameters, field.inputsOfPoints, field.made);
    const made = field.ofPoints.at(-1);
    if (this.data.classes) field.answers = Array.from(made[0], (_, point) => answerOf(made.map((values) => values[point])));
    if (isSeveral(this.data)) field.shares = softmaxOf(field.layers.at(-1));
  }

  fillRowPicker({ rows }) {
    const options = ["mean", ...Array.from({ length: rows }, (_, row) => String(row))];
    if (this.rowPicker.options.length === options.length) return;
    this.rowPicker.replaceChildren(...options.map((value) => new Option(value === "mean" ? "all" : value, value)));
    if (!options.includes(this.row)) this.row = "mean";
    this.rowPicker.value = this.row;
  }

  /** Place all in the room that there is. */
  fit() {
    // All is placed on a stage of usual size, which is then drawn as large as the page's text is.
    this.zoom = zoomOfText();
    const width = this.box.clientWidth / this.zoom;
    if (!width || !this.data) return;
    const scale = this.scale = this.zoom * (devicePixelRatio || 1);
    this.pen = this.canvas.getContext("2d");
    this.pen.font = this.font();
    const height = this.find("ruler").offsetHeight / this.zoom;
    this.names = namesThatFit(this.pen, this.data.names, width, height);
    this.places = layout(width, this.data.widths, {
      names: Math.max(0, ...this.names.map((name) => this.pen.measureText(name).width)),
      foot: this.isThinned ? AXIS + 2 : 0,
      height,
    });
    this.canvas.style.height = `${this.places.height * this.zoom}px`;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(this.places.height * scale);
    this.pen.setTransform(scale, 0, 0, scale, 0, 0);
    this.easel.place();
  }

  /** Between which states the player is, and where; the last one lies at the far end of the last way. */
  get place() {
    const { first, second, share } = placeBetween(this.position, this.film.states);
    return { first, second, share: this.calm.matches ? Math.floor(share) : share };
  }

  /** A part of the film, drawn on its way from one state to the next; numbers shown are a state's own. */
  between(part) {
    const { first, second, share } = this.place;
    const one = this.film[part](first);
    if (!share) return one;
    const other = this.film[part](second);
    return one.map((value, index) => mixed(value, other[index], share));
  }

  /** What fills a node: of the chosen row, or the mean of all. */
  nodeValue(column, index, activations, predictions) {
    const { widths, rows, x } = this.data, layer = this.film.layers[column - 1];
    if (column === 0) return this.ofRow(x, widths[0], index);
    if (column === widths.length - 1) return this.ofRow(predictions, widths.at(-1), index);
    return this.ofRow(activations, activations.length / rows, layer.activations + index);
  }

  ofRow(numbers, count, index) {
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
    this.dark = isDark(this.ground) ? this.ground : this.ink;
    this.line = style.getPropertyValue("--st-border-color") || "#ccc";
    this.pen.clearRect(0, 0, this.canvas.width / this.scale, this.canvas.height / this.scale);
    this.pen.font = this.font();
    const parameters = this.between("parameters"), lit = this.lit;
    if (this.field) this.pass(parameters);
    if (this.dots) this.dots.layers = passForward(this.film.layers, parameters, this.dots.inputs, this.dots.made);
    this.drawNetwork(parameters, lit?.numbers);
    drawAnswers(this);
    this.easel.draw();
    if (lit) this.dim(lit);
    this.drawWords(lit);
    this.drawTip();
    this.drawFollowed();
    this.curve.follow();
    this.figures.show(this.reached);
  }

  /** What the line of the epoch that begins here lights; null where none is opened up. */
  get lit() {
    const line = this.data.opensEpochs && !this.playing ? window[LINE] : null;
    const isHere = line?.run === this.name && Math.min(nearestIndex(this.data.epochs, line.epoch), this.last) === this.state;
    return isHere ? line : null;
  }

  /** Lay the ground over what a line does not light. */
  dim({ numbers, answers: isLit }) {
    const { network, answers } = this.places;
    this.pen.globalAlpha = DIM;
    this.pen.fillStyle = this.ground;
    if (!isLit) this.pen.fillRect(answers.x, answers.y, answers.width, answers.height);
    if (!numbers) this.pen.fillRect(0, 0, network.width, network.height);
    this.pen.globalAlpha = 1;
  }

  /** How far the film is, in epochs: the one cursor of network, losses and figures. */
  get epoch() {
    const { first, second, share } = this.place, { epochs } = this.data;
    return mixed(epochs[first], epochs[second], share);
  }

  /** A place of the loss chart was picked. */
  goTo(epoch) { this.restAt(nearestIndex(this.data.epochs, epoch)); }

  get isThinned() { return this.edges.length < this.weights; }

  get weights() { return this.film.layers.reduce((sum, layer) => sum + layer.biases - layer.weights, 0); }

  font() { return `12px ${getComputedStyle(this.box).fontFamily}`; }

  /** Draw the nodes, and on edges and rings the parameters, or the numbers that a line lights. */
  drawNetwork(parameters, lit) {
    const { film } = this, { columns } = this.places;
    const shown = lit ?? parameters, scales = lit ? parameterScales(lit, film.layers) : this.scales;
    this.drawEdges(shown, scales.weight);
    const made = [this.between("hidden"), this.between("predictions")];
    columns.forEach((nodes, column) => nodes.forEach((node, index) => {
      const bias = column ? shown[indexOf(film.layers[column - 1], index)] / scales.bias : null;
      const map = this.row === "mean" && node.radius >= LEAST_MAP ? this.mapOf(column, index) : null;
      this.drawNode(node, map ?? this.fillingOf(column, index, made), bias, this.isDead(column, index));
    }));
    this.drawPicked();
    this.drawCaptions();
  }

  /** Whether a unit that can shut off is 0 for every row of the state on the screen. */
  isDead(column, index) {
    const { widths, rows, shutsOff } = this.data;
    if (!shutsOff || column === 0 || column === widths.length - 1) return false;
    const made = this.ofAllRows(column, index);
    if (made) return made.length > 0 && made.every((value) => value === 0);
    if (!this.data.areAllRows) return false; // the film has only some of them
    const hidden = this.film.hidden(this.reached), count = hidden.length / rows;
    const place = this.film.layers[column - 1].activations + index;
    return Array.from({ length: rows }, (_, row) => hidden[row * count + place]).every((value) => value === 0);
  }

  /** What a hidden unit makes of every training row, where the pictures have them all. */
  ofAllRows(column, index) {
    const { field, dots } = this;
    if (field) return field.ofPoints[column - 1][index].subarray(0, field.targets.length);
    return dots?.areAll ? dots.layers[column - 1][index].subarray(0, dots.trained) : null;
  }

  /** What fills a node without a picture: a colour, and how strong it is. */
  fillingOf(column, index, made) {
    const { colours } = this.data;
    if (isSeveral(this.data) && column === this.data.widths.length - 1) return { colour: ofClass(index, colours), depth: this.shareOf(index, made[1]) };
    const shade = this.shade(column, index, this.nodeValue(column, index, ...made));
    return { colour: ofShade(shade, colours), depth: Math.abs(shade) };
  }

  /** How probable a class is: in the chosen row, or in the mean of all. */
  shareOf(index, predictions) {
    const count = this.data.widths.at(-1), { rows } = this.data;
    const outputs = Array.from({ length: count }, (_, output) => Array.from({ length: rows }, (_, row) => predictions[row * count + output]));
    return this.ofRow(softmaxOf(outputs)[index], 1, 0);
  }

  /** The colour of a node's value: the output of classes leans to 1, blue, or to 0, orange. */
  shade(column, index, value) {
    const isClass = this.data.classes && column === this.data.widths.length - 1;
    return isClass ? shadeOf(value - 0.5, 0.5) : shadeOf(value, this.most(column, index));
  }

  /** The value of a node that has the strongest colour, in all states alike. */
  most(column, index) {
    const { scales } = this;
    if (column === 0) return this.field?.largest[index] ?? scales.input;
    if (column < this.data.widths.length - 1) return scales.activation;
    return this.field?.span ?? Math.max(-scales.low, scales.high);
  }

  /** A picture of what a unit makes of every place; null where there is no such picture. */
  mapOf(column, index) {
    const { field } = this;
    if (!field) return null;
    const values = column ? field.layers[column - 1][index] : field.inputs[index];
    const isClass = this.data.classes && column === this.data.widths.length - 1;
    if (isClass && isSeveral(this.data)) paint(field.pixels, field.shares[index], 0, 1, field.palettes[index % field.palettes.length]);
    else paint(field.pixels, values, isClass ? 0.5 : 0, isClass ? 0.5 : this.most(column, index), field.palette);
    field.pen.putImageData(field.picture, 0, 0);
    return field.canvas;
  }

  /** A picture of how probable each of several classes is at every place. */
  mapOfClasses() {
    const { field } = this, colours = field.shares.map((_, index) => ofClass(index, this.data.colours));
    paintClasses(field.picture.data, field.shares, colours, DEEPEST);
    field.pen.putImageData(field.picture, 0, 0);
    return field.canvas;
  }

  drawEdges(parameters, scale) {
    const { pen } = this, { colours } = this.data;
    for (const edge of this.edges) {
      const value = parameters[edge.place] ?? 0, size = Math.min(1, Math.abs(value) / scale);
      if (!Number.isFinite(size)) continue;
      pen.globalAlpha = value ? 0.12 + 0.78 * size : 0.6;
      const colour = value > 0 ? colours.positive : value < 0 ? colours.negative : this.line;
      stroke(pen, colour, 0.4 + this.widest * size, this.endsOf(edge));
    }
    pen.globalAlpha = 1;
  }

  /** The ends of an edge, at the rims of its nodes. */
  endsOf({ column, unit, from }) {
    const { columns } = this.places, start = columns[column - 1][from], end = columns[column][unit];
    return [[start.x + start.radius, start.y], [end.x - end.radius, end.y]];
  }

  drawCaptions() {
    const { pen, names } = this, { widths } = this.data, { network, columns, gap } = this.places;
    const full = widths.map((count) => `${count} hidden`);
    const fits = full.slice(1, -1).every((each) => pen.measureText(each).width < gap - 4);
    columns.forEach(([{ x }], column) => {
      const ends = { 0: widths[0] === 1 ? "input" : "inputs", [widths.length - 1]: widths.at(-1) === 1 ? "output" : "outputs" };
      write(this, ends[column] ?? (fits ? full[column] : String(widths[column])), x, 11, "center");
    });
    if (this.isThinned) {
      const counts = [this.edges.length, this.weights].map((count) => count.toLocaleString("en"));
      const words = `drawn: the ${counts[0]} strongest of ${counts[1]} weights`;
      write(this, words, network.width / 2, network.height - 4, "center");
    }
    names.forEach((name, index) => {
      const { x, y, radius } = columns[0][index];
      write(this, name, x - radius - 4, y + 4, "right");
    });
  }

  /** A node is filled by a colour, or its map; its ring is its bias. What is no number leaves it empty, and grey. */
  drawNode(node, filling, bias, isDead) {
    const { pen } = this, { colours } = this.data;
    pen.beginPath();
    pen.arc(node.x, node.y, node.radius, 0, 2 * Math.PI);
    pen.fillStyle = this.ground;
    pen.fill();
    if (filling instanceof HTMLCanvasElement) {
      pen.save();
      pen.clip();
      pen.drawImage(filling, node.x - node.radius, node.y - node.radius, 2 * node.radius, 2 * node.radius);
      pen.restore();
    } else if (Number.isFinite(filling.depth)) {
      pen.globalAlpha = filling.depth * DEEPEST;
      pen.fillStyle = filling.colour;
      pen.fill();
      pen.globalAlpha = 1;
    }
    const hasRing = Number.isFinite(bias) && bias !== 0; // null, of an input, is none
    pen.strokeStyle = !hasRing ? this.line : bias > 0 ? colours.positive : colours.negative;
    pen.lineWidth = hasRing ? 0.75 + 3 * Math.min(1, Math.abs(bias)) * Math.min(1, node.radius / 8) : 1;
    if (isDead) pen.setLineDash([3, 3]);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** What is picked stands out. */
  drawPicked() {
    const { pen, ink, picked } = this;
    if (!picked) return;
    if (isEdge(picked)) stroke(pen, ink, 2, this.endsOf(picked));
    else {
      const { x, y, radius } = this.places.columns[picked.column][picked.unit];
      drawRing(this, x, y, radius + 4);
    }
  }

  drawWords(lit) {
    const { epochs } = this.data, state = this.reached;
    const words = lit ? litInWords(lit, epochs[state], this.film.layers) : this.easel.words;
    this.find("where").textContent = whereInWords(state, this.data, this.losses[state]);
    this.find("lit").textContent = words ?? "";
    this.find("lit").hidden = !words;
    this.find("key").hidden = Boolean(words);
    this.sayKey();
    this.scrub.setAttribute("aria-valuetext", `after ${epochs[state]} epochs`);
  }

  /** Say what the marks mean, anew only where that has changed. */
  sayKey() {
    const key = keyOf(this.data, fillsInWords(this.row, this.data, this.pictured)), said = JSON.stringify(key);
    if (this.key === said) return;
    this.key = said;
    writeKey(this.find("key"), key);
  }

  /** How many of the circles hold a picture of the plane, or line: "all", "some" or "none". */
  get pictured() {
    const large = this.places.columns.filter(([{ radius }]) => radius >= LEAST_MAP).length;
    if (!this.field || !large) return "none";
    return large < this.places.columns.length ? "some" : "all";
  }

  nodes() {
    return this.places.columns.flatMap((nodes, column) => nodes.map((node, unit) => ({ ...node, column, unit })));
  }

  pickNode(step) {
    const nodes = this.nodes(), { hovered } = this;
    const isHovered = ({ column, unit }) => column === hovered.column && unit === hovered.unit && !isEdge(hovered);
    const now = hovered ? nodes.findIndex(isHovered) : -1;
    this.hovered = nodes[(now + step + nodes.length) % nodes.length];
    this.draw();
    this.find("told").textContent = this.tip.textContent;
  }

  pickRow() {
    this.row = this.rowPicker.value;
    this.draw();
    if (this.row !== "mean" && this.data.picksRows) window[LISTENER]?.("pick", { row: Number(this.row) });
  }

  /** Another row was picked where the arithmetic of one is shown. */
  hear(line) {
    const { run, row } = this.heard ?? {};
    this.heard = line;
    const isPicked = line && line.run === run && Number.isInteger(row) && Number.isInteger(line.row) && line.row !== row;
    if (isPicked && line.row < this.data.rows) this.row = this.rowPicker.value = String(line.row);
    this.draw();
  }

  /** Follow a weight, or the bias of a node; what is picked again is let go. */
  pick(it) {
    const isSame = it && this.picked && this.placeOf(it) === this.placeOf(this.picked);
    this.picked = !isSame && this.isOf(it) ? it : null;
    this.draw();
    this.find("told").textContent = this.picked ? this.find("story").textContent : inWords(this.film, this.state, this.data);
    const { column, unit } = this.picked ?? {};
    if (this.data.opensEpochs && column > 0 && column < this.data.widths.length - 1) window[LISTENER]?.("pick", { layer: column - 1, unit });
  }

  /** Whether the network on the screen has such a weight, or a node with a bias. */
  isOf(it) {
    const layer = this.film.layers[it?.column - 1];
    return Boolean(layer) && it.unit < layer.units && (it.from ?? 0) < layer.inputs;
  }

  /** Where the number of a weight, or of a node's bias, stands among the parameters. */
  placeOf({ column, unit, from }) {
    return column ? indexOf(this.film.layers[column - 1], unit, from) : -1;
  }

  /** Tell the picked number's way through the run: as a line, and in this state as PyTorch has it. */
  drawFollowed() {
    const { picked } = this, follow = this.find("follow");
    follow.hidden = !picked;
    if (!picked) return;
    const place = this.placeOf(picked), state = this.reached;
    this.find("story").textContent = followed(this.film, state, place, this.nameOfNumber(picked), this.data);
    const values = Array.from({ length: this.film.states }, (_, state) => this.film.parameters(state)[place]);
    drawHistory(this, this.find("history"), values);
  }

  nameOfNumber({ column, unit, from }) {
    const name = nameOf(column, unit, this.data);
    return from === undefined ? `Bias of ${name}` : `Weight ${nameOf(column - 1, from, this.data)} → ${name}`;
  }

  /** A click picks a row, or follows a weight or a node; what is picked again is let go. */
  onClick(event) {
    this.onPoint(event);
    const row = this.hovered ? null : rowAt(this.spots, this.pointOf(event));
    if (row === null) {
      this.pick(this.hovered);
      return;
    }
    this.rowPicker.value = this.row === String(row) ? "mean" : String(row);
    this.pickRow();
  }

  /** Where an event is on the stage, as it is drawn. */
  pointOf({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (clientX - box.left) / this.zoom, y: (clientY - box.top) / this.zoom };
  }

  onPoint(event) {
    const point = this.pointOf(event);
    this.hovered = this.nodeNear(point) ?? this.edgeNear(point);
    this.draw();
  }

  nodeNear(point) {
    let best = null, distance = 3;
    for (const node of this.nodes()) {
      const away = Math.hypot(node.x - point.x, node.y - point.y) - node.radius;
      if (away <= distance) { distance = away; best = node; }
    }
    return best;
  }

  edgeNear(point) {
    let best = null, distance = 4;
    for (const edge of this.edges) {
      const [[x1, y1], [x2, y2]] = this.endsOf(edge);
      if (point.x < x1 || point.x > x2) continue;
      const away = Math.abs(y1 + ((y2 - y1) * (point.x - x1)) / (x2 - x1) - point.y);
      if (away < distance) { distance = away; best = { ...edge, ...point }; }
    }
    return best;
  }

  drawTip() {
    this.tip.hidden = !this.hovered;
    if (!this.hovered) return;
    const it = this.hovered;
    this.tip.textContent = isEdge(it) ? this.wordsOfEdge(it) : this.wordsOfNode(it);
    const left = Math.min((it.x + 14) * this.zoom, this.box.clientWidth - this.tip.offsetWidth - 2);
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${Math.min(it.y + 14, this.places.height - 40) * this.zoom}px`;
  }

  /** A parameter of the state on the screen, and its gradient. */
  numbersAt(place) {
    const state = this.reached;
    return `${format(this.film.parameters(state)[place])}\ngradient  ${format(this.film.gradients(state)[place])}`;
  }

  wordsOfEdge({ column, unit, from, place }) {
    const names = [nameOf(column - 1, from, this.data), nameOf(column, unit, this.data)];
    return `${names.join(" → ")}\nweight  ${this.numbersAt(place)}`;
  }

  wordsOfNode({ column, unit }) {
    const { film, data } = this, state = this.reached;
    const whose = this.row === "mean" ? `mean of ${data.whose ?? "the batch"}` : `row ${this.row}`;
    const value = format(this.nodeValue(column, unit, film.hidden(state), film.predictions(state)));
    const said = isSeveral(data) ? "logit" : "prediction";
    const kind = column === 0 ? "value" : column < data.widths.length - 1 ? "activation" : said;
    const head = `${nameOf(column, unit, data)}, ${whose}\n${kind}  ${value}`;
    const dead = this.isDead(column, unit) ? "\ndead: 0 for every row" : "";
    return column === 0 ? head : `${head}\nbias  ${this.numbersAt(indexOf(film.layers[column - 1], unit))}${dead}`;
  }
}
