// What the network's lines, rings, fills and colours mean: a sample of each mark, and its words.

/** The marks of a picture, each with its words; the fills differ from row to row. */
export function keyOf(data, fills) {
  const { classes, shutsOff, colours, widths } = data, several = isSeveral(data), answers = classes && !several;
  return [
    { mark: "line", words: "line: weight" },
    { mark: "ring", words: "ring: bias" },
    { mark: "fill", words: `fill: ${fills}` },
    { words: "stronger: larger" },
    ...answersKey(data),
    { mark: "square", colour: colours.positive, words: `blue: +${answers ? ` or answer ${classOf(1, data)} (above 0.5)` : ""}` },
    { mark: "square", colour: colours.negative, words: `orange: −${answers ? ` or answer ${classOf(0, data)}` : ""}` },
    ...(several ? [{ words: "outputs: the colours of their classes" }] : []),
    ...(shutsOff && widths.length > 2 ? [{ mark: "broken ring", words: "dashed: dead, 0 for every row" }] : []),
  ];
}

/** The marks of what the network answers, where the picture itself does not say what they mean. */
function answersKey(data) {
  if (data.field) return [];
  if (data.scatter) return [{ mark: "dot", words: `dot: ${data.scatter.areAll ? "row" : `one of ${drawnInWords(data.scatter)}`}` }];
  return isSeveral(data) ? [{ words: "shape: target" }] : [{ mark: "tick", words: "tick: target" }];
}

/** What fills the circles, in words: `pictured` says whether "all" of them hold a picture, "some", or "none". */
export function fillsInWords(row, { field, whose }, pictured) {
  if (row !== "mean") return `value for row ${row}`;
  const mean = `mean of ${whose ?? "the batch"}`;
  if (pictured === "none") return mean;
  const places = field.dimensions === 2 ? "value all over the plane" : "value for every x";
  return pictured === "all" ? places : `${places}; if small, the mean`;
}

/** Write a key into its list, each mark drawn by the style sheet. */
function writeKey(list, key) {
  list.replaceChildren(...key.map(({ mark, colour, words }) => {
    const sample = element("i", { className: mark });
    sample.style.color = colour ?? "";
    return element("li", {}, ...(mark ? [sample] : []), words);
  }));
}
