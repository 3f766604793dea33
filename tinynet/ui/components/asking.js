// Asks for the rest of the page once the browser has painted the first part, and for the parts
// further down when they scroll into view. Streamlit may load this script several times, so shared
// state lives on `window`.
/** @import { Component } from "../../stage/scripts/types" */

/** @typedef {Component<unknown>["setTriggerValue"]} Tell */
/** @typedef {HTMLElement & { asked?: number, told?: number, jumps?: number }} Place */
/**
 * @typedef {HTMLElement & { host?: HTMLElement, sight?: IntersectionObserver, isStale?: boolean,
 *   isInSight?: boolean }} Watched
 */
/**
 * @typedef {object} Data
 * @property {boolean} [watches]
 * @property {boolean} [listens]
 * @property {number} [tells]
 * @property {boolean} [rest]
 * @property {boolean} [more]
 * @property {number} [after]
 * @property {number} [number]
 * @property {number} [jumps]
 */

const REST = Symbol.for("the rest of TinyNet's page"); // the player uses this name too
const BELOW = Symbol.for("what stands below on TinyNet's page");
const TOUCHED = Symbol.for("when TinyNet's page was last touched");
const RUNNING = "[data-test-script-state=running]"; // Streamlit marks the app so
const HELP = "[data-testid=stTooltipIcon] button"; // Streamlit's question marks
const LOOK_AGAIN = 100; // milliseconds
const ANSWERED = 1500; // milliseconds within which a request is answered or its script runs
const SET = 100; // milliseconds until all widgets have taken the values that they were given
const WALKED = Symbol.for("when TinyNet's page last went back or forward");
const STEPS = Symbol.for("how often TinyNet's page has gone back or forward");

// The types of the window lack our own properties.
const page = /** @type {Record<symbol, any>} */ (/** @type {unknown} */ (window));

if (!(STEPS in page)) {
  page[STEPS] = 0;
  page[TOUCHED] = 0;
  page[WALKED] = 0;
  addEventListener("popstate", () => {
    page[STEPS] += 1;
    page[WALKED] = performance.now();
  });
  for (const name of ["keydown", "pointerdown"]) {
    const note = () => {
      page[TOUCHED] = performance.now();
    };
    addEventListener(name, note, { capture: true });
  }
}

/** Take the help icons out of the tab order, which they would double. */
function skipHelp() {
  for (const icon of document.querySelectorAll(HELP)) icon.setAttribute("tabindex", "-1");
}

function isRunning() {
  return document.querySelector(RUNNING) !== null;
}

/**
 * Request a part. Streamlit may merge the request with a step through the history, and then hides
 * the step; so the request contains the number of steps.
 * @param {Tell} tell
 * @param {number} number
 */
function more(tell, number) {
  tell("more", { number, steps: page[STEPS] });
}

/**
 * Request a part once it is stale and in sight, or nearly in sight.
 * @param {Watched} place
 * @param {Tell} tell
 */
function watch(place, tell) {
  const ask = () => {
    if (!place.isStale || !place.isInSight) return;
    place.isStale = false;
    more(tell, performance.now());
  };
  page[BELOW] = () => {
    place.isStale = true;
    ask();
  };
  const look = (/** @type {IntersectionObserverEntry[]} */ entries) => {
    place.isInSight = entries[entries.length - 1].isIntersecting;
    ask();
  };
  place.sight ??= new IntersectionObserver(look, { rootMargin: "100px" });
  const part = (place.host ?? place).closest(".st-key-watched");
  if (part) place.sight.observe(part);
  return () => {
    if (!place.isConnected) place.sight?.disconnect();
  };
}

/**
 * Make a request after the visitor has been idle for a while, unless there is a later request.
 * After a step through the history a later request always follows; until then the widgets still
 * have their old values.
 * @param {Place} place
 * @param {{ after: number, number: number }} request
 * @param {Tell} tell
 */
function askAtRest(place, request, tell, since = performance.now()) {
  const { after, number } = request;
  if (place.asked !== number || !place.isConnected || page[WALKED] > since) return;
  const left = after - (performance.now() - Math.max(since, page[TOUCHED]));
  // A request would interrupt a script that the visitor waits for.
  if (left <= 0 && !isRunning()) more(tell, number);
  else setTimeout(() => askAtRest(place, request, tell, since), Math.max(left, LOOK_AGAIN));
}

/**
 * Make a request, and make it again if no answer comes: of two parts that are requested in one
 * moment, Streamlit draws only one.
 * @param {Place} place
 * @param {number} number
 * @param {Tell} tell
 */
function askUntilAnswered(place, number, tell) {
  if (place.asked !== number || !place.isConnected) return;
  if (!isRunning() || place.told !== number) more(tell, number);
  place.told = number;
  setTimeout(() => askUntilAnswered(place, number, tell), ANSWERED);
}

/**
 * Request the parts that the data name.
 * @param {Data} data
 * @param {Place} place
 * @param {Tell} tell
 */
function ask({ rest, more: asksForMore, after, number = 0 }, place, tell) {
  if (rest && page[REST]) more(page[REST], number);
  if (asksForMore && after) askAtRest(place, { after, number }, tell);
  else if (asksForMore) setTimeout(() => askUntilAnswered(place, number, tell), rest ? 100 : 0);
}

/** @param {Component<Data>} component */
export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  /** @type {Place} */
  const place = parentElement;
  if (data.watches) return watch(place, setTriggerValue);
  if (data.listens) {
    page[REST] = setTriggerValue;
    requestAnimationFrame(skipHelp);
    if (data.tells) page[BELOW]?.();
  }
  if (data.jumps && data.jumps > 1 && data.jumps !== place.jumps) {
    requestAnimationFrame(() => setTimeout(() => setStateValue("seen", data.jumps), SET));
  }
  place.jumps = data.jumps;
  if (!data.number || data.number === place.asked) return undefined;
  place.asked = data.number;
  requestAnimationFrame(() => setTimeout(() => ask(data, place, setTriggerValue)));
  return undefined;
}
