/* The head of the panel: what is shown, what it means, and three figures. */
import { change } from './classes.js';
import { element, one } from './dom.js';
import { filled } from './formats.js';

const figure = (value, text) => element('div', {}, element('b', { textContent: value }), element('span', { textContent: text }));

/** Title, and the sentence below it. */
export function titleOf(app, view) {
  const { page, state, word } = app;
  const year = (t) => page.years[t] ?? '';
  if (view.kind === 'buildings') {
    const title = filled(word.buildings_by, { what: view.theme.title.toLowerCase() });
    return [state.built === null ? title : `${title}, ${filled(word.built_until, { year: state.built })}`, word.buildings_about];
  }
  if (view.kind === 'ground') return [word.ground_title, word.ground_about];
  const { column } = view;
  const titles = {
    one: column.corridor.length > 1 && page.years.length ? `${column.label}, ${year(view.year)}` : column.label,
    swipe: filled(word.two_years, { label: column.label, from: year(view.other), to: year(view.year) }),
    change: filled(word.change_of, { label: column.label, from: year(view.other), to: year(view.year) }),
  };
  return [titles[view.mode], column.meaning];
}

function figuresOf(app, view) {
  const { page, format, word } = app;
  if (view.kind === 'buildings') {
    const count = view.counts.reduce((a, b) => a + b, 0);
    const area = view.amounts.reduce((a, b) => a + b, 0);
    const most = view.amounts.indexOf(Math.max(...view.amounts));
    return [
      figure(format.number(count), word.buildings_count),
      figure(`${format.number(area / 10000)} ha`, word.footprint),
      figure(format.percent(view.amounts[most] / area), view.theme.labels[most]?.toLowerCase() ?? word.no_data),
    ];
  }
  if (view.kind === 'ground') {
    const area = view.amounts.reduce((a, b) => a + b, 0);
    const most = view.amounts.indexOf(Math.max(...view.amounts));
    return [
      figure(format.number(view.level.count), word.plots_count),
      figure(`${format.number(area)} ha`, word.area_total),
      figure(format.percent(view.amounts[most] / area), view.theme.labels[most]?.toLowerCase() ?? word.no_data),
    ];
  }
  const { column, level } = view;
  const whole = column.corridor;
  const now = whole[whole.length > 1 ? view.year : 0];
  const values = level.values(app.state.column, view.year);
  let most = -1;
  values.forEach((v, i) => {
    if (Number.isFinite(v) && (most < 0 || v > values[most])) most = i;
  });
  const found = [figure(format.value(now ?? NaN, column), word.corridor_mean)];
  if (whole.length > 1) found.push(figure(format.change(change(whole[view.mode === 'one' ? 0 : view.other], now)), filled(word.since, { year: page.years[view.mode === 'one' ? 0 : view.other] })));
  if (most >= 0) found.push(figure(format.value(values[most], column), filled(word.highest, { name: level.label(most) })));
  return found;
}

/** Write the head for a view. */
export function showHead(app, view) {
  const [title, about] = titleOf(app, view);
  one('#title').textContent = title;
  one('#meaning').textContent = about;
  one('#figures').replaceChildren(...figuresOf(app, view));
  document.title = `${title} – ${app.page.project}`;
}
