// What the network answers: the rows one by one as bars, the plane in the colours of its answers, or
// the curve through the points. Blue is above zero, or a 1; orange is below, or a 0. Of several
// classes each has a colour of its own, and a shape.

const TALLEST = 28; // pixels for a row of the bars
const AXIS = 14; // pixels for the numbers below them
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

/** The longest wording that fits. */
function longest(pen, titles, width) {
  return titles.find((each) => pen.measureText(each).width <= width) ?? titles.at(-1);
}

/** The names beside the inputs, cut to what they may take of the stage; none where there is no room between them. */
function namesThatFit(pen, names, width, height) {
  if (names.length && (height - 28) / names.length < 12) return [];
  const most = width * (width < NARROW ? 0.3 : 0.2), fits = (text) => pen.measureText(text).width <= most;
  return names.map((name) => {
    let cut = name.length;
    while (cut > 1 && !fits(cut < name.length ? `${name.slice(0, cut)}…` : name)) cut -= 1;
    return cut < name.length ? `${name.slice(0, cut)}…` : name;
  });
}

/** The colour of a shade. */
function ofShade(shade, { positive, negative }) {
  return shade > 0 ? positive : negative;
}

function drawBars(player) {
  const { pen } = player, { colours, rows, targets, classes, whose } = player.data, { low, high } = player.scales;
  const { answers } = player.places;
  const left = answers.x + 34, right = answers.x + answers.width - (classes ? 22 : 8), top = answers.y + HEAD;
  const step = Math.min(TALLEST, (answers.height - HEAD - 2 - AXIS) / rows), bottom = top + rows * step;
  const x = (value) => left + ((right - left) * (value - low)) / (high - low);
  const predictions = player.between("predictions");
  const said = "predictions and targets", marked = classes ? `, ${WRONG} wrong` : "";
  const titles = whose ? [`${said} of ${whose}${marked}`, `${whose}${marked}`] : [`${said}${marked}`];
  pen.fillStyle = player.ink;
  pen.textAlign = "left";
  pen.fillText(longest(pen, titles, answers.width - 34), left, answers.y + 11);
  drawRowHead(pen, left, answers.y + 11);
  for (let row = 0; row < rows; row += 1) {
    const y = top + row * step, height = step - 4, prediction = predictions[row], ends = [x(0), x(prediction)];
    pen.fillStyle = player.line;
    pen.globalAlpha = 0.5;
    pen.fillRect(left, y, right - left, height);
    pen.globalAlpha = 1;
    pen.fillStyle = ofShade(classes ? prediction - 0.5 : prediction, colours);
    if (Number.isFinite(ends[1])) pen.fillRect(Math.min(...ends), y, Math.abs(ends[1] - ends[0]), height);
    pen.fillStyle = player.ink;
    pen.fillRect(Math.max(left, Math.min(right - 3, x(targets[row]) - 1.5)), y - 1, 3, height + 2);
    pen.textAlign = "right";
    pen.fillText(String(row), left - 6, y + height / 2 + 4);
    pen.textAlign = "left";
    if (classes && answerOf([prediction]) !== targets[row]) pen.fillText(WRONG, right + 7, y + height / 2 + 4);
    takeSpot(player, row, { x: answers.x, y: y - 2, width: right - answers.x, height: step });
  }
  const middle = classes ? 0.5 : 0; // where blue and orange part
  pen.strokeStyle = player.ink;
  pen.globalAlpha = 0.4;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x(middle), top - 2);
  pen.lineTo(x(middle), bottom);
  pen.stroke();
  pen.globalAlpha = 1;
  drawAxis(player, [left, x(middle), right], [low, middle, high].map(classes ? String : short), bottom + 9);
}

/** Write what the numbers left of the bars are. */
function drawRowHead(pen, left, y) {
  pen.textAlign = "right";
  pen.fillText("row", left - 6, y);
  pen.textAlign = "left";
}

