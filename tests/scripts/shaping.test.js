// What a press on the drawing makes of the layers and the features, and discrete palettes.
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../../tinynet/stage/scripts/player/layout.js";
import { paintClasses, paletteOf } from "../../tinynet/stage/scripts/player/pixels.js";
import { withFeature, withLayers } from "../../tinynet/stage/scripts/player/shaping.js";

test("a new layer is as wide as the last one, and the last one goes first", () => {
  deepEqual(withLayers([8, 3], 1), [8, 3, 3]);
  deepEqual(withLayers([8, 3], -1), [8]);
  equal(withLayers([], 1).length, 1);
  deepEqual(withLayers([], -1), []);
});

test("a press turns a feature on or off, but never the last one off", () => {
  const features = [
    { name: "x1", label: "x₁", isOn: true },
    { name: "x2", label: "x₂", isOn: false },
  ];
  deepEqual(withFeature(features, "x2"), ["x1", "x2"]);
  deepEqual(withFeature(features, "x1"), ["x1"]);
});

test("a discrete palette has one shade for each sign, and none for zero", () => {
  const alphas = (/** @type {boolean} */ isDiscrete) => {
    const palette = paletteOf({ positive: "#0000ff", negative: "#ff0000" }, 1, isDiscrete);
    return Array.from(new Uint8Array(palette.buffer)).filter((_, place) => place % 4 === 3);
  };
  equal(new Set(alphas(true)).size, 2);
  equal(alphas(true)[255], 0);
  equal(new Set(alphas(false)).size, 256);
});

test("discrete classes have the colour of the most probable one", () => {
  const bytes = new Uint8ClampedArray(8);
  const shares = [
    [0.6, 0.1],
    [0.4, 0.9],
  ];
  paintClasses(bytes, shares, ["#ff0000", "#0000ff"], 1, true);
  deepEqual([...bytes.slice(0, 3)], [255, 0, 0]);
  deepEqual([...bytes.slice(4, 7)], [0, 0, 255]);
});

test("the losses take their room from the network, and from the predictions nothing", () => {
  const { network, answers, columns } = layout(900, [2, 8, 1], { height: 440, below: 200 });
  equal(network.height, 240);
  equal(answers.height, 440);
  for (const { y, radius } of columns.flat()) equal(y + radius <= 240, true);
});
