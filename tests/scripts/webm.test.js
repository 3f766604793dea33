import assert from "node:assert/strict";
import { test } from "node:test";
import { setDuration } from "../../tinynet/stage/scripts/player/webm.js";

// As Matroska's specification writes it: Info (15 49 A9 66) with a Duration (44 89) of 8 bytes.
const headerOf = (/** @type {number} */ duration) => {
  const bytes = new Uint8Array([0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x15, 0x49, 0xa9, 0x66, 0x8b]);
  const number = new Uint8Array(new Float64Array([duration]).buffer).reverse();
  return Uint8Array.of(...bytes, 0x44, 0x89, 0x88, ...number, 0x2a, 0xd7, 0xb1);
};

test("a duration of 0 is replaced, and another one stays", () => {
  const unknown = headerOf(0);
  const known = headerOf(7900);
  for (const each of [unknown, known]) setDuration(each, 8000);

  assert.deepEqual(unknown, headerOf(8000));
  assert.deepEqual(known, headerOf(7900));
});
