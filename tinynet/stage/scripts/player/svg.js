// A pen that writes SVG: it has the methods of a canvas that our drawing functions use. Shapes and
// words stay vectors; the maps become embedded images.
/** @import { Box } from "../types" */
import { element } from "../shared/elements.js";

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink"; // older programs read only this name of an address
const DETAIL = 3; // pixels of an image per unit, at most
const ANCHORS = { left: "start", center: "middle", right: "end" };
const FORBIDDEN = /[\p{Cc}\uFFFE\uFFFF]/gu; // characters that no XML may contain

/** @typedef {Record<string, string | number>} Attributes */

/**
 * Make an element of SVG.
 * @param {string} name
 * @param {Attributes} attributes
 */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    const rounded = typeof value === "number" ? Math.round(100 * value) / 100 : value;
    made.setAttribute(key, String(rounded));
  }
  return made;
}

export class SvgPen {
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  globalAlpha = 1;
  /** @type {"left" | "center" | "right"} */
  textAlign = "left";
  /** @type {number[]} */
  dashes = [];
  /** @type {{ name: string, attributes: Attributes } | null} */
  whole = null; // the path, if it is just a circle
  path = "";

  /**
   * @param {Box} box what the picture contains
   * @param {string} font as of a canvas, for all words
   */
  constructor({ x, y, width, height }, font) {
    const [size, ...family] = font.split(" ");
    const attributes = { "font-size": size, "font-family": family.join(" "), width, height };
    this.root = shape("svg", { ...attributes, viewBox: `${x} ${y} ${width} ${height}` });
    this.into = this.root;
    const ruler = element("canvas").getContext("2d");
    this.ruler = /** @type {CanvasRenderingContext2D} */ (ruler);
    this.ruler.font = font;
    // An article may contain several pictures, whose names must differ.
    this.name = `cut${Math.random().toString(36).slice(2)}`;
    this.cuts = 0;
    /** @type {Partial<SvgPen>[]} */
    this.saved = [];
  }

  /** @param {string} text */
  measureText(text) {
    return this.ruler.measureText(text);
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, textAlign, dashes, into } = this;
    this.saved.push({ fillStyle, strokeStyle, lineWidth, globalAlpha, textAlign, dashes, into });
  }

  restore() {
    Object.assign(this, this.saved.pop());
  }

  beginPath() {
    this.path = "";
    this.whole = null;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) {
    this.goOn("M", x, y);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) {
    this.goOn(this.path ? "L" : "M", x, y);
  }

  closePath() {
    this.goOn("Z");
  }

  /**
   * Add a command to the path; like a canvas, pass over what is not a number.
   * @param {string} command
   * @param {number[]} numbers
   */
  goOn(command, ...numbers) {
    if (!numbers.every(Number.isFinite)) return;
    this.whole = null;
    this.path += `${command}${numbers.map((each) => Math.round(100 * each) / 100).join(" ")}`;
  }

  /**
   * Add a full circle, the only arc that we draw.
   * @param {number} cx
   * @param {number} cy
   * @param {number} r
   */
  arc(cx, cy, r) {
    if (![cx, cy].every(Number.isFinite)) return;
    this.whole = { name: "circle", attributes: { cx, cy, r } };
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  rect(x, y, width, height) {
    this.whole = { name: "rect", attributes: { x, y, width, height } };
  }

  /** Return an element of the path. */
  outline(attributes = {}) {
    const { name, attributes: own } = this.whole ?? { name: "path", attributes: { d: this.path } };
    return shape(name, { ...own, ...attributes });
  }

  get filling() {
    return { fill: this.fillStyle, "fill-opacity": this.globalAlpha };
  }

  get line() {
    const { strokeStyle, lineWidth, globalAlpha, dashes } = this;
    return {
      fill: "none",
      stroke: strokeStyle,
      "stroke-dasharray": dashes.join(" ") || "none",
      "stroke-opacity": globalAlpha,
      "stroke-width": lineWidth,
    };
  }

  fill() {
    if (this.globalAlpha) this.into.append(this.outline(this.filling));
  }

  stroke() {
    this.into.append(this.outline(this.line));
  }

  clip() {
    this.cuts += 1;
    const id = `${this.name}-${this.cuts}`;
    const cut = shape("clipPath", { id });
    cut.append(this.outline());
    const part = shape("g", { "clip-path": `url(#${id})` });
    this.into.append(cut, part);
    this.into = part;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  fillRect(x, y, width, height) {
    this.into.append(shape("rect", { x, y, width, height, ...this.filling }));
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  strokeRect(x, y, width, height) {
    this.into.append(shape("rect", { x, y, width, height, ...this.line }));
  }

  /** @param {number[]} dashes */
  setLineDash(dashes) {
    this.dashes = dashes;
  }

  /**
   * Write a text; it keeps its length in another font.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  fillText(text, x, y) {
    const textLength = this.measureText(text).width;
    if (!textLength) return;
    const anchor = { "text-anchor": ANCHORS[this.textAlign], textLength };
    const made = shape("text", {
      x,
      y,
      ...anchor,
      lengthAdjust: "spacingAndGlyphs",
      ...this.filling,
    });
    made.setAttributeNS("http://www.w3.org/XML/1998/namespace", "xml:space", "preserve");
    made.textContent = text.replace(FORBIDDEN, " ");
    this.into.append(made);
  }

  /**
   * @param {HTMLCanvasElement} source
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  drawImage(source, x, y, width, height) {
    const canvas = element("canvas", {
      width: Math.min(source.width, Math.ceil(DETAIL * width)),
      height: Math.min(source.height, Math.ceil(DETAIL * height)),
    });
    canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
    const made = shape("image", { x, y, width, height, preserveAspectRatio: "none" });
    made.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL());
    this.into.append(made);
  }

  /**
   * Return the picture as text.
   * @param {string} title
   */
  written(title) {
    const said = shape("title", {});
    said.textContent = title;
    this.root.prepend(said);
    return new XMLSerializer().serializeToString(this.root);
  }
}
