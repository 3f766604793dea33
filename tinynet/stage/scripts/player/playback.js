// The position of the player in the film: play, pause, step, scrub.
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { placeBetween } from "./film.js";
import { moveOthers } from "./together.js";

const WHOLE_RUN = 8000; // milliseconds to play the whole run
const REST = 250; // milliseconds after the last key before the server is told
const CALM_STEP = 400; // milliseconds for each state if the visitor prefers reduced motion
const PLAY = "M6 3l11 7-11 7z";
const PAUSE = "M5 3h4v14H5zM11 3h4v14h-4z";

/**
 * Call `step` in each frame with the milliseconds since the last frame, while it returns true.
 * @param {(passed: number) => boolean} step
 */
export function eachFrame(step) {
  /** @type {number | undefined} */
  let before;
  const next = (/** @type {number} */ now) => {
    const goesOn = step(now - (before ?? now));
    before = now;
    if (goesOn) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

export class Playback {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.position = 0; // in states of the film; fractional while it plays
    this.isPlaying = false;
    this.isWaiting = false; // whether a timer waits for further keys before it tells the server
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.button = find(player.box, "play");
    /** @type {HTMLInputElement} */
    this.scrub = find(player.box, "scrub");
    this.button.onclick = () => this.toggle();
    find(player.box, "back").onclick = () => this.stepBy(-1);
    find(player.box, "on").onclick = () => this.stepBy(1);
    this.scrub.oninput = () => {
      this.pause();
      this.moveTo(Number(this.scrub.value));
    };
    this.scrub.onchange = () => this.comeToRest();
    // Send the last step here before the visitor's next action elsewhere on the page.
    player.box.addEventListener("focusout", ({ relatedTarget }) => {
      const isWithin = player.box.contains(/** @type {globalThis.Node | null} */ (relatedTarget));
      if (this.isWaiting && !isWithin) this.comeToRest();
    });
  }

  leave() {
    this.pause();
    clearTimeout(this.timer);
  }

  get last() {
    return this.player.scene.last;
  }

  /** Return the nearest state. */
  get state() {
    return Math.round(this.position);
  }

  /** Return the last state reached, whose numbers are displayed. */
  get reached() {
    return Math.floor(this.position + 1e-9);
  }

  /** Return the states around the position, and the distance from the first. */
  get place() {
    const place = placeBetween(this.position, this.player.scene.film.states);
    return this.calm.matches ? { ...place, share: Math.floor(place.share) } : place;
  }

  toggle() {
    if (this.isPlaying) this.restAt(this.state);
    else this.play();
  }

  play() {
    if (this.last < 1) return;
    if (this.position >= this.last) this.position = 0;
    this.isPlaying = true;
    this.label();
    const from = this.position;
    let played = 0;
    eachFrame((passed) => {
      if (!this.isPlaying) return false;
      played += passed;
      if (this.calm.matches) this.position = from + Math.floor(played / CALM_STEP);
      else this.position += (passed / WHOLE_RUN) * this.last;
      if (this.position < this.last) this.drawOnTheWay();
      else this.restAt(this.last);
      return this.isPlaying;
    });
  }

  /** Draw a position between two states. */
  drawOnTheWay() {
    this.scrub.value = String(Math.floor(this.position));
    this.player.draw();
    moveOthers(this.player);
  }

  pause() {
    this.isPlaying = false;
    this.player.opening.close();
    this.label();
  }

  label() {
    const says = this.isPlaying ? "Pause" : "Play";
    this.button.querySelector("path")?.setAttribute("d", this.isPlaying ? PAUSE : PLAY);
    this.button.setAttribute("aria-label", says);
    this.button.title = `${says} (space)`;
  }

  /** @param {number} steps */
  stepBy(steps) {
    this.pause();
    this.moveTo(this.state + steps);
    clearTimeout(this.timer);
    this.isWaiting = true;
    this.timer = setTimeout(() => this.comeToRest(), REST);
  }

  /** @param {number} state */
  moveTo(state) {
    this.position = Math.max(0, Math.min(this.last, state));
    this.scrub.value = String(this.state);
    this.player.draw();
    moveOthers(this.player);
  }

  /** @param {number} state */
  restAt(state) {
    this.pause();
    this.moveTo(state);
    this.comeToRest();
  }

  comeToRest() {
    clearTimeout(this.timer);
    this.isWaiting = false;
    this.player.onRest(this.state);
  }
}
