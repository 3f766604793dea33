// A living picture of a model that cannot be drawn: its losses alone.
import { Drawing } from "../chart/drawing.js";
import { find } from "../shared/elements.js";
import { listen } from "./copy.js";
import { unpacked } from "./unpack.js";

export async function begin() {
  listen();
  const facts = new TextDecoder().decode(await unpacked("film"));
  new Drawing(find(document, "living")).show(JSON.parse(facts));
}
