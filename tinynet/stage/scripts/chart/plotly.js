// Plotly: loads its script, and contains every use of its undocumented parts.

/** @type {Promise<void> | undefined} */
let loading; // all charts of the page share one script

/** Return plotly, which has no types; undefined until its script is loaded. */
export function plotly() {
  return /** @type {{ Plotly?: any }} */ (window).Plotly;
}

/**
 * Load plotly's script, once; after a failure the next call tries again.
 * @param {string} url
 * @returns {Promise<void>}
 */
export function loadPlotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = String(new URL(url, document.baseURI));
    tag.onload = () => resolve();
    tag.onerror = () => {
      loading = undefined;
      tag.remove();
      reject(new Error(`${tag.src} did not load`));
    };
    document.head.append(tag);
  });
  return loading;
}

/**
 * Return the layout as drawn, with its size and axes; undefined before the first drawing.
 * @param {any} plot
 */
export function drawnLayout(plot) {
  return plot._fullLayout;
}

/**
 * Return the start of an axis in its plot, and its length, in pixels.
 * @param {any} axis
 */
export function extentOf(axis) {
  return { start: axis._offset, length: axis._length };
}

/**
 * Return the distance of a value from the start of its axis, in pixels.
 * @param {any} axis
 * @param {number} value
 */
export function pixelOf(axis, value) {
  return axis.d2p(value);
}

/**
 * Stop plotly from repeating its hover: it would measure an element that it has just replaced.
 * @param {any} plot
 */
export function forgetHover(plot) {
  plot._fullLayout._rehover = null;
}

/**
 * Return plotly's style sheet as text, because the document's styles do not reach a shadow root.
 */
export function plotlyStyle() {
  const style = /** @type {HTMLStyleElement | null} */ (
    document.getElementById("plotly.js-style-global")
  );
  return Array.from(style?.sheet?.cssRules ?? [], (rule) => rule.cssText).join("\n");
}
