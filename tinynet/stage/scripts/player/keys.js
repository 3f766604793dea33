// The keyboard shortcuts of the player.
/** @import { Player } from "./player.js" */

const PRESSED = "button, summary";

/**
 * Tell whether a key activates a button, so that a click follows.
 * @param {Event} event
 */
export function isPress(event) {
  if (!(event instanceof KeyboardEvent) || event.type !== "keydown") return false;
  const { key, target } = event;
  return [" ", "Enter"].includes(key) && target instanceof Element && target.matches(PRESSED);
}

/**
 * Handle a key, unless the focused element uses it.
 * @param {Player} player
 * @param {KeyboardEvent} event
 */
export function takeKey(player, event) {
  const { target, key } = event;
  if (target instanceof HTMLSelectElement || player.easel.takesKey(event)) return;
  const { playback, scene, pointer, followed } = player;
  /** @type {Record<string, () => void>} */
  const acts = {
    " ": () => playback.toggle(),
    ArrowLeft: () => playback.stepBy(-1),
    ArrowRight: () => playback.stepBy(1),
    Home: () => playback.stepBy(-scene.film.states),
    End: () => playback.stepBy(scene.film.states),
    ArrowUp: () => pointer.pointToNode(-1),
    ArrowDown: () => pointer.pointToNode(1),
    Enter: () => followed.pick(pointer.hovered),
    Escape: () => followed.pick(null),
  };
  const act = acts[key];
  if (!act || isPress(event)) return;
  if (target === playback.scrub && ["ArrowUp", "ArrowDown"].includes(key)) return;
  event.preventDefault();
  act();
}
