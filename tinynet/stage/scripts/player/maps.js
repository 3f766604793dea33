// The pictures of each unit's output over the plane or the line.
/** @import { FieldFacts, Film, FunctionTable, Message, Rows } from "../types" */
/** @import { Grained } from "./field.js" */
import { element } from "../shared/elements.js";
import { cutOf } from "../shared/message.js";
import { largest } from "../shared/numbers.js";
import { answerOf, functionsOf, gridOf, inputsOf, passForward, softmaxOf } from "./field.js";
import { isMulticlass } from "./film.js";
import { DEEPEST, ofClass } from "./pen.js";
import { paint, paintClasses, paletteOf } from "./pixels.js";

/**
 * Return the rows of a film in the plane or on the line.
 * @param {Message} message
 * @param {FieldFacts} field
 * @returns {Rows}
 */
export function rowsOf(message, { points, targets, testPoints, testTargets }) {
  return {
    points: cutOf(message, points),
    targets: [...cutOf(message, targets)],
    testPoints: cutOf(message, testPoints),
    testTargets: [...cutOf(message, testTargets)],
  };
}

/** Whether the maps have one shade of each colour; kept when the run or the view changes. */
let isDiscrete = false;

/** Tell whether the maps have one shade of each colour. */
export function areDiscrete() {
  return isDiscrete;
}

export function switchShades() {
  isDiscrete = !isDiscrete;
}

export class Maps {
  /**
   * @param {{ data: Message, film: Film, rows: Rows }} scene
   * @param {FieldFacts} facts
   * @param {FunctionTable} table
   * @param {Grained} how
   */
  constructor({ data, film, rows }, { dimensions, functions }, table, how) {
    this.data = data;
    this.film = film;
    this.dimensions = dimensions;
    this.reach = how.reach;
    this.functions = functionsOf(functions, table);
    const products = film.layers.reduce((sum, layer) => sum + layer.biases - layer.weights, 0);
    this.grid = gridOf([...rows.points, ...rows.testPoints], dimensions, products, how);
    this.inputs = inputsOf(this.grid.places, dimensions, this.functions.features);
    this.largest = this.inputs.map((each) => largest(each));
    const { columns: width, rows: height } = this.grid;
    this.canvas = element("canvas", { width, height });
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.picture = new ImageData(width, height);
    this.pixels = new Uint32Array(this.picture.data.buffer);
    this.palette = paletteOf(data.colours, DEEPEST, isDiscrete);
    this.palettes = data.colours.classes.map((colour) =>
      paletteOf({ positive: colour, negative: colour }, DEEPEST),
    );
    this.rows = rows;
    /** @type {Float32Array[]} */
    this.inputsOfPoints = [];
    this.span = 1; // the value of the strongest colour
    this.take(rows);
    /** @type {Float32Array[][]} */
    this.layers = [];
    /** @type {Float32Array[][]} */
    this.ofPoints = [];
    /** @type {number[]} */
    this.answers = []; // the predicted class of each row, the test rows last
    /** @type {Float32Array[]} */
    this.shares = []; // the probability of each class at each place
  }

  /**
   * Take the rows to draw: the film's rows or the painted rows.
   * @param {Rows} rows
   */
  take(rows) {
    this.rows = rows;
    const points = [...rows.points, ...rows.testPoints];
    this.inputsOfPoints = inputsOf(points, this.dimensions, this.functions.features);
    // Painted numbers reach at most 1.
    this.span = largest([...rows.targets, ...rows.testTargets], this.reach && 1);
  }

  /**
   * Compute the output of each unit at each place, and the prediction for each row.
   * @param {ArrayLike<number>} parameters
   */
  pass(parameters) {
    const { film, data, functions } = this;
    this.layers = passForward(film.layers, parameters, this.inputs, functions);
    this.ofPoints = passForward(film.layers, parameters, this.inputsOfPoints, functions);
    const outputs = this.ofPoints[this.ofPoints.length - 1];
    if (data.classes) {
      this.answers = Array.from(outputs[0], (_, point) =>
        answerOf(outputs.map((values) => values[point])),
      );
    }
    if (isMulticlass(data)) this.shares = softmaxOf(this.layers[this.layers.length - 1]);
  }

  /**
   * Return the output of a unit, or an input, at each place.
   * @param {number} column
   * @param {number} unit
   */
  valuesOf(column, unit) {
    return column ? this.layers[column - 1][unit] : this.inputs[unit];
  }

  /**
   * Return the output of a hidden unit for each training row.
   * @param {number} column
   * @param {number} unit
   */
  ofTrainingRows(column, unit) {
    return this.ofPoints[column - 1][unit].subarray(0, this.rows.targets.length);
  }

  /**
   * Paint the output of a unit at each place.
   * @param {number} column
   * @param {number} unit
   * @param {number} most the value with the strongest colour
   */
  mapOf(column, unit, most) {
    const isClass = this.data.classes && column === this.data.widths.length - 1;
    if (isClass && isMulticlass(this.data)) {
      const palette = this.palettes[unit % this.palettes.length];
      paint(this.pixels, this.shares[unit], { middle: 0, most: 1 }, palette);
    } else {
      const scale = isClass ? { middle: 0.5, most: 0.5 } : { middle: 0, most };
      paint(this.pixels, this.valuesOf(column, unit), scale, this.palette);
    }
    return this.painted();
  }

  /** Paint the probability of each class at each place. */
  mapOfClasses() {
    const colours = this.shares.map((_, index) => ofClass(index, this.data.colours));
    paintClasses(this.picture.data, this.shares, colours, DEEPEST, isDiscrete);
    return this.painted();
  }

  painted() {
    this.pen.putImageData(this.picture, 0, 0);
    return this.canvas;
  }
}
