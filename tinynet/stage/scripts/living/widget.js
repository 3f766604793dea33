// A film in a notebook, as a widget of anywidget: a living picture in its frame, which gets more of
// the film as the loop goes on.

/**
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(event: string, listener: () => void) => void} on
 * @property {(event: string, listener: () => void) => void} off
 * @property {(message: string) => void} send
 */

/** @param {{ model: Model, el: HTMLElement }} widget */
function render({ model, el }) {
  el.innerHTML = model.get("frame");
  const frame = /** @type {HTMLIFrameElement} */ (el.firstElementChild);
  const show = () => {
    const { buffer, byteOffset, byteLength } = model.get("film");
    const film = new Uint8Array(buffer, byteOffset, byteLength).slice();
    if (byteLength) frame.contentWindow?.postMessage(film, "*"); // a sandbox has no origin to name
    model.send("shown"); // the answer comes after the cell, with the rest of the film
  };
  /** @param {MessageEvent} event */
  const onMessage = ({ source }) => {
    if (source === frame.contentWindow) show(); // the picture is ready
  };
  addEventListener("message", onMessage);
  model.on("change:film", show);
  return () => {
    removeEventListener("message", onMessage);
    model.off("change:film", show);
  };
}

export default { render };
