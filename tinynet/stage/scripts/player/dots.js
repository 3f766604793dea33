// What the network answers where it has more inputs than a plane: each row's prediction, upwards,
// against its target, to the right. On the diagonal both are the same.

const SPREAD = 1.25; // of the targets' span, how much the axes show
const SMALL = 3; // pixels of a dot's radius
const BEYOND = "▲▼ beyond"; // what has no place on the axes

/** The rows to draw, those to test on last, their inputs one by one; null where none are to be. */
export function dotsOf(data) {
  const { scatter, widths } = data;
  if (!scatter) return null;
  const [inputs, its, testInputs, testTargets] = ["inputs", "targets", "testInputs", "testTargets"].map((name) => cutOf(data, scatter[name]));
  const targets = [...its, ...testTargets];
  return {
    targets,
    trained: its.length,
    areAll: scatter.areAll,
    inputs: columnsOf([...inputs, ...testInputs], widths[0]),
    made: functionsOf(scatter.functions),
    axis: axisOf(targets),
  };
}

/** The columns of what came row by row. */
function columnsOf(numbers, count) {
  const rows = numbers.length / count;
  return Array.from({ length: count }, (_, column) => Float32Array.from({ length: rows }, (_, row) => numbers[row * count + column]));
}

/** The ends of both axes, in all states the same: the targets, and room for predictions around them. */
export function axisOf(targets) {
  const low = Math.min(...targets), high = Math.max(...targets);
  const middle = (low + high) / 2, half = (SPREAD * (high - low)) / 2 || 1;
  return { low: middle - half, high: middle + half };
}

/** Where each row lies in a square, and on which side its prediction is beyond it: 1 above, -1 below. */
export function placesIn({ x, y, size }, predictions, targets, { low, high }) {
  const share = (value) => Math.max(0, Math.min(1, (value - low) / (high - low)));
  return targets.map((target, row) => ({
    x: x + size * share(target),
    y: y + size * (1 - share(predictions[row])),
    beyond: Number(predictions[row] > high) - Number(predictions[row] < low),
  }));
}

/** Which rows are drawn, in words. */
export function drawnInWords({ targets, testTargets, areAll, areAllTests }) {
  const part = ({ shape: [count] }, areTheyAll, kind) => `${areTheyAll ? "" : "the first "}${count} ${kind}`;
  if (!testTargets.shape[0]) return part(targets, areAll, "rows");
  return `${part(targets, areAll, "training rows")} and ${part(testTargets, areAllTests, "test rows")}`;
}

function drawDots(player) {
  const { dots } = player, [predictions] = dots.layers.at(-1), box = dotsBox(player);
  const places = placesIn(box, predictions, dots.targets, dots.axis);
  drawSquare(player, box);
  drawEnds(player, box);
  drawDotsWords(player, box, places.some(({ beyond }) => beyond));
  drawRows(player, places, predictions);
}

/** The square of the dots: left of it and below it there is room for numbers, and for words. */
function dotsBox({ pen, dots, places }) {
  const { x, y, width, height } = places.answers, { low, high } = dots.axis;
  const left = 6 + Math.max(...[low, high].map((end) => pen.measureText(short(end)).width));
  return { x: x + left, y: y + HEAD, size: Math.min(width - left - SMALL, height - HEAD - 2 * FOOT) };
}

/** Draw the frame, and the diagonal on which predictions are exact. */
function drawSquare(player, { x, y, size }) {
  const { pen, ink, line } = player;
  frame(pen, line, 1, x, y, size, size);
  pen.globalAlpha = 0.6;
  stroke(pen, ink, 1, [[x, y + size], [x + size, y]]);
  write(player, "exact", x + size - 22, y + 14, "right");
  pen.globalAlpha = 1;
}

/** Write the ends of both axes. */
function drawEnds(player, { x, y, size }) {
  const { low, high } = player.dots.axis, below = y + size + 14;
  write(player, short(high), x - 5, y + 9, "right");
  write(player, short(low), x - 5, y + size, "right");
  write(player, short(high), x + size, below, "right");
  write(player, short(low), x, below);
  write(player, "target →", x + size / 2, below, "center");
}

/** Write what goes upwards above the square, and below it what its marks mean. */
function drawDotsWords(player, { x, y, size }, areSomeBeyond) {
  const { pen, data, places: { answers } } = player, { testTargets: { shape: [tests] }, areAllTests } = data.scatter;
  const hollow = tests ? [`hollow: ${areAllTests ? "" : `first ${tests} `}test rows`] : [];
  const titles = [`prediction ↑: ${SIGNS}`, "prediction ↑"], below = [...hollow, ...(areSomeBeyond ? [BEYOND] : [])];
  write(player, longest(pen, titles, answers.x + answers.width - x), x, y - 9);
  write(player, below.join(", "), x, y + size + 14 + FOOT);
}

/** Draw a dot for each row, in the colour of its prediction; test rows hollow, what is no number not at all. */
function drawRows(player, places, predictions) {
  const { dots, data } = player, picked = player.row === "mean" ? -1 : Number(player.row);
  const draw = (row) => drawDot(player, places[row], ofShade(predictions[row], data.colours), row >= dots.trained);
  const isDrawn = (row) => Number.isFinite(places[row].y);
  const rows = [...places.keys()].filter(isDrawn);
  rows.forEach(draw); // those to test on last: they are fewer, and tell more
  rows.filter((row) => row < data.rows).forEach((row) => takeSpotAround(player, row, places[row].x, places[row].y));
  if (!rows.includes(picked)) return;
  draw(picked); // once more, so that no other dot lies on it
  drawRing(player, places[picked].x, places[picked].y, SMALL + 4);
}

function drawDot({ pen, ground }, { x, y, beyond }, colour, isHollow) {
  pen.beginPath();
  if (beyond) arrowhead(pen, x, y, beyond);
  else pen.arc(x, y, SMALL, 0, 2 * Math.PI);
  pen.fillStyle = isHollow ? ground : colour;
  pen.fill();
  pen.strokeStyle = isHollow ? colour : ground;
  pen.lineWidth = isHollow ? 1.5 : 0.75;
  pen.stroke();
}

/** Begin a triangle within the edge, which points to where its row lies. */
function arrowhead(pen, x, y, beyond) {
  for (const [right, down] of [[0, 0], [SMALL + 1, 2 * SMALL], [-SMALL - 1, 2 * SMALL]]) pen.lineTo(x + right, y + beyond * down);
  pen.closePath();
}
