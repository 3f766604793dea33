// The opening: when the page or new data open, the player plays the run once, quickly, and stops at
// its end.
// The server is not involved.
/** @import { Message } from "../types" */
/** @import { Player } from "./player.js" */
import { isPress } from "./keys.js";
import { eachFrame } from "./playback.js";

const OPENING = 3000; // milliseconds of the opening
const PATIENCE = 5000; // milliseconds to wait for the loss chart, whose cursor follows the film
const LONGEST_TRAINING = 1000; // milliseconds of a training whose film plays after it
const LONGEST_FRAME = 100; // milliseconds; the film pauses while the page is busy or hidden
/** @type {number | undefined} */
let lastJump; // each jump of the page plays at most once, even if its player is replaced
/** @type {{ jumps: number, time: number } | undefined} */
let begun; // when the first message of the last jump came

/**
 * Tell whether the event is a touch: it may scroll, and otherwise a click follows.
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
   * Tell whether to play now: only after a jump of the page, if the server asked for it.
   * @param {Message} data
   */
  isFor(data) {
    const time = performance.now();
    if (begun?.jumps !== data.jumps) begun = { jumps: data.jumps, time };
    if (!data.isFinished) return false;
    const hasJumped = lastJump !== data.jumps;
    lastJump = data.jumps;
    // The visitor has already watched a long training move.
    const wasShort = time - begun.time < LONGEST_TRAINING;
    return (
      hasJumped &&
      wasShort &&
      data.plays &&
      data.epochs.length > 1 &&
      !this.player.playback.calm.matches
    );
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

  /**
   * End the opening when the visitor acts: before other listeners run, but after the player's.
   */
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

  /** Go to the last state, as if there had been no opening. */
  end() {
    if (!this.isOn) return;
    const { playback } = this.player;
    playback.pause();
    playback.moveTo(playback.last);
  }

  /** End the opening because something else moves the player. */
  close() {
    this.isOn = false;
    this.ears?.abort();
  }
}
