/* The levels: units, buildings and plots, each unpacked when it is first shown. */
import { middleOf, outline, project, unitAt, unitBounds } from './geometry.js';
import { inflate, naming, open, shapes } from './unpack.js';

const EMPTY = new Map();

function sparse(rows) {
  const [at, ...columns] = rows;
  return new Map(at.map((i, k) => [i, columns.map((c) => c[k])]));
}

/** The same numbers in half the memory, where none of them needs more. */
function narrow(values) {
  for (const v of values) if (Math.fround(v) !== v && !Number.isNaN(v)) return values;
  return Float32Array.from(values);
}

function ofYear({ values, years }, count, year) {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = values[i * years + year];
  return out;
}

function unpack(name, bytes, space) {
  const block = open(bytes);
  const { header } = block;
  const shape = shapes(block);
  const g = project(shape, space);
  const columns = new Map((header.columns ?? []).map(([key, years, missing = 0]) => {
    const values = block.values(shape.count, years);
    const why = missing ? new Uint16Array(shape.count) : null; // number of the reason, where the value of now is missing
    const reasons = block.numbers(missing);
    for (let i = 0, k = 0; k < missing; i++) if (Number.isNaN(values[(i + 1) * years - 1])) why[i] = reasons[k++];
    return [key, { years, values: narrow(values), why }];
  }));
  const bounds = new Map(Object.entries(header.bounds ?? {}).map(([key, rows]) => [key, sparse(rows)]));
  const coverage = new Map(Object.entries(header.coverage ?? {}).map(([key, rows]) => [key, sparse(rows)]));
  const known = header.id !== undefined ? naming(header, shape) : { id: [], name: [] };
  return makeLevel({ name, g, count: shape.count, header, columns, bounds, coverage, known, space });
}

/** A level as others ask it. Of its own, or its functions would keep the bytes that it was unpacked from. */
function makeLevel({ name, g, count, header, columns, bounds, coverage, known, space }) {
  return {
    name, g, count, header, columns,
    id: (i) => known.id[i] ?? null,
    label: (i) => known.name[i] ?? '',
    indexOf: (id) => known.id.indexOf(id),
    has: (key) => columns.has(key),
    /** All values of a column in a year; one without a series is the same in every year. */
    values(key, year) {
      const found = columns.get(key);
      if (!found) return new Float64Array(count).fill(NaN);
      if (found.years === 1) return found.values;
      return ofYear(found, count, year);
    },
    value(key, i, year) {
      const found = columns.get(key);
      if (!found) return NaN;
      return found.values[found.years === 1 ? i : i * found.years + year];
    },
    /** Number of the reason why a value of now is missing, 0 where nothing says it. */
    why: (key, i) => columns.get(key)?.why?.[i] ?? 0,
    yearly: (key) => (columns.get(key)?.years ?? 1) > 1,
    bounds: (key) => bounds.get(key) ?? EMPTY,
    coverage: (key) => coverage.get(key) ?? EMPTY,
    at: (latlng) => unitAt(g, ...space.fromLatLng(latlng)),
    outline: (i) => outline(g, i, space),
    middle: (i) => middleOf(g, i),
    boundsOf: (i) => unitBounds(g, i, space),
  };
}

/** The levels of a page, by name; `text` gives the letters of a block. */
export function makeLevels(space, text) {
  const waiting = new Map();
  const there = new Map();
  return {
    /** The level, unpacked; a second call gets the same one. */
    load(name) {
      if (!waiting.has(name)) {
        waiting.set(name, inflate(text(name)).then((bytes) => {
          const level = unpack(name, bytes, space);
          there.set(name, level);
          return level;
        }));
      }
      return waiting.get(name);
    },
    /** The level if it is there already. */
    get: (name) => there.get(name),
  };
}
