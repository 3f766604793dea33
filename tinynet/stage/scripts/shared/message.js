// Messages from Python: facts as JSON, followed by 32-bit numbers.
/** @import { Cut } from "../types" */

/**
 * Read a message: the length of the facts (4 bytes), the facts, the numbers.
 * @param {Uint8Array} bytes
 */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  const end = bytes.byteOffset + bytes.byteLength;
  return { ...facts, numbers: new Float32Array(bytes.buffer.slice(start, end)) };
}

/**
 * Return an array that follows the states of a film.
 * @param {{ numbers: Float32Array, fieldStart: number }} message
 * @param {Cut} cut
 */
export function cutOf({ numbers, fieldStart }, { start, shape }) {
  const size = shape.reduce((one, other) => one * other, 1);
  return numbers.subarray(fieldStart + start, fieldStart + start + size);
}
