/* Paper: a sheet of A4 or A3 at a true scale, with all that a map on paper needs. */
import { showDialog } from './dialog.js';
import { drawn, element, one, svgText } from './dom.js';
import { filled } from './formats.js';
import { titleOf } from './head.js';
import { legendOf } from './legend.js';
import { drawMap, niceLength, said, scaleText } from './picture.js';
import { segments } from './panel.js';

/** Millimetres of a sheet inside its margin of 8, and of the map on it. */
const SHEETS = {
  A4: { width: 281, height: 194, map: [213, 156] },
  A3: { width: 404, height: 281, map: [326, 240] },
};
const SCALES = [2500, 5000, 7500, 10000, 12500, 15000, 20000, 25000, 30000, 40000, 50000, 60000, 75000, 100000, 150000];
const DOTS_PER_MM = (2 * 96) / 25.4; // two per pixel of the page: Chromium prints a canvas at a ratio in 64ths, and any other would be off scale
const LINES = 0.9; // lines and letters on paper, in pixels of the page per 1/96 inch

/** The largest scale at which so many metres fit on so many millimetres. */
export const fitting = (metres, mm) => SCALES.find((scale) => (mm * scale) / 1000 >= metres) ?? SCALES[SCALES.length - 1];

/** The scale at which what the screen shows fits on the sheet. */
function ofScreen(app, paper) {
  const [width, height] = SHEETS[paper].map;
  const bounds = app.map.getBounds();
  const [west, north] = app.space.fromLatLng(bounds.getNorthWest());
  const [east, south] = app.space.fromLatLng(bounds.getSouthEast());
  const ground = app.space.ground((north + south) / 2);
  return Math.max(fitting((east - west) * ground, width), fitting((south - north) * ground, height));
}

function scaleBar(app, scale) {
  const metres = niceLength((50 * scale) / 1000);
  const mm = (metres * 1000) / scale;
  const svg = drawn('svg', { class: 'scale-bar', viewBox: `0 0 ${mm + 16} 9`, width: `${mm + 16}mm`, height: '9mm', 'data-metres': metres, 'data-mm': mm },
    drawn('rect', { x: 0, y: 5, width: mm / 2, height: 1.4, fill: '#15212b' }),
    drawn('rect', { x: mm / 2, y: 5.1, width: mm / 2, height: 1.2, fill: '#fff', stroke: '#15212b', 'stroke-width': 0.2 }),
    ...[[0, '0'], [mm / 2, ''], [mm, said(app.format, metres)]].map(([x, text]) => svgText(x, 4, text, { 'font-size': 3 })));
  return svg;
}

const north = (letter) => drawn('svg', { class: 'north', viewBox: '0 0 10 18', width: '8mm', height: '14mm' },
  drawn('path', { d: 'M5 0L8.6 11L5 8.8L1.4 11Z', fill: '#15212b' }), svgText(5, 17.4, letter, { 'font-size': 5.4, 'text-anchor': 'middle', 'font-weight': 600, fill: '#15212b' }));

/** Lay out the sheet; it shows on paper only. */
function layOut(app, { paper, scale }) {
  const { page, view, word } = app;
  const { map: [width, height], ...size } = SHEETS[paper];
  const canvas = element('canvas', { width: Math.floor(width * DOTS_PER_MM), height: Math.floor(height * DOTS_PER_MM) });
  canvas.style.cssText = `width:${width}mm;height:${height}mm`;
  const centre = app.space.fromLatLng(app.map.getCenter());
  // A metre of the map is less on the ground: the scale of paper is that of the ground, in the middle of the sheet.
  const pixels = (DOTS_PER_MM * 1000 * app.space.ground(centre[1])) / scale;
  const ratio = (DOTS_PER_MM * 25.4 * LINES) / 96;
  drawMap(app, canvas.getContext('2d'), { centre, width: canvas.width, height: canvas.height, scale: pixels, ratio });
  const [title, about] = titleOf(app, view);
  const sheet = one('#sheet');
  sheet.style.cssText = `width:${size.width}mm;height:${size.height}mm;grid-template-columns:${width}mm minmax(0, 1fr)`;
  sheet.dataset.scale = scale;
  const chosen = app.chosen >= 0 && view.kind === 'units' ? [element('div', { className: 'sheet-card' }, ...[...one('#card').children].slice(1, 5).map((node) => node.cloneNode(true)))] : [];
  sheet.replaceChildren(
    element('header', {}, element('p', { className: 'project', textContent: page.project }), element('h1', { textContent: title }), element('p', { textContent: about })),
    element('figure', {}, canvas, page.notice ? element('figcaption', { textContent: page.notice }) : null),
    element('aside', {}, element('section', { className: 'legend' }, ...legendOf(app, view)), ...keys(app), ...chosen,
      element('div', { className: 'measure' }, north(word.north), element('div', {}, scaleBar(app, scale), element('p', { textContent: `${scaleText(app, scale)} (${paper})` })))),
    element('footer', {}, element('p', { textContent: [page.source, page.settings, page.made].filter(Boolean).join(' · ') })));
  one('#page-size').textContent = `@page { size: ${paper} landscape; margin: 8mm; }`;
}

function keys(app) {
  const { word, state, layers } = app;
  const known = [['track', 'track-key', word.track], ['rings', 'ring-key', filled(word.within, { radius: app.format.number(app.page.radius) })], ['corridor', 'corridor-key', word.corridor], ['borders', 'border-key', word.border]];
  return [element('ul', { className: 'keys' }, ...known.filter(([name]) => layers[name] && !state.hidden.includes(name)).map(([, look, text]) => element('li', {}, element('i', { className: look }), text)))];
}

/** Ask for paper and scale, then print. */
export function makePaper(app) {
  const asked = { paper: 'A4', scale: null };
  const settings = () => ({ paper: asked.paper, scale: asked.scale ?? ofScreen(app, asked.paper) });
  document.head.append(element('style', { id: 'page-size' }));
  window.addEventListener('beforeprint', () => layOut(app, settings()));
  return {
    layOut: (paper, scale) => layOut(app, { paper, scale: scale ?? ofScreen(app, paper) }),
    ask() {
      const { word } = app;
      const select = element('select', { id: 'scale' });
      const fill = () => {
        select.replaceChildren(element('option', { value: '', textContent: filled(word.scale_of_screen, { scale: scaleText(app, ofScreen(app, asked.paper)) }) }),
          ...SCALES.map((scale) => element('option', { value: String(scale), textContent: scaleText(app, scale) })));
        select.value = asked.scale ?? '';
      };
      fill();
      select.addEventListener('change', () => (asked.scale = Number(select.value) || null));
      const dialog = showDialog(app, 'paper', word.print,
        element('p', { textContent: word.print_about }),
        element('fieldset', {}, element('legend', { textContent: word.paper }), element('div', { className: 'segments' }, ...segments('paper', ['A4', 'A3'].map((p) => [p, `${p} ${word.landscape}`]), asked.paper, (paper) => {
          asked.paper = paper;
          fill();
        }))),
        element('p', {}, element('label', {}, word.scale, ' ', select)),
        element('p', { className: 'actions' }, element('button', { type: 'button', id: 'go-print', className: 'button main', textContent: word.print, onclick: () => {
          dialog.close();
          layOut(app, settings());
          window.print();
        } })));
    },
  };
}
