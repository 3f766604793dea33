// The packed parts of a living picture: compressed by Python, and unpacked by the browser.

/**
 * Return the bytes of the packed element with an id.
 * @param {string} id
 */
export function unpacked(id) {
  const text = document.getElementById(id)?.textContent ?? "";
  return gunzipped(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)));
}

/**
 * Return compressed bytes as they were.
 * @param {Uint8Array<ArrayBuffer>} packed
 */
export async function gunzipped(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Return the message that Python has rearranged so that it compresses well: `bytes` holds the lag,
 * then the message, whose numbers are differences from the number one lag before, byte by byte.
 * @param {Uint8Array} bytes
 */
export function restored(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const lag = view.getUint32(0, true);
  const message = bytes.slice(4);
  const start = 4 + view.getUint32(4, true);
  const numbers = new Uint32Array(message.buffer, start);
  const planes = bytes.subarray(4 + start);
  const count = numbers.length;
  for (let place = 0; place < count; place += 1) {
    let number = place < lag ? 0 : numbers[place - lag];
    for (let plane = 0; plane < 4; plane += 1) {
      number ^= planes[plane * count + place] << (8 * plane);
    }
    numbers[place] = number;
  }
  return message;
}
