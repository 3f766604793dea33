// Players side by side share one position: a visitor who moves one player moves all of them.
/** @import { Player } from "./player.js" */
import { nearestIndex } from "./film.js";

/** @type {Set<Player>} */
const players = new Set();
let isTelling = false; // whether the others move because one has moved

/** @param {Player} player */
export function join(player) {
  players.add(player);
}

/** @param {Player} player */
export function part(player) {
  players.delete(player);
}

/**
 * Move all other players to the epoch of this player.
 * @param {Player} leader
 */
export function moveOthers(leader) {
  if (isTelling || players.size < 2) return;
  isTelling = true;
  for (const each of players) {
    if (each === leader || !each.name) continue;
    each.playback.pause();
    each.playback.moveTo(nearestIndex(each.scene.data.epochs, leader.epoch));
  }
  isTelling = false;
}
