/* Small figures, all drawn the same way: ink on white, one colour for what is chosen, one for what is compared. */
import { drawn, element, figure, svgText } from './dom.js';
import { roundUp } from './formats.js';

const INK = '#15212b';
const GRID = '#e3e7ea';
const ACCENT = '#0b5c7a';
const CHOSEN = '#c8102e';
const QUIET = '#77838d';

const path = (points) => points.map(([x, y], k) => (Number.isFinite(y) ? `${k && Number.isFinite(points[k - 1][1]) ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}` : '')).join('');

/** A series in the width of a word, with a dot at one place. */
export function sparkline(values, at) {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (k) => 3 + (60 * k) / Math.max(1, values.length - 1);
  const y = (v) => 18 - (14 * (v - low)) / (high - low || 1);
  return drawn('svg', { width: 56, height: 22, viewBox: '0 0 66 22', 'aria-hidden': 'true' },
    drawn('path', { d: path(values.map((v, k) => [x(k), Number.isFinite(v) ? y(v) : NaN])), fill: 'none', stroke: QUIET, 'stroke-width': 1.5 }),
    Number.isFinite(values[at]) ? drawn('circle', { cx: x(at), cy: y(values[at]), r: 2.8, fill: ACCENT }) : null);
}

function frame(width, height, { left, right, top, bottom, low, high, tick }) {
  const y = (v) => height - bottom - ((height - bottom - top) * (v - low)) / (high - low);
  return {
    x: (share) => left + (width - left - right) * share,
    y,
    grid: [low, (low + high) / 2, high].flatMap((v) => [
      drawn('line', { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: GRID }),
      svgText(left - 5, y(v) + 4, tick(v), { 'text-anchor': 'end' }),
    ]),
  };
}

/** A value over the years, beside that of the whole corridor. */
export function trend({ years, values, whole, at, tick, label, legend }) {
  const all = [...values, ...whole].filter(Number.isFinite);
  const f = frame(300, 118, { left: 44, right: 10, top: 10, bottom: 22, low: Math.min(0, ...all), high: roundUp(Math.max(...all)), tick });
  const span = years[years.length - 1] - years[0] || 1;
  const at_ = (k) => f.x((years[k] - years[0]) / span);
  const curve = (row) => path(row.map((v, k) => [at_(k), Number.isFinite(v) ? f.y(v) : NaN]));
  return figure(300, 118, label, ...f.grid,
    drawn('path', { d: curve(whole), fill: 'none', stroke: QUIET, 'stroke-width': 1.8, 'stroke-dasharray': '4 3' }),
    drawn('path', { d: curve(values), fill: 'none', stroke: CHOSEN, 'stroke-width': 2.6, 'stroke-linejoin': 'round' }),
    ...values.map((v, k) => (Number.isFinite(v) ? drawn('circle', { cx: at_(k), cy: f.y(v), r: k === at ? 4.5 : 2.5, fill: CHOSEN, stroke: '#fff', 'stroke-width': k === at ? 2 : 1 }) : null)),
    svgText(44, 113, years[0]), svgText(290, 113, years[years.length - 1], { 'text-anchor': 'end' }),
    svgText(167, 113, legend, { 'text-anchor': 'middle' }));
}

/** GSI across and FSI up, with the lines of equal numbers of layers. Points are [gsi, fsi]; the last one is the chosen. */
export function spacematrix({ points, chosen, label, layer, format }) {
  const known = points.filter(([g, f]) => Number.isFinite(g) && Number.isFinite(f));
  const right = Math.min(1, Math.max(0.3, ...known.map(([g]) => Math.ceil(g * 10) / 10), Number.isFinite(chosen?.[0]) ? Math.ceil(chosen[0] * 10) / 10 : 0));
  const top = Math.max(1, ...known.map(([, f]) => Math.ceil(f * 2) / 2), Number.isFinite(chosen?.[1]) ? Math.ceil(chosen[1] * 2) / 2 : 0);
  const x = (g) => 32 + (262 * g) / right;
  const y = (f) => 134 - (122 * f) / top;
  const lines = [1, 2, 4, 8].map((l) => {
    const end = Math.min(right, top / l);
    const side = end < right;
    return [
      drawn('line', { x1: x(0), y1: y(0), x2: x(end), y2: y(end * l), stroke: '#dfe4e8' }),
      svgText(x(end) - (side ? 0 : 2), y(end * l) + (side ? -2 : -4), l === 1 ? layer : l, { 'text-anchor': side ? 'middle' : 'end', 'font-size': 10 }),
    ];
  });
  const xs = [0, right / 2, right];
  const ys = [0, top / 2, top];
  return figure(304, 162, label, drawn('path', { d: 'M32 12V134H294', fill: 'none', stroke: '#9aa5ae' }), ...lines.flat(),
    ...known.map(([g, f]) => drawn('circle', { cx: x(g), cy: y(f), r: 2.6, fill: QUIET, 'fill-opacity': 0.55 })),
    chosen && chosen.every(Number.isFinite) ? drawn('circle', { cx: x(chosen[0]), cy: y(chosen[1]), r: 6, fill: CHOSEN, stroke: '#fff', 'stroke-width': 2 }) : null,
    ...xs.map((v, k) => svgText(x(v) + (k === 2 ? 8 : 0), 148, format(v, 2), { 'text-anchor': k === 2 ? 'end' : 'middle' })), ...ys.map((v) => svgText(27, y(v) + 4, format(v, 1), { 'text-anchor': 'end' })),
    svgText(294, 160, 'GSI', { 'text-anchor': 'end', 'font-weight': 600 }), svgText(38, 14, 'FSI', { 'font-weight': 600 }));
}

