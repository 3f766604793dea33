// The player as a Streamlit component.
/** @import { Component, FunctionTable, Told } from "../types" */
import { erf } from "../player/field.js";
import { Player } from "../player/player.js";
import { unpack } from "../shared/message.js";
import { answer } from "./answer.js";

const OWN = ["paint", "shape"]; // all other events redraw the rest of the page
const REST = Symbol.for("the rest of TinyNet's page"); // the name under which asking.js reads it

/**
 * @param {Component<Uint8Array>} component
 * @param {(erfOf: typeof erf) => FunctionTable} functions the functions of the registry
 */
export default function ({ data, parentElement, setTriggerValue }, functions) {
  const page = /** @type {Record<symbol, typeof setTriggerValue | undefined>} */ (
    /** @type {unknown} */ (window)
  );
  /**
   * @template {keyof Told} Name
   * @param {Name} name
   * @param {Told[Name]} value
   */
  const tell = (name, value) => (OWN.includes(name) ? setTriggerValue : page[REST])?.(name, value);
  const message = unpack(data);
  const make = () => new Player(parentElement, functions(erf), message);
  return answer(parentElement, make, (player) => {
    player.tell = message.isBeside ? () => {} : tell;
    player.take(message);
  });
}
