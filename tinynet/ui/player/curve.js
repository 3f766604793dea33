// The losses beside the network, with a cursor at the player's own position.

const BELOW_TICKS = 22; // pixels below the plot where the numbers of its axis end
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
    layout: { ...layout, ...own, yaxis: { ...layout.yaxis, ...own.yaxis } },
  };
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
    this.scales.onchange = ({ target }) => { chosenScale = target.value; this.showChosen(); };
  }

  /** Take up the chart that came with the run, if one did. */
  take(data) {
    this.data = data;
    this.section.hidden = !data.chart;
    if (!data.chart) return;
    this.offer(Object.keys(data.chart.scales));
    this.showChosen();
  }

  /** Offer the scales to choose from, once. */
  offer(names) {
    if (this.scales.childElementCount) return;
    chosenScale ??= names[0];
    this.scales.append(...names.map((name) => {
      const label = document.createElement("label"), input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "scale", value: name, checked: name === chosenScale });
      label.append(input, name);
      return label;
    }));
  }

  showChosen() {
    const { chart } = this.data, figure = figureOn(chosenScale, chart, this.data);
    this.losses = figure.data.find(({ name }) => name === figure.layout.meta).y;
    this.show({ script: chart.script, description: chart.scales[chosenScale].description, name: "loss", figure });
  }

  /** Whether all stands that is to stand when the player begins. */
  get isReady() { return Boolean(this.drawn) || !this.data?.chart; }

  draw() {
    super.draw();
    this.follow();
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
    this.cursor.hidden = !this.drawn || !this.data.chart;
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

