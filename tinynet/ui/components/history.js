// An address that stands for a while becomes an entry of the browser's history, one for each act of the
// visitor: what the page corrects by itself, however late, is no new entry. While the server still
// answers, more may follow from the same act: the address of a stop that a held key flew over.

const REST = 500; // milliseconds
const AGAIN = 100; // milliseconds until the next look whether the server is done
const APP = "[data-testid=stApp]";
const NAME = Symbol.for("the page's own history");

/** @typedef {[data: unknown, unused: string, url?: string | URL | null]} Entry */

class Rests {
  constructor() {
    this.push = history.pushState.bind(history);
    this.replace = history.replaceState.bind(history);
    this.rested = location.href;
    this.noted = Number.POSITIVE_INFINITY; // when the address changed last; never yet
    this.acted = false; // since the last entry
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

  /** Put the address that was rested on before back in its place, and this one behind it. */
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
