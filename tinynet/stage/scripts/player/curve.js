// The losses beside the network, with a cursor at the player's own position.

const BELOW_TICKS = 22; // pixels below the plot where the numbers of its axis end
const AT_ONCE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
let chosenScale; // stays while runs and views change

/** The figure of a chart on a scale; its numbers came with those of the film. */
export function figureOn(scale, { previous, lines, layout, scales }, data) {
  const { layout: own, namesPrevious } = scales[scale];
  const all = previous ? [{ ...previous, showlegend: namesPrevious }, ...lines] : lines;
  return {
    data: all.map((line) => {
      const y = cutOf(data, line.y);
      return line.hovertemplate ? { ...line, y, customdata: y } : { ...line, y };
    }),
    namesLines: layout.showlegend,
    layout: { ...layout, ...own, showlegend: false, yaxis: { ...layout.yaxis, ...own.yaxis } },
  };
}

/** The numbers of a line. */
function numbersOf(line) { return Object.fromEntries(Object.entries(line).filter(([, value]) => ArrayBuffer.isView(value))); }

/** What tells one drawing from another, but for the numbers of its lines and their names. */
function frameOf(layout, lines) {
  return JSON.stringify([layout, lines], (key, value) => (key === "name" || ArrayBuffer.isView(value) ? undefined : value));
}

class Curve extends Drawing {
  constructor(player, root) {
    super(root.querySelector(".curve"));
    this.player = player;
    this.section = root.querySelector(".losses");
    this.scales = root.querySelector(".scales");
    this.cursor = root.querySelector(".cursor");
    this.dot = this.cursor.querySelector(".dot");
    this.at = this.cursor.querySelector(".at");
    this.legend = root.querySelector(".legend");
    this.scales.onchange = ({ target }) => { chosenScale = target.value; this.showChosen(); };
  }

  /** Take up the chart that came with the run, if one did; return a promise where it stands a little later. */
  take(data) {
    this.data = data;
    this.section.hidden = !data.chart;
    if (!data.chart) return null;
    this.offer(Object.keys(data.chart.scales));
    return this.showChosen();
  }

  /** Offer the scales to choose from, once. */
  offer(names) {
    if (this.scales.childElementCount) return;
    chosenScale ??= names[0];
    this.scales.append(...names.map((value) => {
      const input = element("input", { type: "radio", name: "scale", value, checked: value === chosenScale });
      return element("label", {}, input, value);
    }));
  }

  showChosen() {
    const { chart } = this.data, figure = figureOn(chosenScale, chart, this.data);
    this.losses = figure.data.find(({ name }) => name === figure.layout.meta).y;
    this.nameLines(figure);
    return this.show({ script: chart.script, description: chart.scales[chosenScale].description, name: "loss", figure });
  }

  /** Whether all stands that is to stand when the player begins. */
  get isReady() { return Boolean(this.drawn) || !this.data?.chart; }

  /** Name the lines, if there are several; plotly's own legend would take most of the time of a drawing. */
  nameLines({ data, namesLines }) {
    const named = namesLines ? data.filter(({ showlegend }) => showlegend !== false) : [];
    this.legend.replaceChildren(...named.map(({ name, line: { color, dash, width } }) => {
      const sample = element("i");
      sample.style.borderTop = `${width}px ${dash === "dot" ? "dotted" : "solid"} ${color}`;
      return element("li", {}, sample, name);
    }));
  }

  draw() {
    const drawn = super.draw();
    this.follow();
    return drawn;
  }

  /** Where the numbers of the lines alone are others, plotly moves them, within the next frame and in a tenth of the time. */
  render(layout) {
    const { data } = this.figure, frame = frameOf(layout, data);
    if (!this.drawn || document.hidden || frame !== this.frame) {
      this.frame = frame;
      return super.render(layout);
    }
    const moved = this.moved(), numbers = { data: data.map(numbersOf), traces: [...data.keys()] };
    return Promise.race([moved, window.Plotly.animate(this.plot, numbers, AT_ONCE)]);
  }

  /** A promise that is kept as soon as a line has moved; plotly's own comes a frame later. */
  moved() {
    return new Promise((resolve) => {
      const look = new MutationObserver(() => { look.disconnect(); resolve(); });
      look.observe(this.plot, { subtree: true, attributeFilter: ["d"] });
    });
  }

  onZoom(change) {
    super.onZoom(change);
    this.follow();
  }

  /** A click takes the player to the epoch there. */
  onClick(x) {
    const [low, high] = this.plot._fullLayout.xaxis.range;
    this.player.goTo(Math.round(low + x * (high - low)));
  }

  /** Put the cursor where the player is, on the line of its run; a whole epoch has a dot. */
  follow() {
    this.cursor.hidden = !this.drawn || !this.data.chart || !this.player.film;
    if (this.cursor.hidden) return;
    const { losses } = this, { epoch, data: { epochs }, reached } = this.player;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const first = Math.min(Math.floor(epoch), losses.length - 1), second = Math.min(first + 1, losses.length - 1);
    const x = xaxis._offset + xaxis.d2p(epoch);
    const [from, to] = [first, second].map((state) => yaxis.d2p(losses[state]));
    const y = second === first || epoch === first ? from : from + (to - from) * (epoch - first);
    const isOutside = x < xaxis._offset - 1 || x > xaxis._offset + xaxis._length + 1;
    this.cursor.hidden = isOutside;
    this.cursor.style.transform = `translate(${x}px, ${yaxis._offset}px)`;
    this.cursor.style.height = `${yaxis._length}px`;
    this.at.textContent = `shown: epoch ${epochs[reached].toLocaleString("en")}`;
    // From the right of the line to its left as it moves on, so that it stays within the chart.
    const share = (x - xaxis._offset) / xaxis._length;
    this.at.style.transform = `translate(calc(${-100 * share}% + ${20 * share - 10}px), ${yaxis._length + BELOW_TICKS * zoomOfText()}px)`;
    this.dot.hidden = !(y >= -1 && y <= yaxis._length + 1); // nor if it is no number
    this.dot.style.transform = `translateY(${y}px)`;
  }
}

