/* The bar below the map: which year, beside which other; of buildings, until when they were built. */
import { calm, element, one } from './dom.js';
import { filled } from './formats.js';
import { segments } from './panel.js';
import { hasYears } from './view.js';

const PLAY = 'M4 2.5v11l9-5.5z';
const PAUSE = 'M4 3h3v10H4zM9 3h3v10H9z';
const STEP_MS = 700;
const FIRST_BUILT = 1850;
const BUILT_STEP = 5;

let clock = 0;

function stop(app) {
  clearInterval(clock);
  clock = 0;
  one('#play path').setAttribute('d', PLAY);
  one('#play').ariaLabel = app.word.play;
}

function play(app) {
  if (clock) {
    stop(app);
    return;
  }
  const slider = one('#year');
  const last = Number(slider.max);
  if (Number(slider.value) >= last) slider.value = slider.min;
  one('#play path').setAttribute('d', PAUSE);
  one('#play').ariaLabel = app.word.pause;
  const turn = () => {
    slider.value = Math.min(last, Number(slider.value) + (app.state.level === 'pand' ? 10 : 1));
    slider.dispatchEvent(new Event('input'));
    if (Number(slider.value) >= last) stop(app);
  };
  clock = setInterval(turn, calm() ? 2 * STEP_MS : STEP_MS);
}

export function fillTime(app) {
  const { page, word, state } = app;
  one('#modes .segments').append(...segments('mode', [['one', word.one_year], ['swipe', word.swipe], ['change', word.difference]], state.mode, (mode) => app.set({ mode })));
  one('#other').append(...page.years.map((year, t) => element('option', { value: String(t), textContent: String(year) })));
  one('#other').addEventListener('change', (event) => app.set({ other: Number(event.target.value) }));
  one('#year').addEventListener('input', (event) => {
    const value = Number(event.target.value);
    if (app.state.level === 'pand') app.set({ built: value >= Number(event.target.max) ? null : value });
    else app.set({ year: value });
  });
  one('#play').addEventListener('click', () => play(app));
}

function ticks(labels) {
  one('#ticks').replaceChildren(...labels.map(([share, text]) => {
    const node = element('span', { textContent: text });
    node.style.left = `${100 * share}%`;
    return node;
  }));
}

export function showTime(app, view) {
  const { page, state, word } = app;
  const slider = one('#year');
  const years = view.kind === 'units' && hasYears(app);
  one('#time').hidden = !years && view.kind !== 'buildings';
  document.body.classList.toggle('with-time', !one('#time').hidden);
  one('#modes').hidden = !years;
  if (one('#time').hidden) {
    if (clock) stop(app);
    return;
  }
  if (years) {
    Object.assign(slider, { min: 0, max: page.years.length - 1, step: 1, value: view.year });
    slider.setAttribute('aria-label', word.year);
    slider.setAttribute('aria-valuetext', page.years[view.year]);
    one('#shown-year').textContent = page.years[view.year];
    ticks(page.years.map((y, t) => [t / (page.years.length - 1), y]));
    one('#other-label').hidden = view.mode === 'one';
    one('#other').value = String(view.other);
  } else {
    const newest = view.years.reduce((a, b) => (b > a ? b : a), FIRST_BUILT);
    const max = Math.ceil(newest / BUILT_STEP) * BUILT_STEP;
    Object.assign(slider, { min: FIRST_BUILT, max, step: BUILT_STEP });
    slider.value = state.built ?? max;
    const said = state.built === null ? word.now : filled(word.until, { year: state.built });
    slider.setAttribute('aria-label', word.built_until_label);
    slider.setAttribute('aria-valuetext', said);
    one('#shown-year').textContent = said;
    ticks([FIRST_BUILT, 1900, 1950, 2000].map((y) => [(y - FIRST_BUILT) / (max - FIRST_BUILT), y]));
  }
}
