// The frames of a video: the network, its predictions and the losses at any position of the film.
/** @import { Picture } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { numberAt, placeBetween } from "./film.js";
import { drawLosses } from "./losses.js";
import { write } from "./pen.js";
import { arranged, fontOf, valuesAt } from "./picture.js";
import { drawStage } from "./still.js";
import { whereInWords } from "./words.js";

export const SIZE = { width: 1280, height: 720 };
const MARGIN = 16;
const HEAD = 24; // for the words above
const WIDTH = 800; // of the layout, the same as of a still
const SCALE = SIZE.width / (WIDTH + 2 * MARGIN);
const HEIGHT = SIZE.height / SCALE - 2 * MARGIN - HEAD;
const LOSSES = 130; // the height of the losses below the network
const DETAIL = 2; // how many times finer the maps are than on the screen

export class Reel {
  /**
   * @param {Player} player which may show another run before the video ends
   * @param {Picture} picture
   * @param {CanvasRenderingContext2D} pen
   */
  constructor({ box, curve, scene }, picture, pen) {
    this.pen = pen;
    this.figure = scene.data.chart ? curve.figure : null;
    const below = this.figure ? LOSSES : 0;
    pen.setTransform(SCALE, 0, 0, SCALE, MARGIN * SCALE, (MARGIN + HEAD) * SCALE);
    pen.font = fontOf(box);
    pen.textRendering = "geometricPrecision"; // otherwise letters are spaced as at 12 pixels
    this.scene = scene.inDetail(DETAIL, picture.parameters);
    const room = { width: WIDTH, height: HEIGHT, below, narrow: 0, chips: 0 };
    this.last = scene.last;
    this.picture = { ...picture, ...arranged(pen, this.scene, room), scene: this.scene };
  }

  /**
   * Draw a position of the film.
   * @param {number} position
   */
  draw(position) {
    const { pen, scene, figure } = this;
    const { data, film } = scene;
    const place = placeBetween(position, film.states);
    const reached = Math.floor(position + 1e-9);
    const { alone } = this.picture;
    const values = valuesAt(scene, place);
    const columns = alone && scene.pictures?.pass(alone.values, values.parameters);
    const moment = { position, reached, hovered: null, spots: [] };
    const picture = {
      ...this.picture,
      ...moment,
      ...values,
      alone: alone && columns ? { ...alone, columns } : null,
    };
    pen.fillStyle = picture.ground;
    pen.fillRect(-MARGIN, -MARGIN - HEAD, SIZE.width, SIZE.height);
    drawStage(picture, null);
    write(picture, whereInWords(reached, data), { x: 0, y: -HEAD / 2 });
    if (!figure) return;
    const { network } = picture.places;
    const room = { x: 0, y: network.height, width: network.width, height: LOSSES };
    drawLosses(picture, figure, room, numberAt(data.epochs, place));
  }
}
