/* Of the buildings in view: when they were built, and what they are used for. */
import { histogram, stacked } from './charts.js';
import { classOf } from './classes.js';
import { element, one } from './dom.js';
import { filled } from './formats.js';
import { touches } from './geometry.js';
import { landBars } from './line.js';

const DECADE = 10;
const FIRST = 1900;

/** Counts per ten years, and area per use, of the buildings whose box touches a window. */
export function tallied(level, window, built, uses, last) {
  const decades = new Array(Math.floor((last - FIRST) / DECADE) + 2).fill(0); // the first is all before
  const areas = new Array(uses + 1).fill(0);
  let count = 0;
  let unknown = 0;
  for (let i = 0; i < level.count; i++) {
    if (!touches(level.g, i, window)) continue;
    const year = level.value('construction_year', i);
    if (built !== null && !(year <= built)) continue;
    count++;
    const use = level.value('use', i);
    areas[Number.isFinite(use) ? use : uses] += level.value('footprint_m2', i);
    if (Number.isFinite(year)) decades[Math.max(0, Math.min(decades.length - 1, Math.floor((year - FIRST) / DECADE) + 1))]++;
    else unknown++;
  }
  return { count, unknown, decades, areas };
}

function buildings(app, view) {
  const { page, word, format } = app;
  const [uses, years] = ['use', 'construction_year'].map((name) => page.buildings.find((b) => b.name === name));
  const last = view.years.reduce((a, b) => (b > a ? b : a), FIRST);
  const { count, unknown, decades, areas } = tallied(view.level, app.window(), app.state.built, uses.labels.length, last);
  const colours = decades.map((_, k) => years.colours[classOf(k === 0 ? FIRST - 1 : FIRST + (k - 1) * DECADE + DECADE / 2, years.breaks)]);
  const every = (k) => String(FIRST + (k - 1) * DECADE);
  const ticks = [[0, filled(word.before, { year: FIRST })], ...[6, 11].filter((k) => k < decades.length - 3).map((k) => [k, every(k)]), [decades.length - 1, every(decades.length - 1)]];
  const total = areas.reduce((a, b) => a + b, 0) || 1;
  const shares = areas.map((a) => a / total);
  const labels = [...uses.labels, word.no_data];
  const palette = [...uses.colours, '#d5d9dc'];
  const rows = shares.map((s, k) => [s, k]).filter(([s]) => s >= 0.005).sort((a, b) => b[0] - a[0]);
  const swatch = (k) => {
    const node = element('i');
    node.style.background = palette[k];
    return node;
  };
  return [
    element('h2', { textContent: word.built_when }),
    element('p', { textContent: filled(word.in_view, { count: format.number(count) }) + (unknown ? ` · ${filled(word.without_year, { count: format.number(unknown) })}` : '') }),
    histogram({ counts: decades, colours, ticks, label: decades.map((n, k) => `${k ? every(k) : filled(word.before, { year: FIRST })}: ${n}`).join(', ') }),
    element('h2', { textContent: word.used_for }), element('p', { textContent: word.share_of_footprint }),
    stacked(shares, palette, rows.map(([s, k]) => `${labels[k]} ${format.percent(s)}`).join(', ')),
    element('ul', { className: 'categories' }, ...rows.map(([s, k]) => element('li', {}, swatch(k), element('span', { textContent: labels[k] }), element('b', { textContent: format.percent(s) })))),
  ];
}

export function showInView(app, view) {
  const place = one('#in-view');
  place.hidden = view.kind === 'units';
  if (view.kind === 'buildings') place.replaceChildren(...buildings(app, view));
  else if (view.kind === 'ground') place.replaceChildren(...landBars(app));
}
