// The player draws a film of numbers computed by PyTorch. It computes only places, colours, the
// interpolation between states, and the pictures between the rows.
/** @import { FunctionTable, Lit, Message, Tell } from "../types" */
/** @import { Picture, Sheet } from "./picture.js" */
import { find } from "../shared/elements.js";
import { nowLit, onLit } from "../shared/lit.js";
import { Captions } from "./captions.js";
import { Curve } from "./curve.js";
import { Easel } from "./easel.js";
import { Figures } from "./figures.js";
import { nearestIndex, numberAt } from "./film.js";
import { Followed } from "./followed.js";
import { takeKey } from "./keys.js";
import { areDiscrete, switchShades } from "./maps.js";
import { Opening } from "./opening.js";
import { Pad } from "./pad.js";
import { coloursOf, fontOf, layOut, valuesAt } from "./picture.js";
import { Playback } from "./playback.js";
import { Pointer } from "./pointer.js";
import { RowPicker } from "./rows.js";
import { Scene } from "./scene.js";
import { Shaping } from "./shaping.js";
import { drawStage, Still } from "./still.js";
import { join, part } from "./together.js";
import { Video } from "./video.js";
import { inWords } from "./words.js";

export class Player {
  /**
   * @param {HTMLElement} root
   * @param {FunctionTable} table
   * @param {Message} data the first message, which `take` shows
   */
  constructor(root, table, data) {
    this.table = table;
    this.scene = new Scene(data, table);
    this.box = find(root, "player");
    /** @type {HTMLCanvasElement} */
    this.canvas = find(this.box, "stage");
    this.ruler = find(this.box, "ruler");
    this.room = find(this.box, "room"); // as high as the loss chart when it is below the network
    this.name = ""; // the name of the shown run
    this.next = data; // the message to show next
    /** @type {number | null | undefined} */
    this.asked = undefined; // the epoch at which the server believes the player to be
    /** @type {number | undefined} */
    this.moves = undefined; // how often the page has moved the player
    /** @type {Sheet | null} */
    this.sheet = null;
    /** @type {Picture | null} */
    this.picture = null;
    this.captions = new Captions(this);
    /** @type {Tell} */
    this.tell = () => {};
    this.playback = new Playback(this);
    this.pointer = new Pointer(this);
    this.rows = new RowPicker(this);
    this.followed = new Followed(this);
    this.easel = new Easel(this);
    this.pad = new Pad(this);
    this.shaping = new Shaping(this);
    this.opening = new Opening(this);
    this.still = new Still(this);
    this.video = new Video(this);
    this.curve = new Curve(this, root);
    this.figures = new Figures(root);
    this.shades = find(this.box, "shades");
    this.listen();
  }

  listen() {
    join(this);
    this.shades.onclick = () => this.switchShades();
    this.box.onkeydown = (event) => takeKey(this, event);
    this.resizes = new ResizeObserver(() => {
      this.fit();
      this.draw();
    });
    this.resizes.observe(this.box);
    this.resizes.observe(this.ruler);
    this.resizes.observe(this.room);
    this.deafen = onLit((lit) => {
      this.rows.hear(lit);
      this.draw();
    });
  }

  leave() {
    part(this);
    this.playback.leave();
    this.video.cancel();
    this.resizes?.disconnect();
    this.curve.leave();
    this.deafen?.();
  }

  /**
   * Take a message, and show it together with its chart in one frame.
   * @param {Message} data
   */
  take(data) {
    this.next = data;
    const chart = this.curve.take(data);
    const show = () => {
      if (data === this.next) this.show(data); // otherwise another run has arrived
    };
    if (chart) chart.then(show, show);
    else show();
  }

  /** @param {Message} data */
  show(data) {
    const asked = data.state ?? data.epochs[data.epochs.length - 1];
    const isOther = this.name !== data.name;
    // A late answer may name a state that the visitor has left meanwhile.
    const isMoved = data.moves !== this.moves;
    if (isOther || isMoved) this.opening.end();
    const plays = this.opening.isFor(data);
    if (isOther) this.showOther(data, plays);
    else if (isMoved && !this.playback.isPlaying) {
      this.playback.moveTo(nearestIndex(data.epochs, asked));
    }
    if (isOther || isMoved) this.asked = asked;
    this.moves = data.moves;
    this.figures.take(data, this.scene.losses);
    this.draw();
    if (plays) this.opening.begin();
    else if (isOther && data.isFinished) {
      this.say(inWords(this.scene.film, this.playback.state, data));
    }
    this.box.dataset.run = this.name; // tells other code which run is drawn
    this.box.classList.toggle("follows", Boolean(data.isBeside));
  }

