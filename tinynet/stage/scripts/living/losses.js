// A living picture of a model that cannot be drawn: its losses alone.
import { Drawing } from "../chart/drawing.js";
import { find } from "../shared/elements.js";
import { listen } from "./copy.js";
import { onMore } from "./more.js";
import { unpacked } from "./unpack.js";

export async function begin() {
  listen();
  const drawing = new Drawing(find(document, "living"));
  const show = (/** @type {Uint8Array} */ bytes) => {
    const facts = JSON.parse(new TextDecoder().decode(bytes));
    drawing.show(facts);
    return facts;
  };
  show(await unpacked("film"));
  onMore(show);
}
