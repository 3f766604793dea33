// Adds an address to the browser's history once it has been stable for a while, one entry for each
// action of the visitor. Corrections by the page itself add no entry, however late they come. While
// the server still answers, the same action may cause more addresses: a held key passes over
// several.

const REST = 500; // milliseconds that an address must be stable
const AGAIN = 100; // milliseconds between checks whether the server is done
const APP = "[data-testid=stApp]";
const NAME = Symbol.for("the page's own history");

/** @typedef {[data: unknown, unused: string, url?: string | URL | null]} Entry */

class Rests {
  constructor() {
    this.push = history.pushState.bind(history);
    this.replace = history.replaceState.bind(history);
    this.rested = location.href;
    this.noted = Number.POSITIVE_INFINITY; // time of the last change; at first none
    this.acted = false; // whether the visitor has acted since the last entry
    history.pushState = (...entry) => this.note(entry);
    history.replaceState = (...entry) => this.note(entry);
    addEventListener("popstate", () => {
      this.acted = false;
      this.rested = location.href;
    });
    for (const name of ["pointerdown", "keydown", "click", "wheel"]) {
      addEventListener(name, () => this.act(), true);
    }
  }

  act() {
    if (performance.now() - this.noted > REST) this.rest(); // a long run may train for a minute
    this.acted = true;
  }

  /** @param {Entry} entry */
  note(entry) {
    this.replace(...entry);
    this.noted = performance.now();
    this.wait(REST);
  }

  /** @param {number} time */
  wait(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      /** @type {HTMLElement | null} */
      const app = document.querySelector(APP);
      if (app?.dataset.testScriptState !== "running") this.rest();
      else this.wait(AGAIN);
    }, time);
  }

  /** Restore the previous stable address, and add the current address after it. */
  rest() {
    const now = location.href;
    if (now !== this.rested && this.acted) {
      this.acted = false;
      this.replace({}, "", this.rested);
      this.push({}, "", now);
    }
    this.rested = now;
  }
}

export default function () {
  const page = /** @type {Record<symbol, Rests>} */ (/** @type {unknown} */ (window));
  page[NAME] ??= new Rests();
}
