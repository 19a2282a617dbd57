/* Every area with its value: the map as a table, and as a file. */
import { doubts } from './card.js';
import { change } from './classes.js';
import { csvFile } from './csv.js';
import { showDialog } from './dialog.js';
import { element, save } from './dom.js';
import { filled } from './formats.js';
import { titleOf } from './head.js';

const SHOWN = 300; // rows that a page shows at once; the file has them all

/** What the table says of a view: its columns and rows of { text, value } cells; cells of doubt are text. */
export function tabulated(app, view) {
  const { page, format, word, state } = app;
  const { level } = view;
  const rows = Array.from({ length: level.count }, (_, i) => i);
  if (view.kind !== 'units') {
    const unit = view.kind === 'buildings' ? 'm²' : 'ha';
    const total = view.amounts.reduce((a, b) => a + b, 0) || 1;
    const labels = [...view.theme.labels, word.no_data];
    return {
      heads: [[view.theme.title ?? word.ground_title, 'text'], [word.number, 'number'], [unit, 'number'], ['%', 'number']],
      rows: labels.flatMap((label, k) => (view.counts[k] ? [{
        at: -1,
        cells: [{ text: label, value: label }, { text: format.number(view.counts[k]), value: view.counts[k] },
          { text: format.number(view.amounts[k], unit === 'ha' ? 1 : 0), value: Math.round(view.amounts[k] * 10) / 10 },
          { text: format.percent(view.amounts[k] / total, 1), value: Math.round((1000 * view.amounts[k]) / total) / 10 }],
      }] : [])),
    };
  }
  const { column } = view;
  const single = page.levels.find((l) => l.name === level.name).single;
  const named = level.label(0) !== level.id(0);
  const bounded = level.bounds(state.column);
  const years = level.yearly(state.column);
  const real = (whole) => (Number.isFinite(whole) ? whole / 10 ** column.decimals : NaN);
  const number = (whole) => ({ text: format.value(whole, column), value: real(whole) });
  const first = view.mode === 'one' ? 0 : view.other;
  return {
    heads: [
      ...(named ? [[single, 'text']] : []), ['code', 'text'],
      [`${column.label}${column.unit ? `, ${column.unit}` : ''}${years ? `, ${page.years[view.year]}` : ''}`, 'number'],
      ...(years ? [[String(page.years[first]), 'number'], [filled(word.since, { year: page.years[first] }), 'number']] : []),
      ...(bounded.size ? [[word.least, 'number'], [word.most, 'number']] : []),
      [word.remark, 'text'],
    ],
    rows: rows.map((i) => {
      const now = level.value(state.column, i, view.year);
      const then = level.value(state.column, i, first);
      const [low, high] = bounded.get(i) ?? [now, now];
      const changed = change(then, now);
      const remark = [...(Number.isFinite(now) ? [] : [word.no_data]), ...doubts(app, level, state.column, i).filter((said) => said !== word.estimate)].join(' ');
      return {
        at: i,
        cells: [
          ...(named ? [{ text: level.label(i), value: level.label(i) }] : []), { text: level.id(i), value: level.id(i) }, number(now),
          ...(years ? [number(then), { text: format.change(changed), value: Number.isFinite(changed) ? Math.round(10 * changed) / 10 : NaN }] : []),
          ...(bounded.size ? [number(low), number(high)] : []),
          { text: remark, value: remark },
        ],
      };
    }),
  };
}

/** Rows in the order of one column; what has no number comes last. */
export function ordered(rows, at, downwards, compare) {
  const sign = downwards ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a.cells[at].value, b.cells[at].value];
    if (typeof x === 'string') return sign * compare(x, y);
    if (Number.isFinite(x) !== Number.isFinite(y)) return Number.isFinite(x) ? -1 : 1;
    return sign * (x - y || 0);
  });
}

/** The file: the same columns, with a line that says what and from where. */
export function asFile(app, view) {
  const { heads, rows } = tabulated(app, view);
  const about = [titleOf(app, view)[0], app.page.project, app.page.notice, app.page.source, app.page.date].filter(Boolean).join(' · ');
  return csvFile([heads.map(([text]) => text), ...rows.map((row) => row.cells.map((c) => c.value)), [about]], app.page.language);
}

export function showTable(app, view) {
  const { word, page } = app;
  const { heads, rows } = tabulated(app, view);
  const sorting = { at: heads.findIndex(([, kind]) => kind === 'number'), down: true };
  let shown = SHOWN;

  function download() {
    save(new Blob([asFile(app, view)], { type: 'text/csv;charset=utf-8' }), `${view.level.name}-${view.kind === 'units' ? app.state.column : view.kind}.csv`);
    app.tell(word.csv_saved);
  }

  function head([text], k) {
    const now = k === sorting.at;
    const sort = now ? (sorting.down ? 'descending' : 'ascending') : 'none';
    return element('th', { scope: 'col', ariaSort: sort, className: heads[k][1] },
      element('button', { type: 'button', textContent: `${text}${now ? (sorting.down ? ' ↓' : ' ↑') : ''}`, onclick: () => {
        sorting.down = now ? !sorting.down : heads[k][1] === 'number';
        sorting.at = k;
        draw(k);
      } }));
  }

  function row({ at, cells }) {
    return element('tr', { className: view.doubt.has(at) ? 'unsure' : '' }, ...cells.map(({ text }, k) => (k === 0
      ? element('th', { scope: 'row' }, at < 0 ? text : element('button', { type: 'button', textContent: text, onclick: () => {
        dialog.close();
        app.find(view.level.name, view.level.id(at));
      } }))
      : element('td', { className: heads[k][1], textContent: text }))));
  }

  const place = element('div', { className: 'rows' });
  function draw(focus = -1) {
    const all = ordered(rows, sorting.at, sorting.down, app.format.compare);
    const grid = element('table', {}, element('caption', { className: 'unseen', textContent: titleOf(app, view)[0] }),
      element('thead', {}, element('tr', {}, ...heads.map(head))), element('tbody', {}, ...all.slice(0, shown).map(row)));
    place.replaceChildren(grid, all.length > shown ? element('p', {}, element('button', { type: 'button', className: 'button', textContent: filled(word.more_rows, { count: app.format.number(all.length - shown) }), onclick: () => {
      shown = Infinity;
      draw();
    } })) : '');
    if (focus >= 0) grid.querySelectorAll('thead button')[focus].focus();
  }

  draw();
  const level = page.levels.find((l) => l.name === view.level.name);
  const dialog = showDialog(app, 'table', titleOf(app, view)[0],
    element('p', { className: 'above' }, element('span', { textContent: [`${app.format.number(rows.length)} ${view.kind === 'units' ? level.plural : word.classes}`, view.column?.estimate && word.estimate].filter(Boolean).join(' · ') }), element('button', { type: 'button', className: 'button', id: 'csv', textContent: word.csv, onclick: download })), place);
}
