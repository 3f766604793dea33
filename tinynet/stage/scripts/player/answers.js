// What the network answers: the rows one by one as bars, the plane in the colours of its answers, or
// the curve through the points. Blue is above zero, or a 1; orange is below, or a 0. Of several
// classes each has a colour of its own, and a shape.

const TALLEST = 28; // pixels for a row of the bars
const AXIS = 14; // pixels for the numbers below them
const BESIDE = 34; // pixels for the numbers left of a picture
const HEAD = 20, FOOT = 18; // pixels for the words above a picture, and below it
const POINT = 4; // pixels of a point's radius
const NEAR = 8; // pixels around a point in which a click means it
const DEEPEST = 0.85; // how opaque the strongest colour is
const WRONG = "✕";
const SHAPES = ["■", "●", "▲", "◆"]; // of the classes, in words; with more they come again
const SIGNS = "blue above 0, orange below";

function drawAnswers(player) {
  player.spots = []; // where a row can be picked
  if (player.dots) drawDots(player);
  else if (!player.field) (isSeveral(player.data) ? drawShares : drawBars)(player);
  else if (player.field.dimensions === 2) drawPlane(player);
  else drawCurve(player);
}

/** The names beside the inputs, cut to what they may take of the stage; none where there is no room between them. */
function namesThatFit(pen, names, width, height) {
  if (names.length && (height - 28) / names.length < 12) return [];
  const most = width * (width < NARROW ? 0.3 : 0.2);
  const cuts = (name) => Array.from({ length: name.length - 1 }, (_, index) => `${name.slice(0, -1 - index)}…`);
  return names.map((name) => longest(pen, [name, ...cuts(name)], most));
}

/** The colour of a shade. */
function ofShade(shade, { positive, negative }) {
  return shade > 0 ? positive : negative;
}

function drawBars(player) {
  const { pen, ink } = player, { colours, targets, classes, whose } = player.data, { low, high } = player.scales;
  const { answers } = player.places, predictions = player.between("predictions");
  const left = answers.x + BESIDE, right = answers.x + answers.width - (classes ? 22 : 8), top = answers.y + HEAD;
  const x = (value) => left + ((right - left) * (value - low)) / (high - low);
  const said = "predictions and targets", marked = classes ? `, ${WRONG} wrong` : "";
  const titles = whose ? [`${said} of ${whose}${marked}`, `${whose}${marked}`] : [`${said}${marked}`];
  const isWrong = (row) => classes && answerOf([predictions[row]]) !== targets[row];
  const place = { right, foot: 2 + AXIS, cross: right + 7 };
  const bottom = drawEachRow(player, titles, place, isWrong, (row, y, height) => {
    const prediction = predictions[row], ends = [x(0), x(prediction)];
    pen.fillStyle = player.line;
    pen.globalAlpha = 0.5;
    pen.fillRect(left, y, right - left, height);
    pen.globalAlpha = 1;
    pen.fillStyle = ofShade(classes ? prediction - 0.5 : prediction, colours);
    if (Number.isFinite(ends[1])) pen.fillRect(Math.min(...ends), y, Math.abs(ends[1] - ends[0]), height);
    pen.fillStyle = ink;
    pen.fillRect(Math.max(left, Math.min(right - 3, x(targets[row]) - 1.5)), y - 1, 3, height + 2);
  });
  const middle = classes ? 0.5 : 0; // where blue and orange part
  pen.globalAlpha = 0.4;
  stroke(pen, ink, 1, [[x(middle), top - 2], [x(middle), bottom]]);
  pen.globalAlpha = 1;
  drawAxis(player, [left, x(middle), right], [low, middle, high].map(classes ? String : short), bottom + 9);
}

/** Draw the rows below each other, with their numbers, and a cross where one is wrong; return where they end. */
function drawEachRow(player, titles, { right, foot, cross }, isWrong, drawRow) {
  const { pen, data: { rows }, places: { answers } } = player, left = answers.x + BESIDE, top = answers.y + HEAD;
  const step = Math.min(TALLEST, (answers.height - HEAD - foot) / rows);
  write(player, longest(pen, titles, answers.width - BESIDE), left, answers.y + 11);
  write(player, "row", left - 6, answers.y + 11, "right");
  for (let row = 0; row < rows; row += 1) {
    const y = top + row * step, height = step - 4, line = y + height / 2 + 4;
    drawRow(row, y, height);
    write(player, String(row), left - 6, line, "right");
    if (isWrong(row)) write(player, WRONG, cross, line);
    takeSpot(player, row, { x: answers.x, y: y - 2, width: right - answers.x, height: step });
  }
  return top + rows * step;
}

