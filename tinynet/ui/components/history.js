// An address that stands for a while becomes an entry of the browser's history, one for each act of
// the visitor: what the page puts right by itself, however late, is no new entry. While the server
// still answers, more may come of the same act: the address of a stop that a held key flew over.

const REST = 500; // milliseconds
const AGAIN = 100; // milliseconds until one looks again whether the server is done
const APP = "[data-testid=stApp]";
const NAME = Symbol.for("the page's own history");

export default function () {
  window[NAME] ??= new Rests();
}

class Rests {
  constructor() {
    this.push = history.pushState.bind(history);
    this.replace = history.replaceState.bind(history);
    this.rested = location.href;
    this.acted = false; // since the last entry
    history.pushState = (...entry) => this.note(entry);
    history.replaceState = (...entry) => this.note(entry);
    addEventListener("popstate", () => { this.acted = false; this.rested = location.href; });
    for (const act of ["pointerdown", "keydown", "click", "wheel"]) addEventListener(act, () => this.act(), true);
  }

  act() {
    if (performance.now() - this.noted > REST) this.rest(); // a long run may train for a minute
    this.acted = true;
  }

  note(entry) {
    this.replace(...entry);
    this.noted = performance.now();
    this.wait(REST);
  }

  wait(time) {
    clearTimeout(this.timer);
    const isAnswered = () => document.querySelector(APP)?.dataset.testScriptState !== "running";
    this.timer = setTimeout(() => (isAnswered() ? this.rest() : this.wait(AGAIN)), time);
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
