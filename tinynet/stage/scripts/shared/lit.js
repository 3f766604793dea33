// The parts of the player's picture that the chosen line of an epoch highlights.
/** @import { Lit } from "../types" */

/** @type {Lit | null} */
let lit = null;
/** @type {Set<(lit: Lit | null) => void>} */
const listeners = new Set();

/** Return the highlighted parts; null if no lines are shown. */
export function nowLit() {
  return lit;
}

/**
 * Highlight something else, or nothing.
 * @param {Lit | null} next
 */
export function light(next) {
  lit = next;
  for (const listener of listeners) listener(next);
}

/**
 * Call a listener at each change; return a function that removes it.
 * @param {(lit: Lit | null) => void} listener
 */
export function onLit(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
