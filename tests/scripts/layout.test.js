import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { edgesOf, layout, widestOf } from "../../tinynet/stage/scripts/player/layout.js";

const NETWORKS = [
  [10, 1, 1],
  [10, 5, 1],
  [10, 64, 1],
  [2, 1],
  [7, 64, 64, 64, 64, 64, 64, 1],
];

for (const width of [343, 820, 1500]) {
  for (const widths of NETWORKS) {
    for (const room of [{}, { names: 40, foot: 16 }]) {
      const { names = 0, foot = 0 } = room;
      const { columns, height } = layout(width, widths, room);

      test(`all nodes of ${widths} lie within ${width} pixels, ${names} for names`, () => {
        deepEqual(
          columns.map((column) => column.length),
          widths,
        );
        for (const { x, y, radius } of columns.flat()) {
          ok(names <= x - radius && x + radius <= width);
          ok(y - radius >= 0 && y + radius <= height - foot);
        }
      });

      test(`no two nodes of ${widths} overlap in ${width} pixels, ${names} for names`, () => {
        for (const column of columns) {
          for (let unit = 1; unit < column.length; unit += 1) {
            ok(column[unit].y - column[unit - 1].y > 1.8 * column[unit].radius);
          }
        }
        for (let index = 1; index < columns.length; index += 1) {
          const [left, right] = [columns[index - 1][0], columns[index][0]];
          ok(left.x + left.radius < right.x - right.radius);
        }
      });
    }
  }
}

test("edges are drawn from the weakest to the strongest, thinner where there are many", () => {
  const layer = { inputs: 2, units: 1, weights: 0, biases: 2, activations: 0 };
  const edges = edgesOf([layer], new Float32Array([3, 1]));
  deepEqual(
    edges.map(({ from }) => from),
    [1, 0],
  );
  const many = Array.from({ length: 240 }, () => edges[0]);
  ok(Math.abs(widestOf(many) - widestOf(edges) / 2) < 1e-9);
});
