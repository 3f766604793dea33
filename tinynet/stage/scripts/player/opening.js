// The opening: the first visitor of a page sees the network learn. The player plays the run once, by
// itself and quickly, and rests at its end. The server hears nothing of it.
/** @import { Message } from "../types" */
/** @import { Player } from "./player.js" */
import { isPress } from "./keys.js";
import { eachFrame } from "./playback.js";

const OPENING = 3000; // milliseconds to play it
const PATIENCE = 5000; // milliseconds to wait for the loss chart, whose cursor moves with the film
const LONGEST_FRAME = 100; // milliseconds; while the page is busy or out of sight the film stands still
let isOver = false; // for this load of the page, which has one at most

/**
 * Tell whether a finger has come down: perhaps to scroll, and if not, a click follows.
 * @param {Event} event
 */
function isTouch(event) {
  return (
    event instanceof PointerEvent && event.type === "pointerdown" && event.pointerType !== "mouse"
  );
}

export class Opening {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.isOn = false;
    /** @type {AbortController | null} */
    this.ears = null;
  }

  /**
   * Tell whether to play now: to the first player of the page, if it comes with the run to be opened on.
   * @param {Message} data
   */
  isFor(data) {
    const isFirst = !isOver;
    isOver = true;
    return isFirst && data.plays && data.epochs.length > 1 && !this.player.playback.calm.matches;
  }

  begin() {
    const { playback, curve } = this.player;
    this.isOn = true;
    playback.isPlaying = true;
    playback.label();
    this.listen();
    let waited = 0;
    let isSeen = false;
    eachFrame((time) => {
      if (!this.isOn) return false;
      const passed = Math.min(time, LONGEST_FRAME);
      if (isSeen) playback.position += (passed / OPENING) * playback.last;
      else {
        if (!curve.isReady) waited += passed;
        isSeen = curve.isReady || waited > PATIENCE;
      }
      if (playback.position >= playback.last || playback.calm.matches) this.end();
      else if (isSeen) playback.drawOnTheWay();
      return this.isOn;
    });
  }

  /** End at what the visitor does: elsewhere before all others hear of it, in the player after. */
  listen() {
    const { box } = this.player;
    this.ears = new AbortController();
    const { signal } = this.ears;
    const elsewhere = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(box) && !isTouch(event)) this.end();
    };
    const here = (/** @type {Event} */ event) => {
      if (!isPress(event)) this.end();
    };
    for (const name of ["keydown", "pointerdown", "click"]) {
      addEventListener(name, elsewhere, { capture: true, signal });
    }
    for (const name of ["keydown", "click"]) {
      box.addEventListener(name, here, { signal });
    }
  }

  /** Rest at the last state, as if there had been no opening. */
  end() {
    if (!this.isOn) return;
    const { playback } = this.player;
    playback.pause();
    playback.moveTo(playback.last);
  }

  /** Leave the player to something else that moves it. */
  close() {
    this.isOn = false;
    this.ears?.abort();
  }
}