/** Note where a row can be picked, and frame the one that is. */
function takeSpot({ pen, ink, row, spots }, number, box) {
  spots.push({ row: number, ...box });
  if (row !== String(number)) return;
  pen.strokeStyle = ink;
  pen.lineWidth = 1.5;
  pen.strokeRect(box.x + 1, box.y, box.width - 2, box.height);
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
  const { pen } = player, { colours, rows, targets, whose, widths } = player.data, { answers } = player.places;
  const left = answers.x + 34, right = answers.x + answers.width - 40, top = answers.y + HEAD, count = widths.at(-1);
  const step = Math.min(TALLEST, (answers.height - HEAD - FOOT) / rows), predictions = player.between("predictions");
  const titles = [`probabilities and targets${whose ? ` of ${whose}` : ""}, ${WRONG} wrong`, `${whose ?? "targets"}, ${WRONG} wrong`];
  pen.fillStyle = player.ink;
  pen.textAlign = "left";
  pen.fillText(longest(pen, titles, answers.width - 34), left, answers.y + 11);
  drawRowHead(pen, left, answers.y + 11);
  for (let row = 0; row < rows; row += 1) {
    const y = top + row * step, height = step - 4, outputs = predictions.slice(row * count, (row + 1) * count);
    let x = left;
    softmaxOf(Array.from(outputs, (each) => [each])).forEach(([share], index) => {
      if (!Number.isFinite(share)) return;
      pen.fillStyle = ofClass(index, colours);
      pen.fillRect(x, y, share * (right - left), height);
      x += share * (right - left);
    });
    outline(pen, targets[row], right + 10, y + height / 2, POINT);
    pen.fillStyle = ofClass(targets[row], colours);
    pen.fill();
    pen.fillStyle = player.ink;
    pen.textAlign = "right";
    pen.fillText(String(row), left - 6, y + height / 2 + 4);
    pen.textAlign = "left";
    if (answerOf(outputs) !== targets[row]) pen.fillText(WRONG, right + 22, y + height / 2 + 4);
    takeSpot(player, row, { x: answers.x, y: y - 2, width: right - answers.x, height: step });
  }
  drawKey(player, { x: left - 3, y: top + rows * step + FOOT + 4, width: answers.width - 31 }, "");
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
function drawAxis({ pen, ink }, [left, middle, right], [first, parting, last], y) {
  const room = 8 + pen.measureText(parting).width / 2;
  pen.fillStyle = ink;
  pen.textAlign = "left";
  pen.fillText(first, left, y);
  pen.textAlign = "right";
  pen.fillText(last, right, y);
  pen.textAlign = "center";
  const isApart = middle - left > pen.measureText(first).width + room && right - middle > pen.measureText(last).width + room;
  if (isApart) pen.fillText(parting, middle, y);
}

/** The unit that is pointed at, where the pictures show all rows. */
function pointedAt({ hovered, row }) { return hovered && !hovered.edge && row === "mean" ? hovered : null; }

/** The unit whose picture is shown large: the one that is pointed at, else the output. */
function shown(player) {
  const node = pointedAt(player), { data } = player;
  return { column: node?.column ?? data.widths.length - 1, index: node?.index ?? 0, isOutput: !node || node.column === data.widths.length - 1 };
}

/** Write what is painted above a picture, and what its points are below it. */
function drawLegend(player, titles, box) {
  const { pen, field, data } = player, below = { ...box, y: box.y + box.height + 23 };
  const more = [...(field.testTargets.length ? ["hollow: test rows"] : []), ...(data.classes ? [`${WRONG} wrong`] : [])];
  const points = data.classes ? "points: rows" : "points: the rows' targets";
  pen.fillStyle = player.ink;
  pen.textAlign = "left";
  pen.fillText(longest(pen, titles, box.width), box.x, box.y - 9);
  if (data.classes && !isSeveral(data)) drawKey(player, below, "rows:", more);
  else pen.fillText(longest(pen, [[points, ...more], more].map((words) => words.join(", ")), box.width), below.x, below.y - 9);
}

/** What is painted in the plane, in words, the longest first. */
function wordsOfPlane(data, column, index, isOutput) {
  if (isOutput && isSeveral(data)) return [`${nameOf(column, index, data)}: how probable class ${classOf(index, data)} is`, `class ${classOf(index, data)}`];
  const name = isOutput ? "prediction" : nameOf(column, index, data);
  return [`${name}: ${isOutput && data.classes ? `blue ${classOf(1, data)}, orange ${classOf(0, data)}` : SIGNS}`, name];
}

/** Write which colour and shape each class has, above a picture: its name or its number, as there is room; and what more is to be said. */
function drawKey({ pen, ink, data }, box, said = "prediction:", more = []) {
  const end = more.map((each) => `, ${each}`).join("");
  const numbers = Array.from({ length: Math.max(2, data.widths.at(-1)) }, (_, index) => String(index));
  const names = numbers.map((index) => classOf(index, data)), forms = [[said, names], ["", names], [said, numbers], ["", numbers]];
  const fits = ([start, words]) => pen.measureText([start, ...words.map((word) => `■ ${word}`)].join(" ") + end).width <= box.width;
  const [title, words] = forms.find(fits) ?? forms.at(-1);
  let x = box.x;
  const write = (text, colour) => {
    pen.fillStyle = colour;
    pen.fillText(text, x, box.y - 9);
    x += pen.measureText(text).width;
  };
  pen.textAlign = "left";
  write(title, ink);
  words.forEach((word, index) => {
    write(` ${SHAPES[index % SHAPES.length]}`, ofClass(index, data.colours));
    write(` ${word}`, ink);
  });
  write(end, ink);
}

/** Where the plane lies among the answers. */
function planeBox({ x, y, width, height }) {
  const size = Math.min(width, height - HEAD - FOOT);
  return { x, y: y + HEAD, width: size, height: size, size };
}

function drawPlane(player) {
  const { pen, field, data } = player, { answers } = player.places, { reach } = field.grid;
  const box = planeBox(answers), { size } = box;
  const { column, index, isOutput } = shown(player);
  pen.fillStyle = player.ground;
  pen.fillRect(box.x, box.y, size, size);
  const mixes = isSeveral(data) && !pointedAt(player);
  pen.drawImage(mixes ? player.mapOfClasses() : player.mapOf(column, index), box.x, box.y, size, size);
  pen.strokeStyle = player.line;
  pen.lineWidth = 1;
  pen.strokeRect(box.x, box.y, size, size);
  drawLegend(player, mixes ? [""] : wordsOfPlane(data, column, index, isOutput), box);
  if (mixes) drawKey(player, box);
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
  pen.strokeStyle = ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x - size, y - size);
  pen.lineTo(x + size, y + size);
  pen.moveTo(x - size, y + size);
  pen.lineTo(x + size, y - size);
  pen.stroke();
}

