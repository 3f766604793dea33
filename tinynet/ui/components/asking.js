// Asks for the rest of the page once the browser has painted what it has, and for what stands below it
// once that is in sight.

const REST = Symbol.for("the rest of TinyNet's page"); // the stage finds it by this name, too
const BELOW = Symbol.for("what stands below on TinyNet's page");
const TOUCHED = Symbol.for("when TinyNet's page was last touched");
const WALKED = Symbol.for("when TinyNet's page last went back or forward");

if (!(TOUCHED in window)) {
  window[TOUCHED] = window[WALKED] = 0;
  addEventListener("popstate", () => { window[WALKED] = performance.now(); });
  for (const name of ["keydown", "pointerdown"]) {
    addEventListener(name, () => { window[TOUCHED] = performance.now(); }, { capture: true });
  }
}

/** Ask for a part once it is stale and in sight, or nearly. */
function watch(place, setTriggerValue) {
  const ask = () => {
    if (!place.stale || !place.isInSight) return;
    place.stale = false;
    setTriggerValue("more", performance.now());
  };
  window[BELOW] = () => { place.stale = true; ask(); };
  place.sight ??= new IntersectionObserver((entries) => {
    place.isInSight = entries.at(-1).isIntersecting;
    ask();
  }, { rootMargin: "100px" });
  place.sight.observe((place.host ?? place).closest(".st-key-watched"));
  return () => { if (!place.isConnected) place.sight.disconnect(); };
}

/**
 * Ask once the visitor has touched nothing for a while, unless another asking has come meanwhile. After a
 * step through the history one will: until it does, the widgets still say what they said before.
 */
function askAtRest(place, { after, number }, setTriggerValue, since = performance.now()) {
  if (place.asked !== number || !place.isConnected || window[WALKED] > since) return;
  const left = after - (performance.now() - Math.max(since, window[TOUCHED]));
  if (left <= 0) setTriggerValue("more", number);
  else setTimeout(() => askAtRest(place, { after, number }, setTriggerValue, since), left);
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (data.watches) return watch(parentElement, setTriggerValue);
  if (data.listens) {
    window[REST] = setTriggerValue;
    if (data.tells) window[BELOW]?.();
  }
  if (!data.number || data.number === parentElement.asked) return;
  parentElement.asked = data.number;
  requestAnimationFrame(() => setTimeout(() => {
    if (data.rest) window[REST]?.("more", data.number);
    if (data.more && data.after) askAtRest(parentElement, data, setTriggerValue);
    else if (data.more) setTimeout(() => setTriggerValue("more", data.number), data.rest ? 100 : 0);
  }));
}
