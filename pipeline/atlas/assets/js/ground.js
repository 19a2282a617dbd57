/* What lies under and over the theme: background maps where there is a network, and lines that can be switched off. */
import { element, one } from './dom.js';

const TILES = ['grijs', 'pastel', 'standaard', 'luchtfoto'];
const LINES = ['track', 'rings', 'corridor', 'borders'];
const COATS = ['water', 'road', 'rail', 'green', 'figures'];
const GIVE_UP = 3; // tiles that failed, and none that came, before the map does without
const AGAIN_MS = 60_000;

/** Names of what can be switched off on this page. */
export const switches = (page, layers) => [...LINES.filter((n) => layers[n]), ...COATS.filter((n) => n === 'figures' ? page.levels.some((l) => l.name === 'pand') : page.context.includes(n))];

export function makeGround(app, layers) {
  const { map, page, word } = app;
  let on = null;
  let told = false;
  let resting = false; // without a network every move of the map would ask for tiles in vain

  /** Whether a background map shines through the theme; buildings stand on white where none does. */
  const shines = () => map.getContainer().classList.contains('tiles');
  function shine(yes) {
    map.getContainer().classList.toggle('tiles', yes);
    if (app.view?.kind === 'buildings') app.repaint();
  }

  function watch(tiles) {
    let came = 0;
    let failed = 0;
    tiles.on('tileload', () => {
      if (!came++) shine(true);
    });
    tiles.on('tileerror', () => {
      if (++failed !== GIVE_UP || came) return;
      if (!told) app.tell(word.no_network);
      told = true;
      rest(true);
      setTimeout(() => rest(false), AGAIN_MS);
    });
    tiles.on('remove', () => {
      came = failed = 0;
      if (shines()) shine(false);
    });
  }

  for (const name of TILES) if (layers[name]) watch(layers[name]);

  function apply() {
    const { background, hidden } = app.state;
    const wanted = resting || navigator.onLine === false ? null : (layers[background] ?? null);
    if (wanted !== on) {
      on?.remove();
      on = wanted;
      on?.addTo(map);
    }
    for (const name of LINES) if (layers[name]) layers[name][hidden.includes(name) ? 'remove' : 'addTo'](map);
    document.body.classList.toggle('no-track', hidden.includes('track'));
  }

  function rest(yes) {
    resting = yes;
    setTimeout(apply); // not while the layer is telling of its tiles
  }
  window.addEventListener('online', () => rest(false));

  const names = switches(page, layers);
  const panel = one('#grounds');
  const radio = (name) => element('label', {}, element('input', { type: 'radio', name: 'background', value: name, onchange: () => {
    resting = false;
    app.set({ background: name });
  } }), ` ${word[`ground_${name}`]}`);
  const box = (name) => element('label', {}, element('input', { type: 'checkbox', name: 'line', value: name, onchange: (event) => {
    const hidden = app.state.hidden.filter((n) => n !== name);
    app.set({ hidden: event.target.checked ? hidden : [...hidden, name] });
  } }), ` ${word[`show_${name}`]}`);
  panel.append(
    element('fieldset', {}, element('legend', { textContent: word.background }), ...['none', ...TILES.filter((n) => layers[n])].map(radio)),
    element('fieldset', {}, element('legend', { textContent: word.on_the_map }), ...names.map(box)));
  const button = one('#layers');
  const open = (yes) => {
    panel.hidden = !yes;
    button.setAttribute('aria-expanded', String(yes));
  };
  button.addEventListener('click', () => open(panel.hidden));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open(false);
    button.focus();
  });
  map.on('mousedown', () => open(false));
  return {
    names,
    tiles: () => on,
    shines,
    show() {
      apply();
      for (const input of panel.querySelectorAll('input')) input.checked = input.type === 'radio' ? input.value === app.state.background : !app.state.hidden.includes(input.value);
    },
  };
}
