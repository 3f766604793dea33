// The opening: whoever opens the page sees the network learn. The player plays the run once, unasked and
// quickly, and rests at its end. The server hears nothing of it.

const OPENING = 3000; // milliseconds to play it
const PATIENCE = 5000; // milliseconds that it waits for the loss chart, whose cursor moves with it
const LONGEST_FRAME = 100; // milliseconds; while the page is busy or out of sight the film stands still
let isOver = false; // for this load of the page, which has one at most

/** Whether a finger has come down: perhaps to scroll, and if not, a click follows. */
function isTouch({ type, pointerType }) { return type === "pointerdown" && pointerType !== "mouse"; }

/** Whether a key presses a button, of which a click follows. */
function isPress({ type, key, target }) { return type === "keydown" && [" ", "Enter"].includes(key) && target.tagName === "BUTTON"; }

class Opening {
  constructor(player) {
    this.player = player;
    this.isOn = false;
  }

  /** Whether it is to be played now: to the first player of the page, if it comes with the run that was asked for. */
  isFor(data) {
    const isFirst = !isOver;
    isOver = true;
    return isFirst && data.plays && data.epochs.length > 1 && !this.player.calm.matches;
  }

  begin() {
    const { player } = this;
    this.isOn = player.playing = true;
    player.label();
    this.listen();
    let waited = 0, isSeen = false;
    eachFrame((time) => {
      if (!this.isOn) return false;
      const passed = Math.min(time, LONGEST_FRAME);
      if (isSeen) player.position += (passed / OPENING) * player.last;
      else isSeen = player.curve.isReady || (waited += passed) > PATIENCE;
      if (player.position >= player.last || player.calm.matches) this.end();
      else if (isSeen) player.drawOnTheWay();
      return this.isOn;
    });
  }

  /** Hear what the visitor does: elsewhere before all others do, in the player after what this moves. */
  listen() {
    const { box } = this.player, ears = this.ears = new AbortController();
    for (const name of ["keydown", "pointerdown", "click"]) {
      const hear = (event) => { if (!event.composedPath().includes(box) && !isTouch(event)) this.end(); };
      addEventListener(name, hear, { capture: true, signal: ears.signal });
    }
    for (const name of ["keydown", "click"]) {
      box.addEventListener(name, (event) => { if (!isPress(event)) this.end(); }, { signal: ears.signal });
    }
  }

  /** Rest at the last state, as if it had never been. */
  end() {
    if (!this.isOn) return;
    this.player.pause();
    this.player.moveTo(this.player.last);
  }

  /** Something else moves the player from here on. */
  close() {
    this.isOn = false;
    this.ears?.abort();
  }
}
