// The frames of a video: the network, its predictions and the losses at any position of the film.
/** @import { Picture } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { mixed, placeBetween } from "./film.js";
import { drawLosses } from "./losses.js";
import { write } from "./pen.js";
import { arranged, between, fontOf } from "./picture.js";
import { drawStage } from "./still.js";
import { whereInWords } from "./words.js";

export const SIZE = { width: 1280, height: 720 };
const MARGIN = 16;
const HEAD = 24; // for the words above
const WIDTH = 800; // of the layout, as of a still
const SCALE = SIZE.width / (WIDTH + 2 * MARGIN);
const HEIGHT = SIZE.height / SCALE - 2 * MARGIN - HEAD;
const LOSSES = 130; // the height of the losses below the network
const DETAIL = 2; // how many times finer the maps are than on the screen

export class Reel {
  /**
   * @param {Player} player its run, which may change while the video is recorded
   * @param {Picture} picture
   * @param {CanvasRenderingContext2D} pen
   */
  constructor({ box, curve, scene }, picture, pen) {
    this.pen = pen;
    this.figure = scene.data.chart ? curve.figure : null;
    const below = this.figure ? LOSSES : 0;
    pen.setTransform(SCALE, 0, 0, SCALE, MARGIN * SCALE, (MARGIN + HEAD) * SCALE);
    pen.font = fontOf(box);
    pen.textRendering = "geometricPrecision"; // otherwise letters keep the distances of 12 pixels
    this.scene = scene.inDetail(DETAIL, picture.parameters);
    const room = { width: WIDTH, height: HEIGHT, below, narrow: 0, chips: 0 };
    this.picture = { ...picture, ...arranged(pen, this.scene, room), scene: this.scene };
  }

  get last() {
    return this.scene.last;
  }

  /**
   * Draw a position of the film.
   * @param {number} position
   */
  draw(position) {
    const { pen, scene, figure } = this;
    const { data, film, maps, dots } = scene;
    const place = placeBetween(position, film.states);
    const parameters = between(film, "parameters", place);
    maps?.pass(parameters);
    dots?.pass(film.layers, parameters);
    const reached = Math.floor(position + 1e-9);
    const { alone } = this.picture;
    const columns = alone && scene.pictures?.pass(alone.values, parameters);
    const picture = {
      ...this.picture,
      ...{ parameters, position, reached, hovered: null, spots: [] },
      alone: alone && columns ? { ...alone, columns } : null,
      hidden: between(film, "hidden", place),
      predictions: between(film, "predictions", place),
    };
    pen.fillStyle = picture.ground;
    pen.fillRect(-MARGIN, -MARGIN - HEAD, SIZE.width, SIZE.height);
    drawStage(picture, null);
    write(picture, whereInWords(reached, data), { x: 0, y: -HEAD / 2 });
    if (!figure) return;
    const { network } = picture.places;
    const room = { x: 0, y: network.height, width: network.width, height: LOSSES };
    const epoch = mixed(data.epochs[place.first], data.epochs[place.second], place.share);
    drawLosses(picture, figure, room, epoch);
  }
}
