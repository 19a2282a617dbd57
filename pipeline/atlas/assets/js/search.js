/* Search over areas, stations and streets: a combobox, usable with the keys alone. */
import { element, one } from './dom.js';
import { plain } from './formats.js';
import { inflate, open } from './unpack.js';

const MOST = 10;

/** Those whose name has the letters, names that begin with them first. */
export function matches(items, query, most = MOST) {
  const wanted = plain(query.trim());
  if (!wanted) return [];
  const found = items.filter((item) => item.key.includes(wanted));
  const rank = (item) => (item.key.startsWith(wanted) ? 0 : item.key.includes(` ${wanted}`) ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b) || a.order - b.order || a.key.length - b.key.length).slice(0, most);
}

async function streets(app) {
  const letters = document.getElementById('data-street');
  if (!letters) return [];
  const block = open(await inflate(letters.textContent));
  const { count, grid, name, places } = block.header;
  const [x, y] = [block.running(count, grid), block.running(count, grid)];
  const of = block.numbers(count);
  return name.map((text, i) => ({
    text, about: `${app.word.street} · ${places[of[i]]}`, order: 2,
    go: () => app.look(app.space.toLatLng(...app.space.fromRd(x[i], y[i])), 16.5),
  }));
}

async function areas(app) {
  const found = [];
  for (const { name, single, count } of app.page.levels) {
    if (count > 1000 || name === 'pand' || name === 'bodemgebruik' || name.startsWith('square')) continue;
    const level = await app.levels.load(name);
    if (level.label(0) === level.id(0)) continue;
    for (let i = 0; i < level.count; i++) found.push({ text: level.label(i), about: single, order: 1, go: () => app.find(name, level.id(i)) });
  }
  return found;
}

export function makeSearch(app) {
  const field = one('#search-field');
  const list = one('#found');
  let items = null;
  let now = -1;
  let shown = [];

  async function gather() {
    const stations = app.page.stations.map(({ name, at: [lat, lng] }) => ({ text: name, about: app.word.station, order: 0, go: () => app.look({ lat, lng }, 15) }));
    const all = [...stations, ...(await areas(app)), ...(await streets(app))];
    return all.map((item) => ({ ...item, key: plain(item.text) }));
  }

  function close() {
    list.replaceChildren();
    shown = [];
    now = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  function choose(k) {
    const item = shown[k];
    if (!item) return;
    field.value = item.text;
    close();
    item.go();
  }

  async function look() {
    items ??= gather();
    const all = await items;
    shown = matches(all, field.value);
    now = -1;
    field.removeAttribute('aria-activedescendant');
    list.replaceChildren(...shown.map((item, k) => element('li', { id: `found-${k}`, role: 'option', ariaSelected: 'false', onclick: () => choose(k) },
      element('span', { textContent: item.text }), element('small', { textContent: item.about }))));
    if (!shown.length && field.value.trim()) list.replaceChildren(element('li', { className: 'nothing', role: 'option', ariaDisabled: 'true', ariaSelected: 'false', textContent: app.word.nothing_found }));
    field.setAttribute('aria-expanded', String(list.children.length > 0));
  }

  field.addEventListener('input', look);
  // A click on the list comes first; and who came back meanwhile keeps the list.
  field.addEventListener('blur', () => setTimeout(() => document.activeElement !== field && close(), 150));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (!shown.length) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      now = now < 0 && by < 0 ? shown.length - 1 : (now + by + shown.length) % shown.length;
      [...list.children].forEach((row, k) => row.setAttribute('aria-selected', String(k === now)));
      field.setAttribute('aria-activedescendant', `found-${now}`);
      list.children[now].scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') choose(Math.max(0, now));
  });
  return { ready: () => (items ??= gather()) };
}
