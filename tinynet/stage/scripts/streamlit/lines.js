// The lines of an epoch as a Streamlit component.
/** @import { Component } from "../types" */
import { Lines } from "../lines/lines.js";
import { unpack } from "../shared/message.js";
import { answer } from "./answer.js";

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const make = () => new Lines(parentElement);
  return answer(parentElement, make, (lines) => {
    lines.ask = (update) => setTriggerValue("asked", update);
    lines.show(unpack(data));
  });
}
