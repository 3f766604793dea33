// Painted points: bytes for places and targets. All functions are pure.
/** @import { PaintedPoint, PaintRules, Point, Rows } from "../types" */

/** @typedef {Pick<PaintRules, "middle" | "highest" | "steps">} Bytes */

const EDGE = 1.02; // extent of the painted plane, relative to the outermost place

/**
 * Return the extent of the painted plane; it is constant, so that nothing jumps after a stroke.
 * @param {Pick<PaintRules, "middle" | "steps">} rules
 */
export function reachOf({ middle, steps }) {
  return (EDGE * middle) / steps;
}

/**
 * Return the byte that encodes a value.
 * @param {number} value
 * @param {number} steps
 * @param {Pick<PaintRules, "middle" | "highest">} rules
 */
export function byteOf(value, steps, { middle, highest }) {
  return Math.max(0, Math.min(highest, Math.round(value * steps) + middle));
}

/**
 * Return the place, in bytes, at the given shares of the plane's width and height.
 * @param {number} right
 * @param {number} down
 * @param {Bytes} rules
 */
export function spotAt(right, down, rules) {
  const reach = reachOf(rules);
  const x = (2 * right - 1) * reach;
  const y = (1 - 2 * down) * reach;
  return [byteOf(x, rules.steps, rules), byteOf(y, rules.steps, rules)];
}

/**
 * Return the distance of a place from the left and the top of the plane, as shares of its size.
 * @param {number[]} place
 * @param {Bytes} rules
 */
export function sharesOf([x, y], rules) {
  const share = (/** @type {number} */ byte) =>
    (byte - rules.middle) / rules.steps / reachOf(rules);
  return { right: (1 + share(x)) / 2, down: (1 - share(y)) / 2 };
}

/**
 * Return the rows on the plane as painted points.
 * @param {ArrayLike<number>} points
 * @param {ArrayLike<number>} targets
 * @param {boolean} areNumbers
 * @param {PaintRules} rules
 * @returns {PaintedPoint[]}
 */
export function asPainted(points, targets, areNumbers, rules) {
  const reach = reachOf(rules);
  const rows = Array.from(targets, (target, row) => [points[2 * row], points[2 * row + 1], target]);
  const onPlane = rows.filter(([x, y]) => Math.abs(x) <= reach && Math.abs(y) <= reach);
  return onPlane.map(([x, y, target]) => [
    byteOf(x, rules.steps, rules),
    byteOf(y, rules.steps, rules),
    areNumbers ? byteOf(target, rules.stepsOfANumber, rules) : target,
  ]);
}

/**
 * Return painted points as rows; test rows of the film stay test rows.
 * @param {PaintedPoint[]} painted
 * @param {Rows} film
 * @param {boolean} areNumbers
 * @param {PaintRules} rules
 * @returns {Rows}
 */
export function asRows(painted, film, areNumbers, rules) {
  const { middle, steps, stepsOfANumber } = rules;
  const tests = asPainted(film.testPoints, film.testTargets, areNumbers, rules);
  const tested = new Set(tests.map(String));
  /** @type {{ points: number[], targets: number[], testPoints: number[], testTargets: number[] }} */
  const rows = { points: [], targets: [], testPoints: [], testTargets: [] };
  for (const point of painted) {
    const [x, y, answer] = point;
    const isTest = tested.has(String(point));
    const target = areNumbers ? (answer - middle) / stepsOfANumber : answer;
    (isTest ? rows.testPoints : rows.points).push((x - middle) / steps, (y - middle) / steps);
    (isTest ? rows.testTargets : rows.targets).push(target);
  }
  return rows;
}

/**
 * Return evenly spaced points along a drag, after the last point that was set.
 * @param {Point} from
 * @param {Point} to
 * @param {number} spacing
 */
export function along(from, to, spacing) {
  const way = Math.hypot(to.x - from.x, to.y - from.y);
  return Array.from({ length: Math.floor(way / spacing) }, (_, index) => {
    const share = ((index + 1) * spacing) / way;
    return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
  });
}

/**
 * Add a point, or replace the point at the same place; keep at most `most` points.
 * @param {PaintedPoint[]} points
 * @param {PaintedPoint} point
 * @param {number} most
 */
export function withPoint(points, point, most) {
  const others = points.filter(([x, y]) => x !== point[0] || y !== point[1]);
  return others.length < most ? [...others, point] : points;
}

/**
 * Return the points outside a radius around a place.
 * @param {PaintedPoint[]} points
 * @param {number[]} place
 * @param {number} radius
 */
export function without(points, [right, up], radius) {
  return points.filter(([x, y]) => Math.hypot(x - right, y - up) > radius);
}

/**
 * Tell whether two lists have the same points in the same order.
 * @param {PaintedPoint[]} some
 * @param {PaintedPoint[]} others
 */
export function areSame(some, others) {
  return some.join() === others.join();
}

/**
 * Return points from numbers, three for each point.
 * @param {number[]} numbers
 * @returns {PaintedPoint[]}
 */
export function inThrees(numbers) {
  const points = { length: numbers.length / 3 };
  return Array.from(points, (_, point) => numbers.slice(3 * point, 3 * point + 3));
}

/**
 * Say how many points are painted, and what to do next.
 * @param {number} count
 * @param {number} most
 * @param {{ isOfTheSet: boolean, isTouch: boolean }} where whether they come from a built-in set
 */
export function paintingInWords(count, most, { isOfTheSet, isTouch }) {
  const click = isTouch ? "Tap" : "Click";
  if (!count) {
    return "Paint at least one point. Until then the network that was trained last stays here.";
  }
  if (count >= most) return `${most} points, no more fit into a link: erase some, or clear.`;
  if (isOfTheSet) {
    return `${click} or drag to paint on ${count} points of this set, or clear it first.`;
  }
  const keys = isTouch ? "" : ", or use the arrow keys and Enter";
  return `${count} of ${most} points. ${click} or drag${keys}.`;
}
