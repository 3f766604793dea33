// The hovered or focused element of the network, and its tip.
/** @import { Edge, Element, Point } from "../types" */
/** @import { Picture } from "./picture.js" */
/** @import { Player } from "./player.js" */
import { find } from "../shared/elements.js";
import { format, inUnit } from "../shared/numbers.js";
import { indexOf, isEdge, isMulticlass } from "./film.js";
import { endsOf } from "./network.js";
import { isDead, nodeValue } from "./nodes.js";
import { rowAt } from "./spots.js";
import { nameOf, shownInWords } from "./words.js";

const NEAR_NODE = 3; // pixels around a node that count as a hit
const NEAR_EDGE = 4; // pixels beside an edge that count as a hit

export class Pointer {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.tip = find(player.box, "tip");
    /** @type {Element & Partial<Point> | null} */
    this.hovered = null;
    player.canvas.onpointermove = (event) => this.onPoint(event);
    player.canvas.onpointerdown = (event) => this.onPoint(event);
    player.canvas.onclick = (event) => this.onClick(event);
    player.canvas.onpointerleave = () => {
      this.hovered = null;
      player.draw();
    };
  }

  /** @param {MouseEvent} event */
  onPoint(event) {
    const { player } = this;
    if (!player.picture) return;
    this.hovered = elementAt(player.picture, this.pointOf(event, player.picture));
    player.draw();
  }

  /**
   * Pick a row, or follow a weight or a node.
   * @param {MouseEvent} event
   */
  onClick(event) {
    this.onPoint(event);
    const { player, hovered } = this;
    const { picture } = player;
    const row = hovered || !picture ? null : rowAt(picture.spots, this.pointOf(event, picture));
    if (row === null) player.followed.pick(hovered);
    else if (player.pad.pictures) player.pad.pick(row);
    else player.rows.toggle(row);
  }

  /**
   * Return the place of an event in the coordinates of the stage.
   * @param {MouseEvent} event
   * @param {Picture} picture
   * @returns {Point}
   */
  pointOf({ clientX, clientY }, { zoom }) {
    const box = this.player.canvas.getBoundingClientRect();
    return { x: (clientX - box.left) / zoom, y: (clientY - box.top) / zoom };
  }

  /**
   * Move the focus by a number of nodes.
   * @param {number} step
   */
  pointToNode(step) {
    const { player } = this;
    if (!player.picture) return;
    this.hovered = nodeAfter(player.picture, this.hovered, step);
    player.draw();
    player.say(this.tip.textContent ?? "");
  }

  /**
   * Show the tip of the hovered element.
   * @param {Picture} picture
   */
  drawTip(picture) {
    const { tip, hovered: it } = this;
    tip.hidden = !it;
    if (!it) return;
    tip.textContent = tipOf(picture, it);
    const { zoom, places } = picture;
    const { x = 0, y = 0 } = it;
    const left = Math.min((x + 14) * zoom, this.player.box.clientWidth - tip.offsetWidth - 2);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${Math.min(y + 14, places.height - 40) * zoom}px`;
  }
}

/**
 * Return all nodes with their places, column by column.
 * @param {Pick<Picture, "places">} picture
 */
function nodesOf({ places: { columns } }) {
  return columns.flatMap((nodes, column) => nodes.map((node, unit) => ({ ...node, column, unit })));
}

/**
 * Return the node or edge at a point.
 * @param {Picture} picture
 * @param {Point} point
 * @returns {Element & Point | null}
 */
function elementAt(picture, point) {
  return nodeNear(picture, point) ?? edgeNear(picture, point);
}

/**
 * @param {Picture} picture
 * @param {Point} point
 */
function nodeNear(picture, point) {
  let best = null;
  let distance = NEAR_NODE;
  for (const node of nodesOf(picture)) {
    const away = Math.hypot(node.x - point.x, node.y - point.y) - node.radius;
    if (away <= distance) {
      distance = away;
      best = node;
    }
  }
  return best;
}

/**
 * @param {Picture} picture
 * @param {Point} point
 */
function edgeNear(picture, point) {
  let best = null;
  let distance = NEAR_EDGE;
  for (const edge of picture.scene.edges) {
    const [[x1, y1], [x2, y2]] = endsOf(picture, edge);
    if (point.x < x1 || point.x > x2) continue;
    const away = Math.abs(y1 + ((y2 - y1) * (point.x - x1)) / (x2 - x1) - point.y);
    if (away < distance) {
      distance = away;
      best = { ...edge, ...point };
    }
  }
  return best;
}

/**
 * Return the node that is a number of nodes further on.
 * @param {Picture} picture
 * @param {Element | null} from
 * @param {number} step
 */
function nodeAfter(picture, from, step) {
  const nodes = nodesOf(picture);
  const now = nodes.findIndex(
    ({ column, unit }) => from && !isEdge(from) && column === from.column && unit === from.unit,
  );
  return nodes[(now + step + nodes.length) % nodes.length];
}

/**
 * Describe a node or an edge, with its numbers in the shown state.
 * @param {Picture} picture
 * @param {Element} it
 */
function tipOf(picture, it) {
  return isEdge(it) ? tipOfEdge(picture, it) : tipOfNode(picture, it.column, it.unit);
}

/**
 * Write a parameter of the shown state, and its gradient.
 * @param {Picture} picture
 * @param {number} place
 */
function numbersAt({ film, reached }, place) {
  const gradient = format(film.gradients(reached)[place]);
  return `${format(film.parameters(reached)[place])}\ngradient  ${gradient}`;
}

/**
 * @param {Picture} picture
 * @param {Edge} edge
 */
function tipOfEdge(picture, { column, unit, from, place }) {
  const start = nameOf(column - 1, from, picture.data);
  const end = nameOf(column, unit, picture.data);
  return `${start} → ${end}\nweight  ${numbersAt(picture, place)}`;
}

/**
 * @param {Picture} picture
 * @param {number} column
 * @param {number} unit
 */
function tipOfNode(picture, column, unit) {
  const { film, data, row, alone, reached, scene } = picture;
  const made = { alone, hidden: film.hidden(reached), predictions: film.predictions(reached) };
  const raw = nodeValue(scene, row, { column, unit }, made);
  const value = format(raw);
  const whose = shownInWords(picture) ?? `mean of ${data.whose ?? "the batch"}`;
  const said = isMulticlass(data) ? "logit" : "prediction";
  const head = `${nameOf(column, unit, data)}, ${whose}`;
  if (column === 0) return `${head}\nvalue  ${value}`;
  const kind = column < data.widths.length - 1 ? "activation" : said;
  const bias = numbersAt(picture, indexOf(film.layers[column - 1], unit));
  const dead = isDead(picture, column, unit) ? "\ndead: 0 for every row" : "";
  const isOutput = column === data.widths.length - 1;
  const inFile = data.unit && isOutput ? `\n${data.unit.name}  ${inUnit(raw, data.unit)}` : "";
  return `${head}\n${kind}  ${value}${inFile}\nbias  ${bias}${dead}`;
}
