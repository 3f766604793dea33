// Firefox leaves the duration of a recording at 0; then players cannot seek.

const UNKNOWN = [0x44, 0x89, 0x88, 0, 0, 0, 0, 0, 0, 0, 0]; // the element Duration, with 8 bytes
const HEADER = 1000; // bytes that contain it

/**
 * Write the duration into a recording that lacks it.
 * @param {Uint8Array} bytes
 * @param {number} milliseconds
 */
export function setDuration(bytes, milliseconds) {
  const isHere = (/** @type {number} */ place) =>
    UNKNOWN.every((each, index) => bytes[place + index] === each);
  const place = bytes.subarray(0, HEADER).findIndex((_, index) => isHere(index));
  if (place < 0) return;
  new DataView(bytes.buffer, bytes.byteOffset).setFloat64(place + 3, milliseconds);
}
