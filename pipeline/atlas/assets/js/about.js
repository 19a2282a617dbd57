/* About this map: what it is, how to read it, what each number means, and where everything comes from. */
import { showDialog } from './dialog.js';
import { element } from './dom.js';

const runs = (text) => text.map(([said, bold]) => (bold ? element('b', { textContent: said }) : said));

/** The guide as elements: headings, paragraphs, lists. */
function guide(blocks) {
  return blocks.filter(({ tag }) => tag !== 'h1').map(({ tag, text, items }) => (tag === 'ul'
    ? element('ul', {}, ...items.map((item) => element('li', {}, ...runs(item))))
    : element(tag === 'h2' ? 'h4' : 'p', {}, ...runs(text))));
}

function indicators(app) {
  const { page, word } = app;
  return page.themes.flatMap((theme) => [element('h4', { textContent: theme.title }), ...theme.columns.map((key) => {
    const c = page.columns[key];
    const lines = [c.meaning, c.formula && `${word.formula}: ${c.formula}`, c.says, c.saysNot];
    return element('div', { className: 'definition' }, element('h5', { textContent: c.unit ? `${c.label} (${c.unit})` : c.label }), ...lines.filter(Boolean).map((textContent) => element('p', { textContent })));
  })]);
}

function sources(app, { line, whole, registers }) {
  const { word } = app;
  const proof = ([holds, said]) => element('li', { className: holds ? 'holds' : 'unproven' },
    element('b', { textContent: holds ? '✓' : word.unproven, ...(holds && { role: 'img', ariaLabel: word.proven }) }), ' ', said);
  const edition = ({ date, counts, proofs, notes }) => element('div', { className: 'edition' },
    element('p', {}, element('b', { textContent: date }), element('br'), counts),
    element('ul', {}, ...proofs.map(proof), ...notes.map((textContent) => element('li', { textContent }))));
  return [
    element('p', { className: whole ? '' : 'unproven', textContent: line }),
    ...registers.flatMap(({ name, about, sources: some }) => [
      element('h4', { textContent: name }), element('p', { className: 'quiet', textContent: about }),
      ...some.flatMap(({ title, editions }) => [element('h5', { textContent: title }), ...editions.map(edition)]),
    ]),
  ];
}

/** Show the panel; `part` is the heading to begin at. */
export function showAbout(app, part = '') {
  const { page, word } = app;
  const section = (id, title, ...parts) => element('section', { id: `about-${id}` }, element('h3', { textContent: title, tabIndex: -1 }), ...parts);
  const go = (id) => element('button', { type: 'button', className: 'link', textContent: word[`about_${id}`], onclick: () => {
    const head = document.querySelector(`#about-${id} h3`);
    head.scrollIntoView();
    head.focus();
  } });
  const dialog = showDialog(app, 'about', word.about,
    element('nav', { ariaLabel: word.about }, go('map'), go('guide'), go('indicators'), go('sources')),
    section('map', word.about_map, element('p', { textContent: page.summary }), ...[page.notice, page.settings, page.source, page.made].filter(Boolean).map((textContent) => element('p', { textContent }))),
    section('guide', word.about_guide, ...guide(page.guide)),
    section('indicators', word.about_indicators, ...indicators(app)),
    section('sources', word.about_sources, ...sources(app, app.sources)));
  dialog.querySelector('.body').scrollTop = 0;
  if (part) dialog.querySelector(`#about-${part} h3`).scrollIntoView();
}
