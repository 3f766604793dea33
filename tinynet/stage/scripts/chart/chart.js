// Takes a message, and shows the chart that it brings: a figure, or the map.

export default function ({ data, parentElement, setTriggerValue }) {
  const facts = JSON.parse(new TextDecoder().decode(data));
  return answer(parentElement, facts.isMap ? MapDrawing : Drawing, (chart) => {
    chart.tell = setTriggerValue;
    chart.show(facts);
  });
}
