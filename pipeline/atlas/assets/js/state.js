/* What the reader chose, and the same as the end of an address: a link gives the view back. */

const MODES = ['one', 'swipe', 'change'];
/** A number that was written; an empty text is none. */
const number = (text) => (text ? Number(text) : NaN);

/** What is shown at the start. */
export function initial(page) {
  const last = Math.max(0, page.years.length - 1);
  return {
    column: page.themes[0].columns[0], level: page.start, mode: 'one', year: last, other: 0,
    unit: null, building: page.buildings[0].name, built: null, background: 'grijs', hidden: [], views: [],
  };
}

/** The state as the end of an address, with the middle and the zoom of the map where they are given. */
export function toHash(state, page, place) {
  const out = new URLSearchParams({ i: state.column, l: state.level });
  if (page.years.length) {
    out.set('j', page.years[state.year]);
    out.set('v', page.years[state.other]);
  }
  if (state.mode !== 'one') out.set('m', state.mode);
  if (state.unit) out.set('b', state.unit);
  if (state.level === 'pand') out.set('p', state.building);
  if (state.built !== null) out.set('t', state.built);
  if (state.background !== 'grijs') out.set('a', state.background);
  if (state.hidden.length) out.set('x', state.hidden.join(' '));
  if (place) out.set('k', [place.zoom, place.lat.toFixed(5), place.lng.toFixed(5)].join('/'));
  for (const view of state.views) out.append('w', view);
  return out.toString();
}

/** The state that the end of an address tells; what it doesn't know keeps its start. Gives [state, place or null]. */
export function fromHash(hash, page, layers = []) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const state = initial(page);
  const choose = (key, name, known) => {
    const value = given.get(key);
    if (value !== null && known.includes(value)) state[name] = value;
  };
  choose('i', 'column', page.themes.flatMap((t) => t.columns));
  choose('l', 'level', page.levels.map((l) => l.name));
  choose('m', 'mode', page.years.length > 1 ? MODES : ['one']);
  choose('p', 'building', page.buildings.map((b) => b.name));
  choose('a', 'background', ['none', 'grijs', 'pastel', 'standaard', 'luchtfoto']);
  for (const [key, name] of [['j', 'year'], ['v', 'other']]) {
    const at = page.years.indexOf(Number(given.get(key)));
    if (at >= 0) state[name] = at;
  }
  state.unit = given.get('b') || null;
  const built = number(given.get('t'));
  state.built = Number.isInteger(built) ? built : null;
  state.hidden = (given.get('x') ?? '').split(' ').filter((name) => layers.includes(name));
  state.views = given.getAll('w').slice(0, 50);
  const place = (given.get('k') ?? '').split('/').map(number);
  return [state, place.length === 3 && place.every(Number.isFinite) ? { zoom: place[0], lat: place[1], lng: place[2] } : null];
}
