// The texts below the picture: where it is in the training, and what its marks mean.
/** @import { Lit } from "../types" */
/** @import { Picture } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { fillsInWords, keyOf, writeKey } from "./key.js";
import { picturedOf } from "./network.js";
import { litInWords, shownInWords, whereInWords } from "./words.js";

export class Captions {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.key = "";
  }

  /**
   * @param {Picture} picture
   * @param {Lit | null} lit
   */
  write(picture, lit) {
    const { data, film, reached } = picture;
    const { box, easel, playback } = this.player;
    const epoch = data.epochs[reached];
    const words = lit ? litInWords(lit, epoch, film.layers) : easel.words;
    const where = find(box, "where");
    where.textContent = where.title = whereInWords(reached, data);
    find(box, "lit").textContent = words ?? "";
    find(box, "lit").hidden = !words;
    find(box, "key").hidden = Boolean(words);
    playback.scrub.setAttribute("aria-valuetext", `after ${epoch} epochs`);
    const key = keyOf(data, fillsInWords(shownInWords(picture), data, picturedOf(picture)));
    const said = JSON.stringify(key);
    if (this.key === said) return;
    this.key = said;
    writeKey(find(box, "key"), key);
  }
}
