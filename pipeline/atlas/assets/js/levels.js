/* The levels: units, buildings and plots, each unpacked when it is first shown. */
import { middleOf, outline, project, unitAt, unitBounds } from './geometry.js';
import { inflate, naming, open, shapes } from './unpack.js';

const EMPTY = new Map();

function sparse(rows) {
  const [at, ...columns] = rows;
  return new Map(at.map((i, k) => [i, columns.map((c) => c[k])]));
}

function unpack(name, bytes, space) {
  const block = open(bytes);
  const { header } = block;
  const shape = shapes(block);
  const g = project(shape, space);
  const columns = new Map((header.columns ?? []).map(([key, years, missing = 0]) => {
    const values = block.values(shape.count, years);
    const why = new Map(); // position of a value that is missing now -> number of the reason
    const reasons = block.numbers(missing);
    for (let i = 0, k = 0; k < missing; i++) if (Number.isNaN(values[(i + 1) * years - 1])) why.set(i, reasons[k++]);
    return [key, { years, values, why }];
  }));
  const bounds = new Map(Object.entries(header.bounds ?? {}).map(([key, rows]) => [key, sparse(rows)]));
  const coverage = new Map(Object.entries(header.coverage ?? {}).map(([key, rows]) => [key, sparse(rows)]));
  const known = header.id !== undefined ? naming(header, shape) : { id: [], name: [] };
  return {
    name, g, count: shape.count, header, columns,
    id: (i) => known.id[i] ?? null,
    label: (i) => known.name[i] ?? '',
    indexOf: (id) => known.id.indexOf(id),
    has: (key) => columns.has(key),
    /** All values of a column in a year; one without a series is the same in every year. */
    values(key, year) {
      const found = columns.get(key);
      if (!found) return new Float64Array(shape.count).fill(NaN);
      if (found.years === 1) return found.values;
      return Float64Array.from({ length: shape.count }, (_, i) => found.values[i * found.years + year]);
    },
    value(key, i, year) {
      const found = columns.get(key);
      if (!found) return NaN;
      return found.values[found.years === 1 ? i : i * found.years + year];
    },
    /** Number of the reason why a value of now is missing, 0 where nothing says it. */
    why: (key, i) => columns.get(key)?.why.get(i) ?? 0,
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