/** Where a value stands among others, from low to high: a line with a dot. */
export function strip(place, of) {
  const track = element('span', { className: 'strip' }, element('u'));
  if (of > 0) {
    const dot = element('i');
    dot.style.left = `${of > 1 ? 100 * (1 - (place - 1) / (of - 1)) : 50}%`;
    track.append(dot);
  }
  return track;
}

/**
 * The value of every section along the line, from the first station to the last.
 *
 * `point(k)` is called with the section under the pointer or the arrow keys, with -1 when it is left.
 */
export function profile({ values, step, stations, tick, say, label, point, colour }) {
  const [width, left, right, base] = [324, 42, 8, 96];
  const known = values.filter(Number.isFinite);
  const high = roundUp(Math.max(0, ...known));
  const length = step * values.length;
  const x = (m) => left + ((width - left - right) * m) / length;
  const y = (v) => base - (80 * v) / high;
  const bars = values.map((v, k) => (Number.isFinite(v)
    ? drawn('rect', { x: x(k * step) + 0.4, width: Math.max(0.5, x(step) - x(0) - 0.8), y: y(v), height: base - y(v), fill: colour(v), stroke: INK, 'stroke-opacity': 0.35, 'stroke-width': 0.6 })
    : drawn('rect', { x: x(k * step), width: x(step) - x(0), y: base - 5, height: 5, fill: 'url(#profile-none)' })));
  const lanes = [-Infinity, -Infinity]; // names share two lines of text, so that neighbours don't meet
  const marks = stations.flatMap(([name, m], k) => {
    const anchor = k === 0 ? 'start' : k === stations.length - 1 ? 'end' : 'middle';
    const half = name.length * 3;
    const lane = x(m) - half > lanes[0] ? 0 : 1;
    lanes[lane] = x(m) + half;
    return [
      drawn('line', { x1: x(m), x2: x(m), y1: 14, y2: base, stroke: INK, 'stroke-width': 0.9, 'stroke-dasharray': '1 3' }),
      drawn('circle', { cx: x(m), cy: base, r: 4, fill: '#fff', stroke: INK, 'stroke-width': 2 }),
      svgText(Math.min(width - 2, Math.max(left - 8, x(m))), lane ? 125 : 112, name, { 'text-anchor': anchor, fill: INK }),
    ];
  });
  const cursor = drawn('rect', { y: 14, height: base - 14, width: x(step) - x(0), fill: CHOSEN, 'fill-opacity': 0.18, stroke: CHOSEN, visibility: 'hidden' });
  const said = svgText(0, 10, '', { fill: INK, 'font-weight': 600, 'text-anchor': 'middle' });
  const none = drawn('pattern', { id: 'profile-none', width: 4, height: 4, patternUnits: 'userSpaceOnUse' }, drawn('path', { d: 'M0 4L4 0', stroke: '#9aa4ac', 'stroke-width': 0.8 }));
  const svg = figure(width, 128, label, drawn('defs', {}, none),
    ...[0, high / 2, high].flatMap((v) => [drawn('line', { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: GRID }), svgText(left - 4, y(v) + 4, tick(v), { 'text-anchor': 'end' })]),
    ...bars, ...marks, cursor, said);
  let now = -1;
  const show = (k) => {
    now = k;
    cursor.setAttribute('visibility', k < 0 ? 'hidden' : 'visible');
    said.textContent = k < 0 ? '' : say(k);
    if (k >= 0) {
      cursor.setAttribute('x', x(k * step));
      said.setAttribute('x', Math.max(90, Math.min(width - 90, x((k + 0.5) * step))));
    }
    point(k);
  };
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const m = ((((event.clientX - box.left) / box.width) * width - left) / (width - left - right)) * length;
    show(Math.max(0, Math.min(values.length - 1, Math.floor(m / step))));
  });
  svg.addEventListener('pointerleave', () => show(-1));
  svg.setAttribute('tabindex', '0');
  svg.addEventListener('blur', () => show(-1));
  svg.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    show(Math.max(0, Math.min(values.length - 1, now < 0 ? 0 : now + by)));
  });
  return svg;
}

/** Shares that are together one, as a bar. */
export function stacked(shares, colours, label) {
  const bar = element('span', { className: 'stacked', role: 'img', ariaLabel: label });
  shares.forEach((share, k) => {
    if (!(share > 0)) return;
    const part = element('i');
    part.style.cssText = `width:${100 * share}%;background:${colours[k]}`;
    bar.append(part);
  });
  return bar;
}

/** Counts per step as columns, each in its own colour. */
export function histogram({ counts, colours, ticks, label }) {
  const [width, base, top] = [324, 84, 8];
  const most = Math.max(1, ...counts);
  const step = (width - 6) / counts.length;
  return figure(width, 102, label,
    drawn('line', { x1: 3, x2: width - 3, y1: base, y2: base, stroke: '#9aa5ae' }),
    ...counts.map((n, k) => drawn('rect', { x: 3 + k * step + 0.5, width: Math.max(0.5, step - 1), y: base - ((base - top) * n) / most, height: ((base - top) * n) / most, fill: colours[k], stroke: INK, 'stroke-opacity': 0.3, 'stroke-width': 0.5 })),
    ...ticks.map(([k, text], n) => svgText(3 + k * step, 98, text, { 'text-anchor': n === 0 ? 'start' : n === ticks.length - 1 ? 'end' : 'middle' })));
}
