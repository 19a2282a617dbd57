/* What is drawn now: for each unit a class, for each class a fill, and what the legend says of them. */
import { change, classOf, classed, counted, inDoubt } from './classes.js';
import { hatch } from './painter.js';

export const BUILDINGS = 'pand';
export const GROUND = 'bodemgebruik';
const HIDDEN = 254; // a class that no fill belongs to

/** Whether the years can be compared here. */
export const hasYears = ({ page, state, levels }) => page.years.length > 1 && Boolean(levels.get(state.level)?.yearly(state.column));

function units(app, level) {
  const { page, state } = app;
  const column = page.columns[state.column];
  const years = hasYears(app);
  const mode = years ? state.mode : 'one';
  const last = Math.max(0, page.years.length - 1);
  const year = years ? state.year : last;
  const other = years ? state.other : last;
  const of = (t) => level.values(state.column, t);
  const changed = () => {
    const [from, to] = [of(other), of(year)];
    return Float64Array.from(to, (v, i) => change(from[i], v));
  };
  const values = mode === 'change' ? changed() : of(year);
  const scale = mode === 'change' ? page.change : column;
  const classes = classed(values, scale.breaks);
  const fills = [...scale.colours, hatch];
  const doubt = new Map(); // position -> why: its bounds, or how much was measured
  if (mode !== 'change' && year === last) {
    for (const [i, [low, high]] of level.bounds(state.column)) if (inDoubt([low, high], scale.breaks)) doubt.set(i, { low, high });
    for (const [i, [measured]] of level.coverage(column.coverage)) {
      if (measured < page.sure && Number.isFinite(values[i])) doubt.set(i, { ...doubt.get(i), measured });
    }
    for (const i of [...doubt.keys()]) if (!Number.isFinite(values[i])) doubt.delete(i); // hatched already
  }
  return {
    kind: 'units', level, column, mode, year, other, values, scale, classes, fills, doubt,
    compared: mode === 'swipe' ? classed(of(other), column.breaks) : null,
    counts: counted(classes, scale.colours.length),
    missing: values.reduce((n, v) => n + !Number.isFinite(v), 0),
    colour: (v) => scale.colours[Math.max(0, classOf(v, scale.breaks))],
  };
}

function buildings(app, level) {
  const { page, state } = app;
  const theme = page.buildings.find((b) => b.name === state.building);
  const values = level.values(theme.name);
  const years = level.values('construction_year');
  const areas = level.values('footprint_m2');
  const fills = [...theme.colours, '#d5d9dc'];
  const classes = new Uint8Array(level.count);
  const amounts = new Array(fills.length).fill(0);
  const counts = new Array(fills.length).fill(0);
  for (let i = 0; i < level.count; i++) {
    if (state.built !== null && !(years[i] <= state.built)) {
      classes[i] = HIDDEN;
      continue;
    }
    const k = theme.breaks ? classOf(values[i], theme.breaks) : Number.isFinite(values[i]) ? values[i] : -1;
    classes[i] = k < 0 ? theme.colours.length : k;
    counts[classes[i]]++;
    amounts[classes[i]] += areas[i];
  }
  return { kind: 'buildings', level, theme, classes, fills, counts, amounts, years, areas, values, mode: 'one', doubt: new Map() };
}

function ground(app, level) {
  const { page } = app;
  const groups = level.values('group');
  const areas = level.values('area_are');
  const fills = [...page.ground.colours, hatch];
  const classes = Uint8Array.from(groups, (k) => (Number.isFinite(k) ? k : page.ground.colours.length));
  const amounts = new Array(fills.length).fill(0);
  classes.forEach((k, i) => (amounts[k] += areas[i] / 100));
  return { kind: 'ground', level, theme: page.ground, classes, fills, counts: counted(classes, fills.length), amounts, areas, mode: 'one', doubt: new Map() };
}

/** What is drawn now; the level must have been loaded. */
export function makeView(app) {
  const level = app.levels.get(app.state.level);
  if (app.state.level === BUILDINGS) return buildings(app, level);
  if (app.state.level === GROUND) return ground(app, level);
  return units(app, level);
}