/** Note where a row can be picked, and frame the one that is. */
function takeSpot({ pen, ink, row, spots }, number, box) {
  spots.push({ row: number, ...box });
  if (row === String(number)) frame(pen, ink, 1.5, box.x + 1, box.y, box.width - 2, box.height);
}

/** Note that a row can be picked around a place. */
function takeSpotAround({ spots }, row, x, y) {
  spots.push({ row, x: x - NEAR, y: y - NEAR, width: 2 * NEAR, height: 2 * NEAR });
}

/** The row that is drawn at a point, the nearest of several; none where there is none. */
export function rowAt(spots, point) {
  const isIn = ({ x, y, width, height }) => point.x >= x && point.x < x + width && point.y >= y && point.y < y + height;
  const away = ({ x, y, width, height }) => Math.hypot(x + width / 2 - point.x, y + height / 2 - point.y);
  return spots.filter(isIn).sort((one, other) => away(one) - away(other))[0]?.row ?? null;
}

/** Draw a bar for each row, parted by how probable each class is, and the shape of its target beside it. */
function drawShares(player) {
  const { pen } = player, { colours, targets, whose, widths } = player.data, { answers } = player.places;
  const left = answers.x + BESIDE, right = answers.x + answers.width - 40, count = widths.at(-1);
  const predictions = player.between("predictions"), outputs = (row) => predictions.slice(row * count, (row + 1) * count);
  const titles = [`probabilities and targets${whose ? ` of ${whose}` : ""}, ${WRONG} wrong`, `${whose ?? "targets"}, ${WRONG} wrong`];
  const isWrong = (row) => answerOf(outputs(row)) !== targets[row];
  const place = { right, foot: FOOT, cross: right + 22 };
  const bottom = drawEachRow(player, titles, place, isWrong, (row, y, height) => {
    let x = left;
    softmaxOf(Array.from(outputs(row), (each) => [each])).forEach(([share], index) => {
      if (!Number.isFinite(share)) return;
      pen.fillStyle = ofClass(index, colours);
      pen.fillRect(x, y, share * (right - left), height);
      x += share * (right - left);
    });
    outline(pen, targets[row], right + 10, y + height / 2, POINT);
    pen.fillStyle = ofClass(targets[row], colours);
    pen.fill();
  });
  drawKey(player, { x: left - 3, y: bottom + FOOT + 4, width: answers.width - 31 }, "");
}

/** What a class is called. */
function classOf(index, { classNames }) { return classNames?.[index] ?? String(index); }

/** The colour of a class. */
function ofClass(index, { classes }) { return classes[index % classes.length]; }

/** Begin the shape of a class around a place. */
function outline(pen, index, x, y, radius) {
  const shape = SHAPES[index % SHAPES.length];
  pen.beginPath();
  if (shape === "●") pen.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === "■") pen.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  else {
    const corners = shape === "▲" ? [[0, -1.2], [1.15, 0.8], [-1.15, 0.8]] : [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]];
    for (const [right, down] of corners) pen.lineTo(x + radius * right, y + radius * down);
    pen.closePath();
  }
}

/** The numbers below the bars: both ends, and the middle if it stands apart from them. */
function drawAxis(player, [left, middle, right], [first, parting, last], y) {
  const widthOf = (text) => player.pen.measureText(text).width, room = 8 + widthOf(parting) / 2;
  write(player, first, left, y);
  write(player, last, right, y, "right");
  const isApart = middle - left > widthOf(first) + room && right - middle > widthOf(last) + room;
  if (isApart) write(player, parting, middle, y, "center");
}

/** The unit that is pointed at, where the pictures show all rows. */
function pointedAt({ hovered, row }) { return hovered && !isEdge(hovered) && row === "mean" ? hovered : null; }

/** The unit whose picture is shown large: the one that is pointed at, else the output, or all of them mixed. */
function shown(player) {
  const node = pointedAt(player), last = player.data.widths.length - 1, { column = last, unit = 0 } = node ?? {};
  return { column, unit, isOutput: column === last, mixes: !node && isSeveral(player.data) };
}

