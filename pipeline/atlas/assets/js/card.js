/* The card of one area: its value, how sure that is, its place among the others, and the Spacematrix. */
import { change, rank } from './classes.js';
import { spacematrix, strip, trend } from './charts.js';
import { element, one } from './dom.js';
import { filled, ordinal } from './formats.js';

const heading = (text) => element('h3', { textContent: text });

/** What is known of one value, as a reader says it: [number or words, unit]. */
export function say(app, level, key, i, year) {
  const column = app.page.columns[key];
  const value = level.value(key, i, year);
  if (Number.isFinite(value)) return [app.format.value(value, column), column.unit];
  const between = level.bounds(key).get(i);
  if (!between) return [app.word.no_data, ''];
  const [low, high] = between.map((v) => app.format.value(v, column));
  return [filled(app.word.between, { low, high }), column.unit];
}

/** In words, what is not sure of a value; nothing where all of it is known. */
export function doubts(app, level, key, i) {
  const column = app.page.columns[key];
  const said = [];
  const why = app.page.reasons[level.why(key, i)];
  if (why && !Number.isFinite(level.value(key, i, app.page.years.length - 1))) said.push(`${why[0].toUpperCase()}${why.slice(1)}.`);
  const between = level.bounds(key).get(i);
  if (between && Number.isFinite(level.value(key, i, app.page.years.length - 1))) {
    const [low, high] = between.map((v) => app.format.value(v, column));
    said.push(filled(app.word.lies_between, { low, high }));
  }
  const measured = column.coverage && level.coverage(column.coverage).get(i);
  if (measured) said.push(filled(app.word.measured, { percent: `${measured[0]}%` }));
  if (column.estimate) said.push(app.word.estimate);
  return said;
}

function trendOf(app, view, i) {
  const { page, format, state, word } = app;
  const values = page.years.map((_, t) => view.level.value(state.column, i, t));
  const { column } = view;
  return [heading(`${column.label}, ${page.years[0]}–${page.years[page.years.length - 1]}`), trend({
    years: page.years, values, whole: column.corridor.map((v) => v ?? NaN), at: view.year,
    tick: (v) => format.value(v, column), legend: word.dashed_corridor,
    label: page.years.map((y, t) => `${y}: ${format.value(values[t], column)}`).join(', '),
  })];
}

/** The indicators of the theme, each with its place among all areas; those of the other themes below, folded. */
function strips(app, view, i) {
  const { page, format, word } = app;
  const level = page.levels.find((l) => l.name === view.level.name);
  const rows = (theme) => theme.columns.filter((key) => view.level.has(key)).flatMap((key) => {
    const column = page.columns[key];
    const value = view.level.value(key, i, view.year);
    const [place, of] = rank(view.level.values(key, view.year), value);
    const now = key === app.state.column;
    return [
      element('span', { className: now ? 'now' : '', textContent: column.short, title: column.label }),
      strip(place, Number.isFinite(value) ? of : 0),
      element('b', { textContent: format.value(value, column), title: column.unit }),
    ];
  });
  const here = page.themes.find((theme) => theme.columns.includes(app.state.column));
  const others = page.themes.filter((theme) => theme !== here);
  return [
    heading(filled(word.position, { plural: level.plural })), element('div', { className: 'strips' }, ...rows(here)),
    others.length ? element('details', { open: app.unfolded, ontoggle: (event) => (app.unfolded = event.target.open) }, element('summary', { textContent: word.all_figures }),
      ...others.flatMap((theme) => [element('h4', { textContent: theme.title }), element('div', { className: 'strips' }, ...rows(theme))])) : null,
  ];
}

function matrix(app, view, i) {
  const { page, format, word } = app;
  if (!view.level.has('gsi') || !view.level.has('fsi_gross')) return [];
  const real = (key, k) => view.level.value(key, k, view.year) / 10 ** page.columns[key].decimals;
  const step = Math.ceil(view.level.count / 400);
  const points = Array.from({ length: Math.ceil(view.level.count / step) }, (_, k) => [real('gsi', k * step), real('fsi_gross', k * step)]);
  const chosen = [real('gsi', i), real('fsi_gross', i)];
  return [heading(word.spacematrix), spacematrix({ points, chosen, layer: word.one_layer, format: format.number, label: filled(word.spacematrix_says, { gsi: format.number(chosen[0], 2), fsi: format.number(chosen[1], 2) }) })];
}

