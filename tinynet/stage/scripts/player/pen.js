// Lines, frames, rings and words on a canvas, as all pictures of the player have them.

/** Draw lines, each from place to place: [x, y]. The canvas passes over what is no number. */
function stroke(pen, colour, width, ...lines) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const line of lines) line.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

function frame(pen, colour, width, ...box) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.strokeRect(...box);
}

/** Draw a ring around what is picked. */
function drawRing({ pen, ink }, x, y, radius) {
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/** Write a text; its left end is at that place, unless it is aligned otherwise. */
function write({ pen, ink }, text, x, y, align = "left") {
  pen.fillStyle = ink;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/** The longest wording that fits. */
function longest(pen, titles, width) {
  return titles.find((each) => pen.measureText(each).width <= width) ?? titles.at(-1);
}
