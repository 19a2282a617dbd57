/* The panel: themes, indicators with the value of the corridor, and what buildings are coloured by. */
import { sparkline } from './charts.js';
import { element, one } from './dom.js';
import { hasYears } from './view.js';

/** Choices in a row, of which one is on. */
export function segments(group, options, chosen, choose) {
  return options.map(([value, label]) => element('label', {},
    element('input', { type: 'radio', name: group, value, checked: value === chosen, onchange: () => choose(value) }),
    element('span', { textContent: label })));
}

const themeOf = (page, column) => page.themes.find((t) => t.columns.includes(column));

function fillColumns(app, theme) {
  const { page, state, word } = app;
  one('#columns').replaceChildren(
    element('legend', {}, element('span', { textContent: word.indicator }), element('small', { textContent: word.corridor_value })),
    ...theme.columns.map((key) => {
      const column = page.columns[key];
      return element('label', { className: 'indicator' },
        element('input', { type: 'radio', name: 'column', value: key, checked: key === state.column, onchange: () => app.set({ column: key }) }),
        element('span', {}, column.label, element('small', { textContent: column.unit })),
        element('em', {}), element('b', {}));
    }));
  one('#columns').dataset.theme = theme.name;
}

export function fillPanel(app) {
  const { page, state } = app;
  one('#themes .segments').append(...segments('theme', page.themes.map((t) => [t.name, t.title]), themeOf(page, state.column).name, (name) => {
    app.set({ column: page.themes.find((t) => t.name === name).columns[0] });
  }));
  one('#themes').hidden = page.themes.length < 2;
  one('#buildings .segments').append(...segments('building', page.buildings.map((b) => [b.name, b.title]), state.building, (building) => app.set({ building })));
}

/** What is chosen, and the values of the corridor in the year that is shown. */
export function showPanel(app, view) {
  const { page, state, format } = app;
  const units = view.kind === 'units';
  one('#themes').hidden = !units || page.themes.length < 2;
  one('#columns').hidden = !units;
  one('#buildings').hidden = view.kind !== 'buildings';
  const theme = themeOf(page, state.column);
  if (one('#columns').dataset.theme !== theme.name) fillColumns(app, theme);
  const choices = { theme: theme.name, column: state.column, level: state.level, mode: view.mode, building: state.building };
  for (const [group, value] of Object.entries(choices)) {
    for (const input of document.querySelectorAll(`input[name="${group}"]`)) input.checked = input.value === value;
  }
  for (const input of document.querySelectorAll('#columns input')) {
    const column = page.columns[input.value];
    const series = column.corridor.map((v) => v ?? NaN);
    const at = series.length > 1 ? (hasYears(app) ? view.year : series.length - 1) : 0;
    const row = input.parentElement;
    row.querySelector('b').textContent = format.value(series[at], column);
    row.querySelector('em').replaceChildren(...(series.filter(Number.isFinite).length > 1 ? [sparkline(series, at)] : []));
    input.disabled = units && !view.level.has(input.value);
    row.classList.toggle('absent', input.disabled);
  }
}
