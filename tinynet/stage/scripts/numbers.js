// What the scripts of the components share: numbers as they come, and as they are written; and elements.

/** Read the facts, which are JSON, and the 32-bit numbers behind them. */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length, end = bytes.byteOffset + bytes.byteLength;
  return { ...facts, numbers: new Float32Array(bytes.buffer.slice(start, end)) };
}

/** A number as Python writes it: four digits behind the point, or an exponent if it is tiny. */
export function format(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0 || Math.abs(value) >= 0.00005) return value.toFixed(4);
  return exponential(value, 0);
}

/** A number with an exponent, so many digits behind the point, as Python writes it. */
export function exponential(value, digits) {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
}

/** The largest absolute value among numbers that are finite. */
export function largest(numbers, least = 1e-9) {
  let most = least;
  for (const each of numbers) if (Math.abs(each) > most && Number.isFinite(each)) most = Math.abs(each);
  return most;
}

/** How much larger than usual the page's text is. */
export function zoomOfText() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

/** Make an element. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

