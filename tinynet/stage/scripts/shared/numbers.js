// Numbers as text.
/** @import { Unit } from "../types" */

const DAY = 86_400_000; // milliseconds
const LAST_DAY = 8.64e15; // milliseconds from 1970: no date is further away

/**
 * Write a number as Python's `number` does: four decimals, or an exponent if it is tiny.
 * @param {number} value
 */
export function format(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0 || Math.abs(value) >= 0.00005) return fixed(value);
  return exponential(value, 0);
}

/**
 * Write a number with four decimals; a tie is rounded to an even digit, as Python does.
 * @param {number} value
 */
export function fixed(value) {
  const isTie = Math.abs(value * 32) % 2 === 1; // only odd multiples of 1/32 have five decimals
  const exact = value.toFixed(5);
  return isTie && Number(exact.at(-2)) % 2 === 0 ? exact.slice(0, -1) : value.toFixed(4);
}

/**
 * Write a number with an exponent, as Python does.
 * @param {number} value
 * @param {number} digits after the point
 */
export function exponential(value, digits) {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
}

/**
 * Write a whole number with separators: 1,000.
 * @param {number} value
 */
export function grouped(value) {
  return value.toLocaleString("en");
}

/**
 * Write the number at the end of an axis in a few characters.
 * @param {number} value
 */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 1000) return value.toExponential(1).replace("+", "");
  return value.toFixed(size < 10 ? 2 : 0);
}

/**
 * Write a target in a few characters: in the unit of its file, or as a date, if it is standardised.
 * @param {number} value
 * @param {Unit | null} [unit]
 */
export function inUnit(value, unit) {
  if (!unit) return short(value);
  const { mean, deviation, isDate } = unit;
  const number = mean + deviation * value;
  const time = number * DAY;
  if (isDate && Math.abs(time) < LAST_DAY) return new Date(time).toISOString().slice(0, 10);
  const decimals = 2 - Math.floor(Math.log10(deviation));
  if (!(Math.abs(number) < 1e9) || decimals > 9) return exponential(number, 2);
  const most = Math.max(0, decimals);
  return number.toLocaleString("en", { minimumFractionDigits: most, maximumFractionDigits: most });
}

/**
 * Return the largest absolute value among the finite numbers.
 * @param {Iterable<number>} numbers
 */
export function largest(numbers, least = 1e-9) {
  let most = least;
  for (const each of numbers) {
    if (Math.abs(each) > most && Number.isFinite(each)) most = Math.abs(each);
  }
  return most;
}