function drawRing({ pen, ink }, x, y, radius) {
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

function drawCurve(player) {
  const { pen, field, data } = player, { answers } = player.places, { reach, places } = field.grid;
  const { column, index, isOutput } = shown(player);
  const box = { x: answers.x + 34, y: answers.y + HEAD, width: answers.width - 42, height: answers.height - HEAD - FOOT };
  const values = column ? field.layers[column - 1][index] : field.inputs[index];
  const several = isOutput && isSeveral(data), mixes = several && !pointedAt(player);
  const classes = mixes ? field.shares.map((_, its) => its) : [index];
  const curves = several ? classes.map((its) => [field.shares[its], ofClass(its, data.colours)]) : [[values, player.ink]];
  const ends = several ? [0, 1] : isOutput ? [...field.targets, ...field.testTargets] : [-player.most(column, index), player.most(column, index)];
  const low = Math.min(0, ...ends) * MARGIN, high = Math.max(0, ...ends) * MARGIN;
  const x = (value) => box.x + (box.width * (1 + value / reach)) / 2, y = (value) => box.y + (box.height * (high - value)) / (high - low);
  pen.strokeStyle = player.line;
  pen.lineWidth = 1;
  pen.strokeRect(box.x, box.y, box.width, box.height);
  pen.fillStyle = player.ink;
  pen.textAlign = "right";
  for (const [value, shift] of [[high, 9], [low, 0]]) pen.fillText(short(value), box.x - 5, y(value) + shift);
  const titles = isOutput ? ["line: prediction"] : [nameOf(column, index, data)];
  drawLegend(player, mixes ? [""] : several ? wordsOfPlane(data, column, index, isOutput) : titles, box);
  if (mixes) drawKey(player, box);
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  if (isOutput) eachPoint(player, (points, point, target) => ({ x: x(points[point]), y: y(several ? 1 : target) }));
  for (const [heights, colour] of curves) {
    pen.beginPath();
    heights.forEach((value, place) => Number.isFinite(value) && pen.lineTo(x(places[place]), y(value)));
    pen.strokeStyle = colour;
    pen.lineWidth = 2.5;
    pen.stroke();
  }
  pen.restore();
}


const HISTORY = 84; // pixels that the way of one number is high
const LABELS = 56; // pixels for its numbers

/** Draw the way of one number through the run, between its smallest and its largest value. */
function drawHistory({ ink, line, position, font, zoom }, canvas, values) {
  const width = canvas.clientWidth / zoom, scale = zoom * (devicePixelRatio || 1);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HISTORY * scale);
  const pen = canvas.getContext("2d"), finite = values.filter(Number.isFinite);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.font = font;
  pen.fillStyle = ink;
  const low = Math.min(...finite), high = Math.max(...finite), top = 8, bottom = HISTORY - 8;
  const x = (state) => LABELS + ((width - LABELS - 8) * state) / Math.max(1, values.length - 1);
  const y = (value) => (high > low ? bottom - ((bottom - top) * (value - low)) / (high - low) : HISTORY / 2);
  const stroke = (colour, thickness, points) => {
    pen.strokeStyle = colour;
    pen.lineWidth = thickness;
    pen.beginPath();
    points.forEach(([state, value]) => Number.isFinite(value) && pen.lineTo(x(state), y(value)));
    pen.stroke();
  };
  pen.textAlign = "right";
  for (const value of high > low ? [low, high] : [low]) pen.fillText(format(value), LABELS - 8, y(value) + 4);
  if (low < 0 && high > 0) stroke(line, 1, [[0, 0], [values.length - 1, 0]]);
  stroke(ink, 1.5, values.map((value, state) => [state, value]));
  const { first, second, share } = placeBetween(position, values.length), now = mixed(values[first], values[second], share);
  if (!Number.isFinite(now)) return;
  pen.beginPath();
  pen.arc(x(position), y(now), 4, 0, 2 * Math.PI);
  pen.fill();
}
