// In a notebook, the widget around a living picture sends it more of its film.
import { gunzipped } from "./unpack.js";

/**
 * Show each further film, and its story, in the order in which they come.
 * @param {(bytes: Uint8Array) => { story?: string }} show
 */
export function onMore(show) {
  if (parent === window) return;
  let shown = Promise.resolve();
  /** @param {Uint8Array<ArrayBuffer>} packed */
  const take = async (packed) => {
    const { story } = show(await gunzipped(packed));
    const place = document.querySelector("main > p");
    if (place) place.textContent = story ?? "";
  };
  addEventListener("message", ({ source, data }) => {
    if (source === parent && data instanceof Uint8Array)
      shown = shown.then(() => take(new Uint8Array(data)));
  });
  parent.postMessage("TinyNet's picture is ready", "*");
}
