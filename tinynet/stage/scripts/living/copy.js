// The buttons that copy the text below them.

/**
 * Copy a text; where that is forbidden, select it.
 * @param {HTMLElement} button
 * @param {HTMLElement} text
 */
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(text);
  }
}

/** Make the buttons work. */
export function listen() {
  for (const button of document.querySelectorAll("button.copy")) {
    const [it, text] = /** @type {HTMLElement[]} */ ([button, button.nextElementSibling]);
    it.onclick = () => copy(it, text);
  }
}
