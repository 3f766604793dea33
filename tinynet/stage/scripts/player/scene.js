// The parts of a run that are the same in all its states: its film, scales, edges and rows.
/** @import { Element, FunctionTable, Message, Rows } from "../types" */
/** @import { Grained } from "./field.js" */
import { dotsOf } from "./dots.js";
import { decode, indexOf, scalesOf } from "./film.js";
import { edgesOf, widestOf } from "./layout.js";
import { Maps, rowsOf } from "./maps.js";
import { Pictures } from "./pictures.js";

export class Scene {
  /**
   * @param {Message} data
   * @param {FunctionTable} table
   */
  constructor(data, table) {
    this.data = data;
    this.table = table;
    this.film = decode(data);
    this.scales = scalesOf(this.film, data);
    this.edges = edgesOf(this.film.layers, this.scales.peaks);
    this.widest = widestOf(this.edges);
    this.dots = dotsOf(data, table);
    const pad = data.pixels?.pad;
    this.pictures = pad ? new Pictures(data, this.film, pad, table) : null;
    /** @type {Rows | null} */
    this.rows = data.field && rowsOf(data, data.field);
    /** @type {Maps | null} */
    this.maps = null;
    this.losses = Array.from(data.epochs, (_, state) => this.film.loss(state)[0]);
  }

  /**
   * Prepare the maps of the plane or the line, if the inputs are points there.
   * @param {number} [reach] extent of the plane while it is painted on
   */
  layMaps(reach) {
    this.maps = this.mapsOf({ reach });
  }

  /**
   * Return maps of the rows of the film; null if their inputs are no points.
   * @param {Grained} how
   */
  mapsOf(how) {
    const { data, film, rows, table } = this;
    return data.field && rows && new Maps({ data, film, rows }, data.field, table, how);
  }

  /**
   * Return the scene with the same maps in more detail, for print.
   * @param {number} detail how many times finer than on the screen
   * @param {ArrayLike<number>} parameters
   * @returns {Scene}
   */
  inDetail(detail, parameters) {
    if (!this.maps) return this;
    const { reach, rows } = this.maps;
    const maps = this.mapsOf({ reach, detail });
    maps?.take(rows);
    maps?.pass(parameters);
    return Object.assign(Object.create(this), { maps });
  }

  /** Return the last state to go to; in *Look inside*, the start of the last epoch. */
  get last() {
    const { states } = this.film;
    return states - (this.data.opensEpochs && states > 1 ? 2 : 1);
  }

  /** Return the number of weights. */
  get weights() {
    return this.film.layers.reduce((sum, layer) => sum + layer.biases - layer.weights, 0);
  }

  /** Tell whether only the strongest weights are drawn. */
  get isThinned() {
    return this.edges.length < this.weights;
  }

  /**
   * Tell whether the network has this weight, or this node with a bias.
   * @param {Element | null} it
   */
  has(it) {
    const layer = it && this.film.layers[it.column - 1];
    if (!it || !layer) return false;
    return it.unit < layer.units && (it.from ?? 0) < layer.inputs;
  }

  /**
   * Return the index of a weight, or of a node's bias, among the parameters.
   * @param {Element} it
   */
  placeOf({ column, unit, from }) {
    return column ? indexOf(this.film.layers[column - 1], unit, from) : -1;
  }
}
