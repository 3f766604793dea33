// Starts a living picture: unpacks the scripts of plotly and the stage, and runs them. The policy
// of the page names both scripts by hash, so the page runs no other script.
import { find } from "../shared/elements.js";
import { unpacked } from "./unpack.js";

const PARTS = ["plotly", "stage"]; // in this order
const MISSING = "This picture could not be unpacked. It needs a browser from 2023 or later.";

async function run() {
  const here = PARTS.filter((id) => document.getElementById(id));
  const scripts = await Promise.all(here.map(unpacked));
  for (const script of scripts) {
    const tag = document.createElement("script");
    tag.textContent = new TextDecoder().decode(script);
    document.head.append(tag);
  }
}

export function begin() {
  return run().catch((error) => {
    console.warn(error);
    find(document, "living").textContent = MISSING;
  });
}
