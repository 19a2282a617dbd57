/* Along the line: the indicator of every section from the first station to the last. */
import { profile, stacked } from './charts.js';
import { element, one } from './dom.js';
import { filled } from './formats.js';

const short = (name, all) => {
  const first = name.split(' ')[0];
  return all.some((other) => other !== name && other === first) && name.includes(' ') ? name.slice(first.length + 1) : name;
};

/** Names of stations for a narrow place: "Delft Campus" beside "Delft" is "Campus". */
export const shortNames = (names) => names.map((name) => short(name, names));

const km = (app, k) => `${app.format.number((app.page.line.from[k]) / 1000, 2)}–${app.format.number((app.page.line.from[k] + app.page.line.step) / 1000, 2)} km`;

/** The profile of an indicator, or nothing where there is no line or no value along it. */
export function showLine(app, view) {
  const place = one('#line');
  const { page, format, word, state } = app;
  const values = view.kind === 'units' ? page.line?.values[state.column]?.map((v) => v ?? NaN) : null;
  place.hidden = !values?.some(Number.isFinite);
  if (place.hidden) return;
  const { column } = view;
  const names = shortNames(page.line.stations.map(([name]) => name));
  const stations = page.line.stations.map(([, m], k) => [names[k], m]);
  const near = stations.map(([name, m]) => `${name} ${format.value(values[Math.min(values.length - 1, Math.floor(m / page.line.step))], column)}`).join(', ');
  place.replaceChildren(element('h2', { textContent: word.along_the_line }), element('p', { textContent: page.line.about }),
    profile({
      values, step: page.line.step, stations, colour: (v) => (view.mode === 'change' ? '#7fb2c4' : view.colour(v)),
      tick: (v) => format.value(v, column), label: filled(word.line_says, { label: column.label, near }),
      say: (k) => `${km(app, k)}: ${format.value(values[k], column)} ${column.unit}`,
      point: (k) => app.pointAt(k < 0 ? null : page.line.at[k]),
    }));
}

/** At land use: a bar per station area and per section. */
export function landBars(app) {
  const { page, word } = app;
  const { colours, labels } = page.ground;
  const said = (name, shares) => `${name}: ${shares.map((s, k) => [s, labels[k]]).filter(([s]) => s >= 0.005).map(([s, l]) => `${l} ${app.format.percent(s)}`).join(', ')}`;
  const row = (name, shares) => [element('span', { textContent: name }), shares ? stacked(shares, colours, said(name, shares)) : element('span', { className: 'stacked hatch', textContent: '' })];
  const found = [];
  const areas = page.areas.filter((a) => a.land);
  if (areas.length) {
    const names = shortNames(areas.map((a) => a.name));
    found.push(element('h2', { textContent: word.station_areas }), element('p', { textContent: filled(word.within, { radius: app.format.number(page.radius) }) }),
      element('div', { className: 'landbars' }, ...areas.flatMap((a, k) => row(names[k], a.land))));
  }
  if (page.line?.land.length) {
    const stops = page.line.stations.map(([name, m]) => [name, Math.min(page.line.land.length - 1, Math.floor(m / page.line.step))]);
    const names = shortNames(stops.map(([name]) => name));
    found.push(element('h2', { textContent: word.along_the_line }), element('p', { textContent: page.line.about }),
      element('div', { className: 'landsections' }, ...page.line.land.flatMap((shares, k) => {
        const at = stops.findIndex(([, where]) => where === k);
        return row(at >= 0 ? names[at] : '', shares).map((node, n) => {
          if (n === 1) {
            node.title = `${km(app, k)}`;
            node.addEventListener('pointerenter', () => app.pointAt(page.line.at[k]));
            node.addEventListener('pointerleave', () => app.pointAt(null));
          }
          return node;
        });
      })));
  }
  return found;
}
