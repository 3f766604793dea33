// A living picture: the player in a file of its own, without a server.
/** @import { FunctionTable } from "../types" */
import { erf } from "../player/field.js";
import { Player } from "../player/player.js";
import { find } from "../shared/elements.js";
import { unpack } from "../shared/message.js";
import { restored, unpacked } from "./unpack.js";

/**
 * Copy the text that belongs to a button; where that is forbidden, select it.
 * @param {HTMLElement} button
 */
async function copy(button) {
  const text = /** @type {HTMLElement} */ (button.nextElementSibling);
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(text);
  }
}

/** @param {(erfOf: typeof erf) => FunctionTable} functions the functions of the registry */
export async function begin(functions) {
  for (const button of document.querySelectorAll("button.copy")) {
    const it = /** @type {HTMLElement} */ (button);
    it.onclick = () => copy(it);
  }
  const message = unpack(restored(await unpacked("film")));
  const player = new Player(find(document, "living"), functions(erf), message);
  player.take(message);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => player.draw());
}