function facts(app, view, i) {
  const rows = app.page.facts.filter((key) => view.level.has(key)).flatMap((key) => {
    const [value, unit] = say(app, view.level, key, i, view.year);
    return [element('dt', { textContent: app.page.columns[key].label }), element('dd', {}, element('b', { textContent: value }), ` ${unit}`)];
  });
  return rows.length ? [element('dl', {}, ...rows)] : [];
}

function ofUnit(app, view, i) {
  const { page, format, state, word } = app;
  const { level, column } = view;
  const kind = page.levels.find((l) => l.name === level.name);
  const value = level.value(state.column, i, view.year);
  const [number, unit] = say(app, level, state.column, i, view.year);
  const [place, of] = rank(level.values(state.column, view.year), value);
  const since = level.yearly(state.column) ? change(level.value(state.column, i, 0), value) : NaN;
  const where = [
    Number.isFinite(value) ? filled(word.rank, { place: ordinal(place, page.language), of: format.number(of), plural: kind.plural }) : '',
    Number.isFinite(since) && view.year > 0 ? `${format.change(since)} ${filled(word.since, { year: page.years[0] })}` : '',
  ].filter(Boolean).join(' · ');
  const unsure = doubts(app, level, state.column, i);
  const marked = view.doubt.has(i);
  return [
    element('h2', { textContent: level.label(i) }),
    element('p', { className: 'where', textContent: level.label(i) === level.id(i) ? kind.single : `${kind.single} · ${level.id(i)}` }),
    element('p', { className: 'value' }, element('b', { textContent: number }), ' ', element('span', { textContent: unit })),
    where ? element('p', { className: 'where', textContent: where }) : null,
    unsure.length ? element('p', { className: marked ? 'doubt' : 'where' }, marked ? element('i', { className: 'dots' }) : null, unsure.join(' ')) : null,
    ...(level.yearly(state.column) ? trendOf(app, view, i) : []),
    ...strips(app, view, i), ...matrix(app, view, i), ...facts(app, view, i),
    heading(word.what_it_says), element('p', { className: 'says', textContent: column.says }),
    heading(word.what_it_does_not_say), element('p', { className: 'says', textContent: column.saysNot }),
  ];
}

/** A building or a plot, in a few lines. */
export function facing(app, view, i) {
  const { format, page, word } = app;
  const { level } = view;
  if (view.kind === 'ground') {
    const group = page.ground.labels[level.value('group', i)] ?? word.no_data;
    return { title: level.header.uses[level.value('use', i)], about: group, rows: [[word.area_total, `${format.number(level.value('area_are', i) / 100, 1)} ha`]] };
  }
  const uses = page.buildings.find((b) => b.name === 'use');
  const year = level.value('construction_year', i);
  return {
    title: uses.labels[level.value('use', i)] ?? word.no_data,
    about: Number.isFinite(year) ? filled(word.built_in, { year }) : word.year_unknown,
    rows: [
      [word.addresses_in_it, format.number(level.value('verblijfsobject_count', i))],
      [word.footprint, `${format.number(level.value('footprint_m2', i))} m²`],
    ],
  };
}

function ofThing(app, view, i) {
  const { title, about, rows } = facing(app, view, i);
  return [
    element('h2', { textContent: title }), element('p', { className: 'where', textContent: about }),
    element('dl', {}, ...rows.flatMap(([label, value]) => [element('dt', { textContent: label }), element('dd', {}, element('b', { textContent: value }))])),
  ];
}

/** Show the card of a unit, or hide it with -1. */
export function showCard(app, view, i) {
  const card = one('#card');
  card.hidden = i < 0;
  document.body.classList.toggle('with-card', i >= 0);
  if (i < 0) return;
  const close = element('button', { type: 'button', id: 'close', ariaLabel: app.word.close, textContent: '×', onclick: () => app.choose(-1) });
  const parts = view.kind === 'units' ? ofUnit(app, view, i) : ofThing(app, view, i);
  card.replaceChildren(close, ...parts.filter(Boolean));
  card.scrollTop = 0;
}
