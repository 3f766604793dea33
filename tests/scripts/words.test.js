import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { decode, layersOf } from "../../tinynet/stage/scripts/player/film.js";
import { inWords, litInWords } from "../../tinynet/stage/scripts/player/words.js";

/**
 * Say a state whose numbers are the parameters; the loss is 0.25.
 * @param {number[]} widths
 * @param {number[]} parameters
 * @param {string[]} names
 */
function told(widths, parameters, names = []) {
  const numbers = Float32Array.from([0.25, ...parameters, ...parameters]);
  const film = decode({ widths, rows: 0, epochs: [3, 9], numbers });
  const facts = { epochs: [3, 9], of: 9, lossName: "loss", losses: ["0.2500"], scatter: null };
  return inWords(film, 0, { widths, names, ...facts });
}

test("a state is told with its loss and its largest weights", () => {
  const said = told([2, 1, 1], [0.1, -2, 0.3, 0.7, 0.5]);
  equal(
    said,
    "After 3 of 9 epochs the loss is 0.2500. Largest weights: input 1 to hidden unit 0 " +
      "-2.0000; hidden unit 0 to output 0.7000; bias of the output 0.5000.",
  );
});

test("layers are told apart where there are several, and inputs by their names", () => {
  const several = told([1, 2, 2, 1], [0, 1, 0, 0, 0, 0, 3, 0, 0, 2, 0, 0, 0]);
  ok(several.includes("hidden layer 1, unit 0 to hidden layer 2, unit 1 3.0000; bias of"));
  ok(several.includes("bias of hidden layer 2, unit 1 2.0000; input 0 to hidden layer 1, unit 1"));
  const named = told([2, 1], [5, 0.5, -1], ["x₁", "x₂"]);
  ok(named.includes("x₁ to output 5.0000; bias of the output -1.0000; input x₂ to output 0.5"));
});

test("weights that are no numbers are not told", () => {
  const said = told([2, 1], [Number.NaN, Number.POSITIVE_INFINITY, 1]);
  ok(said.endsWith("Largest weights: bias of the output 1.0000."));
  const none = told([2, 1], [Number.NaN, Number.NaN, Number.NaN]);
  ok(none.endsWith("No weight is a finite number."));
});

const STATE = 12;
const line = { words: "it.", epoch: STATE, batch: 0 };
const all = (/** @type {number} */ value) => Array.from({ length: 61 }, () => value);
/** @type {[Partial<import("../../tinynet/stage/scripts/types").Lit>, string][]} */
const LIT = [
  [{ numbers: all(0) }, "In the picture: it. All are 0."],
  [{ numbers: all(Number.NaN) }, "In the picture: it."],
  [{ numbers: [Number.NaN, ...all(-0.25).slice(1)] }, "In the picture: it. The widest is 0.2500."],
  [{ numbers: [] }, "In the picture: it."],
  [{ numbers: all(0.5), answers: true }, "In the picture: it."],
  [{ numbers: all(0.5), epoch: 1009 }, "In the picture, of epoch 1,009: it. The widest is 0.5000."],
  [
    { numbers: all(0.5), batch: 1 },
    "In the picture, of epoch 12, batch 2: it. The widest is 0.5000.",
  ],
];

for (const [more, said] of LIT) {
  test(`what is lit is told, and of which epoch if not of the state shown: ${said}`, () => {
    equal(litInWords({ ...line, ...more }, STATE, layersOf([10, 5, 1])), said);
  });
}
