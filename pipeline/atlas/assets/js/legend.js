/* The legend: a histogram of the classes, hatch for what is not known, dots for what is not sure. */
import { element, one } from './dom.js';

const swatch = (colour, className = '') => {
  const node = element('i', { className });
  if (colour) node.style.background = colour;
  return node;
};

/** Title and unit line of the legend. */
export function legendHead(app, view) {
  const { word } = app;
  if (view.kind === 'buildings') return [view.theme.title, word.share_of_footprint];
  if (view.kind === 'ground') return [word.ground_title, word.share_of_area];
  const level = app.page.levels.find((l) => l.name === view.level.name);
  const unit = view.mode === 'change' ? '%' : view.column.unit;
  return [view.mode === 'change' ? word.change : view.column.label, [unit, `${level.plural} ${word.per_class}`].filter(Boolean).join(' · ')];
}

function histogram(app, view) {
  const { scale, counts, missing, doubt } = view;
  const { format, word } = app;
  const most = Math.max(1, ...counts);
  const bars = element('div', { className: 'bars', ariaHidden: 'true' }, ...counts.map((n, k) => {
    const bar = swatch(scale.colours[k]);
    bar.style.height = `${12 + (30 * n) / most}px`;
    return element('div', {}, element('span', { textContent: format.number(n) }), bar);
  }));
  const edges = element('div', { className: 'edges', ariaHidden: 'true' }, ...scale.breaks.map((_, k) => {
    const label = element('span', { textContent: scale.edges?.[k] ?? (scale.breaks[k] > 0 ? '+' : '−') + format.number(Math.abs(scale.breaks[k])) });
    const none = k === 0 && scale.edges?.[0] === '0' && scale.breaks[0] === 1; // a class of its own: there is none
    label.style.left = `${(100 * (k + (none ? 0.5 : 1))) / scale.colours.length}%`;
    return label;
  }));
  edges.classList.toggle('tight', scale.breaks.length > 6 && (scale.edges ?? []).some((text) => text.length > 4));
  const said = element('ul', { className: 'unseen' }, ...scale.labels.map((label, k) => element('li', { textContent: `${label}: ${format.number(counts[k])}` })));
  const rest = [];
  if (missing) rest.push(element('p', { className: 'rest' }, swatch('', 'hatch'), `${word.no_data} (${format.number(missing)})`));
  if (doubt.size) rest.push(element('p', { className: 'rest' }, swatch('', 'dots'), `${word.not_sure} (${format.number(doubt.size)})`));
  return [bars, edges, said, ...rest];
}

function categories(app, view) {
  const total = view.amounts.reduce((a, b) => a + b, 0) || 1;
  const labels = [...view.theme.labels, app.word.no_data];
  return [element('ul', { className: 'categories' }, ...labels.map((label, k) => (view.counts[k]
    ? element('li', {}, swatch(k < view.theme.colours.length ? view.fills[k] : view.kind === 'buildings' ? '#d5d9dc' : '', k < view.theme.colours.length || view.kind === 'buildings' ? '' : 'hatch'),
      element('span', { textContent: label }), element('b', { textContent: app.format.percent(view.amounts[k] / total) }))
    : null)))];
}

/** The parts of a legend, for the screen and for paper. */
export function legendOf(app, view) {
  const [title, about] = legendHead(app, view);
  return [element('h2', { textContent: title }), element('p', { textContent: about }), ...(view.kind === 'units' ? histogram(app, view) : categories(app, view))];
}

export const showLegend = (app, view) => one('#legend').replaceChildren(...legendOf(app, view));