/** Write what is painted above a picture, and what its points are below it. */
function drawLegend(player, node, box) {
  const { pen, field, data } = player, below = { ...box, y: box.y + box.height + 23 };
  const more = [...(field.testTargets.length ? ["hollow: test rows"] : []), ...(data.classes ? [`${WRONG} wrong`] : [])];
  const points = data.classes ? "points: rows" : "points: the rows' targets";
  const words = [[points, ...more], more].map((each) => each.join(", "));
  if (node.mixes) drawKey(player, box);
  else write(player, longest(pen, titlesOf(data, node), box.width), box.x, box.y - 9);
  if (data.classes && !isSeveral(data)) drawKey(player, below, "rows:", more);
  else write(player, longest(pen, words, box.width), below.x, below.y - 9);
}

/** What is painted, in words, the longest first. */
function titlesOf(data, { column, unit, isOutput }) {
  const name = nameOf(column, unit, data), ofClasses = isOutput && data.classes;
  if (isOutput && isSeveral(data)) return [`${name}: how probable class ${classOf(unit, data)} is`, `class ${classOf(unit, data)}`];
  if (data.field.dimensions === 1) return [isOutput ? "line: prediction" : name];
  const said = isOutput ? "prediction" : name;
  return [`${said}: ${ofClasses ? `blue ${classOf(1, data)}, orange ${classOf(0, data)}` : SIGNS}`, said];
}

/** Write which colour and shape each class has, above a picture: its name or its number, as there is room; and what more is to be said. */
function drawKey({ pen, ink, data }, box, said = "prediction:", more = []) {
  const end = more.map((each) => `, ${each}`).join("");
  const numbers = Array.from({ length: Math.max(2, data.widths.at(-1)) }, (_, index) => String(index));
  const names = numbers.map((index) => classOf(index, data)), forms = [[said, names], ["", names], [said, numbers], ["", numbers]];
  const fits = ([start, words]) => pen.measureText([start, ...words.map((word) => `■ ${word}`)].join(" ") + end).width <= box.width;
  const [title, words] = forms.find(fits) ?? forms.at(-1);
  let x = box.x;
  const add = (text, colour) => {
    pen.fillStyle = colour;
    pen.fillText(text, x, box.y - 9);
    x += pen.measureText(text).width;
  };
  pen.textAlign = "left";
  add(title, ink);
  words.forEach((word, index) => {
    add(` ${SHAPES[index % SHAPES.length]}`, ofClass(index, data.colours));
    add(` ${word}`, ink);
  });
  add(end, ink);
}

/** Where the plane lies among the answers. */
function planeBox({ x, y, width, height }) {
  const size = Math.min(width, height - HEAD - FOOT);
  return { x, y: y + HEAD, width: size, height: size, size };
}

function drawPlane(player) {
  const { pen, places, field: { grid: { reach } } } = player, box = planeBox(places.answers), { size } = box;
  const node = shown(player);
  pen.fillStyle = player.ground;
  pen.fillRect(box.x, box.y, size, size);
  const picture = node.mixes ? player.mapOfClasses() : player.mapOf(node.column, node.unit);
  pen.drawImage(picture, box.x, box.y, size, size);
  frame(pen, player.line, 1, box.x, box.y, size, size);
  drawLegend(player, node, box);
  const place = (value, start, sign) => start + (size * (1 + (sign * value) / reach)) / 2;
  eachPoint(player, (points, point) => ({ x: place(points[2 * point], box.x, 1), y: place(points[2 * point + 1], box.y, -1) }));
}

