// What is drawn of a run the same in all its states: its film, scales, edges and rows.
/** @import { Element, FunctionTable, Message, Rows } from "../types" */
import { dotsOf } from "./dots.js";
import { decode, indexOf, scalesOf } from "./film.js";
import { edgesOf, widestOf } from "./layout.js";
import { Maps, rowsOf } from "./maps.js";

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
    /** @type {Rows | null} */
    this.rows = data.field && rowsOf(data, data.field);
    /** @type {Maps | null} */
    this.maps = null;
    this.losses = Array.from(data.epochs, (_, state) => this.film.loss(state)[0]);
  }

  /**
   * Lay out the maps of the plane, or the line, where there is one.
   * @param {number} [reach] of the plane, where it is painted on
   */
  layMaps(reach) {
    const { data, film, rows, table } = this;
    this.maps = data.field && rows && new Maps({ data, film, rows }, data.field, table, reach);
  }

  /** The last state to go to; where epochs are opened up, the one in which the last epoch begins. */
  get last() {
    const { states } = this.film;
    return states - (this.data.opensEpochs && states > 1 ? 2 : 1);
  }

  /** How many weights the network has. */
  get weights() {
    return this.film.layers.reduce((sum, layer) => sum + layer.biases - layer.weights, 0);
  }

  /** Whether only the strongest weights are drawn. */
  get isThinned() {
    return this.edges.length < this.weights;
  }

  /**
   * Tell whether the network has such a weight, or a node with a bias.
   * @param {Element | null} it
   */
  has(it) {
    const layer = it && this.film.layers[it.column - 1];
    if (!it || !layer) return false;
    return it.unit < layer.units && (it.from ?? 0) < layer.inputs;
  }

  /**
   * Return where the number of a weight, or of a node's bias, stands among the parameters.
   * @param {Element} it
   */
  placeOf({ column, unit, from }) {
    return column ? indexOf(this.film.layers[column - 1], unit, from) : -1;
  }
}
