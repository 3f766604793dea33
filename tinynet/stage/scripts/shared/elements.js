// Helpers for elements of the page.

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, unknown>} properties
 * @param {(string | globalThis.Node)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Return the first element with a class; our own HTML has one of each.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @returns {Kind}
 */
export function find(root, name) {
  return /** @type {Kind} */ (root.querySelector(`.${name}`));
}

/** Return the scale of the page's text relative to the standard size. */
export function zoomOfText() {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}
