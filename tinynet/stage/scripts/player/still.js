// A still: the network and its predictions as a picture for print, redrawn at that size.
/** @import { Lit } from "../types" */
/** @import { Picture } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { element, find } from "../shared/elements.js";
import { drawAnswers } from "./answers.js";
import { dim, drawNetwork } from "./network.js";
import { arranged, fontOf } from "./picture.js";
import { SvgPen } from "./svg.js";
import { whereInWords } from "./words.js";

// The same layout from every window, wide enough for both pictures side by side.
const ROOM = { width: 800, height: 390, below: 0, narrow: 0, chips: 0 }; // the plane is a square
const MARGIN = 16;
const SCALE = 3; // pixels of a PNG per layout pixel
const DETAIL = 8; // how many times finer the maps are than on the screen
const BOX = {
  x: -MARGIN,
  y: -MARGIN,
  width: ROOM.width + 2 * MARGIN,
  height: ROOM.height + 2 * MARGIN,
};
const LIFETIME = 60_000; // milliseconds that a browser has to save a file

/**
 * Draw the network and its predictions, and dim what a line does not highlight.
 * @param {Picture} picture
 * @param {Lit | null} lit
 */
export function drawStage(picture, lit) {
  drawNetwork(picture, lit?.numbers);
  drawAnswers(picture);
  if (lit) dim(picture, lit);
}

/**
 * Let the visitor save a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const href = URL.createObjectURL(blob);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), LIFETIME);
}

export class Still {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    /** @type {HTMLDetailsElement} */
    this.box = find(player.box, "still");
    this.summary = find(this.box, "open");
    find(this.box, "png").onclick = () => this.savePng();
    find(this.box, "svg").onclick = () => this.saveSvg();
    this.box.onkeydown = (event) => this.onKey(event);
    this.box.addEventListener("focusout", ({ relatedTarget }) => {
      const to = /** @type {globalThis.Node | null} */ (relatedTarget);
      if (to && !this.box.contains(to)) this.box.open = false;
    });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key !== "Escape" || !this.box.open) return;
    event.stopPropagation();
    this.close();
  }

  close() {
    this.box.open = false;
    this.summary.focus({ preventScroll: true });
  }

  savePng() {
    const { width, height } = BOX;
    const canvas = element("canvas", { width: width * SCALE, height: height * SCALE });
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.setTransform(SCALE, 0, 0, SCALE, MARGIN * SCALE, MARGIN * SCALE);
    pen.textRendering = "geometricPrecision"; // otherwise letters are spaced as at 12 pixels
    this.drawWith(pen);
    canvas.toBlob((blob) => blob && this.save(blob, "png"));
  }

  saveSvg() {
    const pen = new SvgPen(BOX, fontOf(this.player.box));
    this.drawWith(/** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (pen)));
    const { scene, playback } = this.player;
    const text = pen.written(whereInWords(playback.reached, scene.data));
    this.save(new Blob([text], { type: "image/svg+xml" }), "svg");
  }

  /**
   * Draw what the player shows, on the ground of the theme.
   * @param {CanvasRenderingContext2D} pen
   */
  drawWith(pen) {
    const { box, picture, lit } = this.player;
    if (!picture) return;
    const scene = picture.scene.inDetail(DETAIL, picture.parameters);
    pen.font = fontOf(box);
    pen.fillStyle = picture.ground;
    pen.fillRect(BOX.x, BOX.y, BOX.width, BOX.height);
    drawStage({ ...picture, ...arranged(pen, scene, ROOM), scene, spots: [] }, lit);
  }

  /**
   * @param {Blob} blob
   * @param {string} ending
   */
  save(blob, ending) {
    const { scene, playback } = this.player;
    download(blob, `network-epoch-${scene.data.epochs[playback.reached]}.${ending}`);
    this.close();
  }
}
