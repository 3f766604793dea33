// Copies the link when *Share* is opened, and tells so.
/** @import { Component } from "../../stage/scripts/types" */

const COPIED = "copied"; // marks the element, so that an opened menu copies only once

/** @param {Component<{ link: string }>} component */
export default function ({ data, parentElement }) {
  const box = /** @type {HTMLElement} */ (parentElement.querySelector(".told"));
  if (COPIED in box.dataset) return;
  box.dataset[COPIED] = "";
  const copied = navigator.clipboard?.writeText(data.link); // absent from an insecure page
  copied?.then(
    () => {
      box.textContent = "The link is copied. Anyone who opens it sees this exact run.";
    },
    () => {}, // the browser does not allow it; the link can be copied below
  );
}
