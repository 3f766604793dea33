// Run with Node: the points of a drawing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pad } from "../../tinynet/stage/scripts/player/pad.js";

function pad() {
  const plane = {
    setPointerCapture() {},
    focus() {},
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 1, height: 1 }),
  };
  const player = {
    box: { querySelector: () => plane },
    scene: { data: { widths: [16] }, pictures: null },
    playback: { pause() {} },
    rows: { set() {} },
    draw() {},
  };
  return new Pad(/** @type {any} */ (player));
}

/** @param {number} x */
function at(x) {
  const event = { button: 0, isPrimary: true, clientX: x, clientY: 0.5, preventDefault() {} };
  return /** @type {PointerEvent} */ (/** @type {unknown} */ (event));
}

test("a full pad takes no more strokes, and none of them is empty", () => {
  const drawn = pad();

  for (let stroke = 0; stroke < 50; stroke += 1) {
    drawn.begin(at(0));
    for (let point = 1; point <= 10; point += 1) drawn.goOn(at((point % 2) / 2));
    drawn.end();
  }

  assert.ok(drawn.strokes.flat().length <= 400);
  assert.ok(drawn.strokes.every((points) => points.length > 0));
});

test("a pen that is down when the pad is emptied draws nothing until it is down again", () => {
  const drawn = pad();

  drawn.begin(at(0));
  drawn.show([], null);
  drawn.goOn(at(0.5));
  assert.deepEqual(drawn.strokes, []);
  drawn.begin(at(0.7));
  assert.deepEqual(drawn.strokes, [[{ x: 0.7, y: 0.5 }]]);
});
