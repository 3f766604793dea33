// The predictions over the plane as colours, or along the line as a curve.
/** @import { Box, Point } from "../types" */
/** @import { Shown } from "./legend.js" */
/** @import { Maps } from "./maps.js" */
/** @import { Picture } from "./picture.js" */
import { inUnit } from "../shared/numbers.js";
import { MARGIN } from "./field.js";
import { isMulticlass } from "./film.js";
import { drawLegend, shownOf } from "./legend.js";
import { mostOf } from "./nodes.js";
import {
  DEEPEST,
  drawRing,
  frame,
  ofClass,
  ofShade,
  outline,
  shadeOf,
  stroke,
  write,
} from "./pen.js";
import { BESIDE, FOOT, HEAD, POINT, pickedPoint, takeSpotAround } from "./spots.js";

/** @typedef {{ index: number, target: number, offset: number }} Row */
/** @typedef {(points: ArrayLike<number>, point: number, target: number) => Point} PlaceOf */

const CROWD = 400; // with more points than this, all are smaller

/**
 * Return the box of the plane within the box of the predictions.
 * @param {Box} answers
 */
export function planeBox({ x, y, width, height }) {
  const size = Math.min(width, height - HEAD - FOOT);
  return { x, y: y + HEAD, width: size, height: size, size };
}

/**
 * @param {Picture} picture
 * @param {Maps} maps
 */
export function drawPlane(picture, maps) {
  const { pen } = picture;
  const box = planeBox(picture.places.answers);
  const { size } = box;
  const shown = shownOf(picture);
  const { column, unit } = shown;
  pen.fillStyle = picture.ground;
  pen.fillRect(box.x, box.y, size, size);
  const map = shown.isMixed
    ? maps.mapOfClasses()
    : maps.mapOf(column, unit, mostOf(picture, column, unit));
  pen.drawImage(map, box.x, box.y, size, size);
  frame(pen, picture.line, 1, box);
  drawLegend(picture, maps.rows.testTargets.length > 0, shown, box);
  const along = (/** @type {number} */ value, /** @type {number} */ start) =>
    start + (size * (1 + value / maps.grid.reach)) / 2;
  drawPoints(picture, maps, (points, point) => ({
    x: along(points[2 * point], box.x),
    y: along(-points[2 * point + 1], box.y),
  }));
}

/**
 * Draw each row at its place: class by shape and colour, test rows hollow, wrong rows ringed.
 * @param {Picture} picture
 * @param {Maps} maps
 * @param {PlaceOf} placeOf
 */
function drawPoints(picture, maps, placeOf) {
  const { data } = picture;
  const { points, targets, testPoints, testTargets } = maps.rows;
  const count = targets.length;
  const radius = count > CROWD ? POINT * 0.75 : POINT;
  /** @type {Point | null} */
  let picked = null;
  const each =
    (/** @type {ArrayLike<number>} */ its, /** @type {number} */ offset) =>
    (/** @type {number} */ target, /** @type {number} */ index) => {
      const place = placeOf(its, index, target);
      drawPoint(picture, place, radius, { target, isTest: offset > 0, span: maps.span });
      const isWrong = data.classes && maps.answers[offset + index] !== target;
      if (isWrong) drawRing(picture, place, radius + 2, 1.25);
      takeSpotAround(picture, offset + index, place);
      if (offset + index === pickedPoint(picture)) picked = place;
    };
  testTargets.forEach(each(testPoints, count));
  targets.forEach(each(points, 0));
  if (picked) drawRing(picture, picked, radius + 5, 2.5); // so that no point covers it
}

/**
 * @param {Picture} picture
 * @param {Point} place
 * @param {number} radius
 * @param {{ target: number, isTest: boolean, span: number }} row
 */
function drawPoint(picture, place, radius, { target, isTest, span }) {
  const { pen, data } = picture;
  const { colours, classes } = data;
  const shade = classes ? 1 : shadeOf(target, span);
  const colour = classes ? ofClass(target, colours) : ofShade(shade, colours);
  outline(pen, classes ? target : 1, place, radius);
  pen.fillStyle = picture.ground;
  pen.fill();
  pen.fillStyle = colour;
  pen.globalAlpha = isTest ? 0 : classes ? 1 : DEEPEST * Math.abs(shade);
  pen.fill();
  pen.globalAlpha = 1;
  // A light rim would make the point look hollow.
  pen.strokeStyle = isTest ? colour : classes ? picture.dark : picture.ink;
  pen.lineWidth = isTest ? 2 : 1;
  pen.stroke();
}

/**
 * @param {Picture} picture
 * @param {Maps} maps
 */
export function drawCurve(picture, maps) {
  const { pen } = picture;
  const { answers } = picture.places;
  const shown = shownOf(picture);
  const isOfClasses = shown.isOutput && isMulticlass(picture.data);
  const { low, high } = endsOf(picture, maps, shown);
  const unit = shown.isOutput ? picture.data.unit : null;
  const [lowest, highest] = [low, high].map((end) => inUnit(end, unit));
  const room = 6 + Math.max(...[lowest, highest].map((end) => pen.measureText(end).width));
  const left = Math.max(BESIDE, unit ? room : 0);
  const box = {
    x: answers.x + left,
    y: answers.y + HEAD,
    width: answers.width - left - 8,
    height: answers.height - HEAD - FOOT,
  };
  const x = (/** @type {number} */ value) =>
    box.x + (box.width * (1 + value / maps.grid.reach)) / 2;
  const y = (/** @type {number} */ value) => box.y + (box.height * (high - value)) / (high - low);
  frame(pen, picture.line, 1, box);
  write(picture, highest, { x: box.x - 5, y: y(high) + 9 }, "right");
  write(picture, lowest, { x: box.x - 5, y: y(low) }, "right");
  drawLegend(picture, maps.rows.testTargets.length > 0, shown, box);
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  if (shown.isOutput) {
    drawPoints(picture, maps, (points, point, target) => ({
      x: x(points[point]),
      y: y(isOfClasses ? 1 : target),
    }));
  }
  for (const { heights, colour } of curvesOf(picture, maps, shown)) {
    const line = Array.from(heights, (value, place) => [x(maps.grid.places[place]), y(value)]);
    stroke(pen, colour, 2.5, line);
  }
  pen.restore();
}

/**
 * Return the ends of the vertical axis.
 * @param {Picture} picture
 * @param {Maps} maps
 * @param {Shown} shown
 */
function endsOf(picture, { rows }, { column, unit, isOutput }) {
  const most = mostOf(picture, column, unit);
  const ofOutput = isMulticlass(picture.data) ? [0, 1] : [...rows.targets, ...rows.testTargets];
  const ends = isOutput ? ofOutput : [-most, most];
  return { low: Math.min(0, ...ends) * MARGIN, high: Math.max(0, ...ends) * MARGIN };
}

/**
 * Return the curves to draw: class probabilities, or the output of the unit.
 * @param {Picture} picture
 * @param {Maps} maps
 * @param {Shown} shown
 */
function curvesOf({ data, ink }, maps, { column, unit, isOutput, isMixed }) {
  if (!isOutput || !isMulticlass(data)) {
    return [{ heights: maps.valuesOf(column, unit), colour: ink }];
  }
  const classes = isMixed ? [...maps.shares.keys()] : [unit];
  return classes.map((its) => ({ heights: maps.shares[its], colour: ofClass(its, data.colours) }));
}
