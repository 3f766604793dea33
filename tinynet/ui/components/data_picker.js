// The data sets as small pictures to pick from: a group of radio buttons.
/** @import { Component } from "../../stage/scripts/types" */

/** @typedef {[number, number, string]} Point place from 0 (left, top) to 1, and colour */
/** @typedef {{ name: string, label: string, points: Point[], icon: string }} Choice */
/** @typedef {{ choices: Choice[], picked: string }} Data */

const SIZE = 32;
const MARGIN = 4;
const SVG = "http://www.w3.org/2000/svg";
const STEPS = /** @type {Record<string, number>} */ ({
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
});

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** @param {Choice} choice */
function pictureOf({ points, icon }) {
  const picture = shape("svg", { viewBox: `0 0 ${SIZE} ${SIZE}` });
  const at = (/** @type {number} */ share) => MARGIN + share * (SIZE - 2 * MARGIN);
  const r = points.length > 20 ? 1.4 : 2.2;
  for (const [x, y, fill] of points) {
    picture.append(shape("circle", { cx: at(x), cy: at(y), r, fill }));
  }
  if (icon) picture.append(shape("path", { d: icon, fill: "currentColor" }));
  return picture;
}

/**
 * @param {Choice} choice
 * @param {() => void} pick
 */
function buttonOf(choice, pick) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", title: choice.label, onclick: pick });
  button.setAttribute("role", "radio");
  button.setAttribute("aria-label", choice.label);
  button.dataset.name = choice.name;
  button.append(pictureOf(choice));
  return button;
}

/**
 * Scroll a row of pictures sideways until the picked one is in sight.
 * @param {HTMLElement} group
 */
function reveal(group) {
  const picked = group.querySelector("[aria-checked=true]")?.getBoundingClientRect();
  const { left, right } = group.getBoundingClientRect();
  if (!picked || (picked.left >= left && picked.right <= right)) return;
  group.scrollLeft += (picked.left + picked.right - left - right) / 2;
}

/** @param {Component<Data>} component */
export default function ({ data: { choices, picked }, parentElement, setTriggerValue }) {
  const group = /** @type {HTMLElement} */ (parentElement.querySelector(".pictures"));
  const buttons = () => /** @type {HTMLElement[]} */ ([...group.children]);
  const names = choices.map(({ name }) => name);
  const mark = (/** @type {string} */ name) => {
    for (const each of buttons()) {
      const isPicked = each.dataset.name === name;
      each.setAttribute("aria-checked", String(isPicked));
      each.tabIndex = isPicked ? 0 : -1;
    }
  };
  const pick = (/** @type {string} */ name) => {
    mark(name);
    setTriggerValue("pick", name);
  };
  if (buttons().length !== choices.length) {
    group.replaceChildren(...choices.map((each) => buttonOf(each, () => pick(each.name))));
  }
  group.onkeydown = (event) => {
    const step = STEPS[event.key];
    const from = buttons().indexOf(/** @type {any} */ (event.target));
    if (!step || from < 0) return;
    event.preventDefault();
    const to = (from + step + names.length) % names.length;
    buttons()[to].focus();
    pick(names[to]);
  };
  mark(picked);
  requestAnimationFrame(() => reveal(group));
}
