// The chart as a Streamlit component: a figure, or the map.
/** @import { Component } from "../types" */
import { Drawing } from "../chart/drawing.js";
import { MapDrawing } from "../chart/map.js";
import { answer } from "./answer.js";

/** @param {Component<Uint8Array>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const facts = JSON.parse(new TextDecoder().decode(data));
  const View = facts.isMap ? MapDrawing : Drawing;
  return answer(
    parentElement,
    () => new View(parentElement),
    (chart) => {
      chart.tell = setTriggerValue;
      chart.show(facts);
    },
  );
}
