/* The blocks of the page, from letters back to numbers (pack.py says how they are made). */

/** Letters of a block to its bytes, decompressed. */
export async function inflate(text) {
  const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A block opened: its header, and a reader of the streams that follow. */
export function open(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  /** The next whole number: zigzag, seven bits a byte. Numbers fit in 53 bits, shifts in 32, so it multiplies. */
  function next() {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * scale;
    }
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
  return {
    header,
    numbers(count, into = new Int32Array(count)) {
      for (let i = 0; i < count; i++) into[i] = next();
      return into;
    },
    /** Steps added up: coordinates, in metres. */
    running(count, grid) {
      const out = new Float64Array(count);
      for (let i = 0, sum = 0; i < count; i++) out[i] = (sum += next()) * grid;
      return out;
    },
    /** Values of `count` units in `years` years, unit by unit; NaN where there is none. */
    values(count, years) {
      const out = new Float64Array(count * years);
      for (let i = 0; i < count; i++) {
        for (let y = 0, code = 0; y < years; y++) {
          code += next();
          out[i * years + y] = code === 0 ? NaN : code > 0 ? code - 1 : code;
        }
      }
      return out;
    },
  };
}

/** Counts as the position where each begins, and where the last one ends. */
export function starts(counts) {
  const out = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i];
  return out;
}

/** Shapes of a block: rings per unit (`first`), corners per ring (`start`), corners (`x`, `y`) in metres RD. */
export function shapes(block) {
  const { form, count, grid, side } = block.header;
  if (form === 'squares') {
    const west = block.running(count, 1);
    const south = block.running(count, 1);
    const x = new Float64Array(4 * count);
    const y = new Float64Array(4 * count);
    for (let i = 0; i < count; i++) {
      x.set([west[i], west[i] + side, west[i] + side, west[i]], 4 * i);
      y.set([south[i], south[i], south[i] + side, south[i] + side], 4 * i);
    }
    return {
      form, count, x, y, west, south,
      first: Uint32Array.from({ length: count + 1 }, (_, i) => i),
      start: Uint32Array.from({ length: count + 1 }, (_, i) => 4 * i),
    };
  }
  if (form === 'points') return { form, count, x: block.running(count, grid), y: block.running(count, grid) };
  const first = starts(block.numbers(count));
  const start = starts(block.numbers(block.header.rings));
  const corners = start[start.length - 1];
  return { form, count, first, start, x: block.running(corners, grid), y: block.running(corners, grid) };
}

/** Ids and names of the units, which a square tells by its corner. */
export function naming(header, { west, south }) {
  const id = header.id ?? Array.from(west, (x, i) => `E${x / 100}N${south[i] / 100}`);
  return { id, name: header.name ?? id };
}