/** Draw every row at its place: class by shape and colour, test rows hollow, wrong ones crossed. */
function eachPoint(player, placeOf) {
  const { pen, field, data } = player, { colours, classes } = data;
  const count = field.targets.length, picked = player.row === "mean" ? -1 : Number(player.row);
  const draw = (points, targets, offset) => targets.forEach((target, point) => {
    const { x, y } = placeOf(points, point, target), radius = count > 400 ? POINT * 0.75 : POINT;
    const shade = classes ? 1 : shadeOf(target, field.span), colour = classes ? ofClass(target, colours) : ofShade(shade, colours);
    outline(pen, classes ? target : 1, x, y, radius);
    pen.fillStyle = player.ground;
    pen.fill();
    pen.fillStyle = colour;
    pen.globalAlpha = offset ? 0 : classes ? 1 : DEEPEST * Math.abs(shade);
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = offset ? colour : classes ? player.dark : player.ink; // a light one would look hollow
    pen.lineWidth = offset ? 2 : 1;
    pen.stroke();
    if (classes && field.answers[offset + point] !== target) drawCross(player, x, y, radius + 2);
    if (!offset && point < data.rows) takeSpotAround(player, point, x, y);
    if (!offset && point === picked) ring = [x, y, radius + 4];
  });
  let ring = null; // drawn last, so that no other point lies on it
  draw(field.testPoints, field.testTargets, count);
  draw(field.points, field.targets, 0);
  if (ring) drawRing(player, ...ring);
}

function drawCross({ pen, ink }, x, y, size) {
  const corner = (right, down) => [x + right * size, y + down * size];
  stroke(pen, ink, 1.5, [corner(-1, -1), corner(1, 1)], [corner(-1, 1), corner(1, -1)]);
}

function drawCurve(player) {
  const { pen, field, data } = player, { answers } = player.places, { reach, places } = field.grid;
  const node = shown(player), { column, unit, isOutput, mixes } = node, several = isOutput && isSeveral(data);
  const box = { x: answers.x + BESIDE, y: answers.y + HEAD, width: answers.width - BESIDE - 8, height: answers.height - HEAD - FOOT };
  const values = column ? field.layers[column - 1][unit] : field.inputs[unit];
  const classes = mixes ? [...field.shares.keys()] : [unit];
  const curves = several ? classes.map((its) => [field.shares[its], ofClass(its, data.colours)]) : [[values, player.ink]];
  const most = player.most(column, unit), ofOutput = several ? [0, 1] : [...field.targets, ...field.testTargets];
  const ends = isOutput ? ofOutput : [-most, most];
  const low = Math.min(0, ...ends) * MARGIN, high = Math.max(0, ...ends) * MARGIN;
  const x = (value) => box.x + (box.width * (1 + value / reach)) / 2, y = (value) => box.y + (box.height * (high - value)) / (high - low);
  frame(pen, player.line, 1, box.x, box.y, box.width, box.height);
  for (const [value, shift] of [[high, 9], [low, 0]]) write(player, short(value), box.x - 5, y(value) + shift, "right");
  drawLegend(player, node, box);
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  if (isOutput) eachPoint(player, (points, point, target) => ({ x: x(points[point]), y: y(several ? 1 : target) }));
  for (const [heights, colour] of curves) {
    stroke(pen, colour, 2.5, Array.from(heights, (value, place) => [x(places[place]), y(value)]));
  }
  pen.restore();
}

const HISTORY = 84; // pixels that the way of one number is high
const LABELS = 56; // pixels for its numbers

/** Draw the way of one number through the run, between its smallest and its largest value. */
function drawHistory(player, canvas, values) {
  const { ink, line, position, zoom } = player;
  const width = canvas.clientWidth / zoom, scale = zoom * (devicePixelRatio || 1);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HISTORY * scale);
  const pen = canvas.getContext("2d"), finite = values.filter(Number.isFinite);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.font = player.font();
  const low = Math.min(...finite), high = Math.max(...finite), top = 8, bottom = HISTORY - 8;
  const x = (state) => LABELS + ((width - LABELS - 8) * state) / Math.max(1, values.length - 1);
  const y = (value) => (high > low ? bottom - ((bottom - top) * (value - low)) / (high - low) : HISTORY / 2);
  for (const value of high > low ? [low, high] : [low]) write({ pen, ink }, format(value), LABELS - 8, y(value) + 4, "right");
  if (low < 0 && high > 0) stroke(pen, line, 1, [[x(0), y(0)], [x(values.length - 1), y(0)]]);
  const drawn = [...values.keys()].filter((state) => Number.isFinite(values[state]));
  stroke(pen, ink, 1.5, drawn.map((state) => [x(state), y(values[state])]));
  const { first, second, share } = placeBetween(position, values.length), now = mixed(values[first], values[second], share);
  if (!Number.isFinite(now)) return;
  pen.beginPath();
  pen.arc(x(position), y(now), 4, 0, 2 * Math.PI);
  pen.fill();
}
