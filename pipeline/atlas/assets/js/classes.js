/* Values to classes, and what can be counted of them. */

/** Class of a value, -1 where there is none. A value on a break belongs to the class above it. */
export function classOf(value, breaks) {
  if (!Number.isFinite(value)) return -1;
  let k = 0;
  while (k < breaks.length && value >= breaks[k]) k++;
  return k;
}

/** Class per unit; units without a value get one class more than there are colours: the hatch. */
export function classed(values, breaks) {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const k = classOf(values[i], breaks);
    out[i] = k < 0 ? breaks.length + 1 : k;
  }
  return out;
}

/** How many units each class has. */
export function counted(classes, count) {
  const out = new Array(count).fill(0);
  for (const k of classes) if (k < count) out[k]++;
  return out;
}

/** Change from one value to another in per cent; nothing can be said of what began with nothing. */
export const change = (from, to) => (from > 0 && Number.isFinite(to) ? (to / from - 1) * 100 : NaN);

/** Place of a value among others, highest first, and how many there are: [place, of]. */
export function rank(values, value) {
  let place = 1;
  let of = 0;
  for (const other of values) {
    if (!Number.isFinite(other)) continue;
    of++;
    if (other > value) place++;
  }
  return [place, of];
}

/** Whether a value may belong to another class: its bounds lie in two. */
export const inDoubt = ([low, high], breaks) => classOf(low, breaks) !== classOf(high, breaks);