  /**
   * Show another run.
   * @param {Message} data
   * @param {boolean} plays
   */
  showOther(data, plays) {
    const { playback, name } = this;
    const before = this.scene;
    const wasAtEnd = !name || playback.position >= before.last;
    const epoch = before.data.epochs[Math.floor(playback.position)];
    // The page moved the player; the visitor moved no slider.
    const hasJumped = !name || before.data.jumps !== data.jumps;
    const from = name && hasJumped && !playback.calm.matches ? (data.goesOnFrom ?? 0) : 0;
    if (data !== before.data) this.scene = new Scene(data, this.table);
    this.sheet = null; // nothing is drawn until the new network is laid out
    this.easel.hear(data.field && data.easel);
    this.shaping.take(data.shape);
    this.pad.take(data);
    this.layMaps();
    this.pointer.hovered = null;
    this.followed.keep();
    playback.scrub.max = String(playback.last);
    this.rows.offer(data);
    if (hasJumped) playback.pause();
    const state = from || (hasJumped || wasAtEnd ? data.state : epoch);
    if (!playback.isPlaying) playback.moveTo(plays ? 0 : nearestIndex(data.epochs, state));
    playback.position = Math.min(playback.position, playback.last);
    this.name = data.name;
    this.fit();
    // The previous animation loop must end before this one starts.
    if (from) requestAnimationFrame(() => playback.play());
  }

  layMaps() {
    this.shades.hidden = !this.scene.data.field || !this.scene.data.classes;
    this.shades.setAttribute("aria-pressed", String(areDiscrete()));
    this.scene.layMaps(this.easel.reach);
    this.easel.showRows();
  }

  switchShades() {
    switchShades();
    this.layMaps();
    this.draw();
  }

  /**
   * Tell the server the player's state, unless the server has it already.
   * @param {number} state
   */
  onRest(state) {
    const { data, film, last } = this.scene;
    const epoch = data.epochs[state === last ? film.states - 1 : state];
    this.say(inWords(film, state, data));
    if (epoch === this.asked) return;
    this.asked = epoch;
    this.tell("rest", epoch);
  }

  /**
   * Go to the state nearest to an epoch.
   * @param {number} epoch
   */
  goTo(epoch) {
    const index = nearestIndex(this.scene.data.epochs, epoch);
    this.playback.restAt(index);
  }

  /** Return the position of the film in epochs: the cursor of network, losses and figures. */
  get epoch() {
    return numberAt(this.scene.data.epochs, this.playback.place);
  }

  /**
   * Announce words to screen readers.
   * @param {string} words
   */
  say(words) {
    find(this.box, "told").textContent = words;
  }

  /** Lay out the stage in the available room. */
  fit() {
    if (!this.name) return;
    const room = { height: this.ruler.offsetHeight, below: this.room.offsetHeight };
    this.sheet = layOut(this.box, this.canvas, room, this.scene) ?? this.sheet;
    if (!this.sheet) return;
    this.easel.place(this.sheet);
    this.pad.lay(this.sheet);
    this.shaping.place(this.sheet);
  }

  draw() {
    if (!this.sheet) return;
    const { pen, scale } = this.sheet;
    pen.clearRect(0, 0, this.canvas.width / scale, this.canvas.height / scale);
    pen.font = fontOf(this.box);
    this.picture = this.pictureOn(this.sheet);
    const lit = this.lit;
    drawStage(this.picture, lit);
    this.easel.cursor.draw(this.picture);
    this.captions.write(this.picture, lit);
    this.pointer.drawTip(this.picture);
    this.followed.draw(this.picture);
    this.curve.follow();
    this.figures.show(this.playback.reached);
  }

  /**
   * @param {Sheet} sheet
   * @returns {Picture}
   */
  pictureOn(sheet) {
    const { scene, playback } = this;
    const { data, film } = scene;
    const { position, reached } = playback;
    const values = valuesAt(scene, playback.place);
    return {
      ...sheet,
      ...coloursOf(this.box),
      ...{ scene, data, film, position, reached, ...values, spots: [] },
      row: this.rows.row,
      alone: this.pad.alone(values.parameters),
      hovered: this.pointer.hovered,
      picked: this.followed.picked,
    };
  }

  /** Return what a line highlights in the epoch that begins here; null if no epoch is open. */
  get lit() {
    const { playback, scene } = this;
    const lit = nowLit();
    if (!lit || !scene.data.opensEpochs || playback.isPlaying || lit.run !== this.name) return null;
    const state = Math.min(nearestIndex(scene.data.epochs, lit.epoch), scene.last);
    return state === playback.state ? lit : null;
  }
}
