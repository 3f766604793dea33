// An address that stands for a while becomes an entry of the browser's history, one for each act of
// the visitor: what the page puts right by itself, however late, is no new entry.

const REST = 500; // milliseconds
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
    for (const act of ["pointerdown", "keydown", "click"]) addEventListener(act, () => { this.acted = true; }, true);
  }

  note(entry) {
    this.replace(...entry);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST);
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
