/* The page: what the reader chose, and all that shows it. */
import { showAbout } from './about.js';
import { makeCamera } from './camera.js';
import { showCard } from './card.js';
import { prepareDialog } from './dialog.js';
import { calm, idle, one, save } from './dom.js';
import { formats, plain } from './formats.js';
import { project } from './geometry.js';
import { makeGround } from './ground.js';
import { showHead } from './head.js';
import { showInView } from './inview.js';
import { makeLayer } from './layer.js';
import { showLegend } from './legend.js';
import { makeLevels } from './levels.js';
import { showLine } from './line.js';
import { makeNames } from './names.js';
import { fillPanel, segments, showPanel } from './panel.js';
import { picture } from './picture.js';
import { makePointer } from './pointer.js';
import { makePresentation } from './present.js';
import { makeScene } from './scene.js';
import { makeSearch } from './search.js';
import { makePaper } from './sheet.js';
import { makeSpace } from './space.js';
import { fromHash, initial, toHash } from './state.js';
import { makeSwipe } from './swipe.js';
import { showTable } from './table.js';
import { fillTime, showTime } from './time.js';
import { inflate, open, shapes } from './unpack.js';
import { makeView } from './view.js';

const WIDE = 820;
const REMEMBER_MS = 150;
const text = (name) => document.getElementById(`data-${name}`).textContent;

function fillWords(app) {
  const { page, word } = app;
  for (const node of document.querySelectorAll('[data-word]')) node.textContent = word[node.dataset.word];
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', word[node.dataset.label]);
  one('#search-field').placeholder = word.search;
  one('#project').textContent = page.project;
  one('#source').textContent = page.source;
  one('#settings').textContent = page.settings;
  one('#whole').textContent = app.sources.line;
  one('#whole').classList.toggle('unproven', !app.sources.whole);
  one('#notice').textContent = page.notice ?? '';
  one('#notice').hidden = !page.notice;
}

/** Called at the end of the page with its map and the layers that can be switched. */
export async function spoorzoneMap(map, layers) {
  const page = JSON.parse(text('page'));
  const word = page.words;
  page.made = word.date.replace('{date}', page.date);
  if (typeof DecompressionStream === 'undefined') {
    one('#too-old').textContent = word.too_old;
    one('#too-old').hidden = false;
    return;
  }
  const space = makeSpace(page.projection);
  const app = {
    map, layers, page, word, space, sources: JSON.parse(text('sources')), format: formats(page.language),
    state: initial(page), levels: makeLevels(space, text), around: {}, view: null, chosen: -1, unfolded: false,
  };

  // ---------- what others ask of the page

  let telling = 0;
  app.tell = (said) => {
    one('#status').textContent = said;
    clearTimeout(telling);
    telling = setTimeout(() => (one('#status').textContent = ''), 4000);
  };
  app.place = () => ({ zoom: map.getZoom(), ...map.getCenter() });
  app.window = () => {
    const bounds = map.getBounds();
    return [...space.fromLatLng(bounds.getNorthWest()), ...space.fromLatLng(bounds.getSouthEast())];
  };
  const camera = makeCamera(map);
  app.look = (latlng, zoom) => camera.look(latlng, zoom, !calm());
  app.find = async (level, id) => {
    await app.set({ level, unit: id });
    if (app.chosen < 0) return;
    const [left, right] = map.getSize().x > WIDE ? [330, 374] : [20, 20]; // beside the legend and the card
    camera.fit(app.view.level.boundsOf(app.chosen), { maxZoom: 15, paddingTopLeft: [left, 70], paddingBottomRight: [right, 110], animate: !calm() });
  };
  app.choose = (i) => {
    app.chosen = i;
    app.state.unit = i >= 0 && app.view.kind === 'units' ? app.view.level.id(i) : null;
    app.pointer.choose(i);
    showCard(app, app.view, i);
    remember();
  };
  app.pointAt = (at) => app.pointer.pointAt(at);

  let ready = false;
  let remembering = 0;
  /** The address follows what is shown, a moment later: to write it takes browsers as long as to draw. */
  function remember() {
    clearTimeout(remembering);
    remembering = setTimeout(rememberNow, REMEMBER_MS);
  }
  function rememberNow() {
    clearTimeout(remembering);
    if (ready) history.replaceState(null, '', `#${toHash(app.state, page, app.place())}`);
  }

  const main = makeLayer(space, 'theme');
  const compared = makeLayer(space, 'compare');

  app.repaint = () => {
    main.show(makeScene(app, app.view));
    if (app.view.compared) compared.show(makeScene(app, app.view, true));
  };

  function draw() {
    const view = makeView(app);
    app.view = view;
    app.repaint();
    if (!map.hasLayer(main)) main.addTo(map);
    if (!view.compared) compared.remove();
    else if (!map.hasLayer(compared)) compared.addTo(map);
    app.pointer.rest();
    showHead(app, view);
    showPanel(app, view);
    showLegend(app, view);
    showTime(app, view);
    showLine(app, view);
    showInView(app, view);
    app.swipe.show(view);
    app.ground.show();
    app.choose(view.kind === 'units' && app.state.unit ? view.level.indexOf(app.state.unit) : -1); // which remembers it all
  }

  /** Change what is shown; a level that wasn't there is unpacked first. */
  app.set = async (changes) => {
    if (changes.level && changes.level !== app.state.level && !('unit' in changes)) app.state.unit = null;
    Object.assign(app.state, changes);
    await app.levels.load(app.state.level);
    if (!app.levels.get(app.state.level).has(app.state.column) && app.levels.get(app.state.level).header.id !== undefined) {
      // Not every level has every indicator.
      app.state.column = page.themes.flatMap((t) => t.columns).find((key) => app.levels.get(app.state.level).has(key)) ?? app.state.column;
    }
    draw();
  };
  app.restore = async (state, place) => {
    app.state = { ...state };
    await app.set({});
    if (place) camera.look(place, place.zoom, false);
    else toCorridor();
  };

  function toCorridor() {
    const side = map.getSize().x > WIDE ? 30 : 12;
    const above = one('#presentation').hidden ? 62 : one('#presentation > div').offsetHeight + 16;
    camera.fit(page.bounds, { paddingTopLeft: [side, above], paddingBottomRight: [side, 70], animate: false });
  }

  // ---------- the page before anything is drawn

  const openContext = async (name) => (app.around[name] = project(shapes(open(await inflate(text(name)))), space));
  one('#frame').prepend(map.getContainer());
  app.ground = makeGround(app, layers);
  let place;
  [app.state, place] = fromHash(location.hash, page, app.ground.names);
  const unpacked = Promise.all([app.levels.load(app.state.level), ...page.context.map(openContext)]);
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  map.getContainer().setAttribute('role', 'region');
  map.getContainer().setAttribute('aria-label', word.map);
  fillWords(app);
  one('#levels .segments').append(...segments('level', page.levels.map((l) => [l.name, l.title]), app.state.level, (level) => app.set({ level })));
  one('#levels').hidden = page.levels.length < 2;
  prepareDialog();
  fillPanel(app);
  fillTime(app);
  if (place) camera.look(place, place.zoom, false);
  else toCorridor();
  app.names = makeNames(app);
  for (const { name, at: [lat, lng] } of page.stations) app.names.put('station', name, { lat, lng });
  app.swipe = makeSwipe(app);
  app.pointer = makePointer(app);
  app.search = makeSearch(app);
  app.paper = makePaper(app);
  app.presentation = makePresentation(app);

  // ---------- the first picture

  await unpacked;
  await app.set({});
  ready = true;
  listen(app, { toCorridor, remember, rememberNow });
  requestAnimationFrame(() => requestAnimationFrame(() => (document.documentElement.dataset.ready = Math.round(performance.now()))));
  idle(async () => { // what the first picture doesn't need
    const level = (name) => (page.levels.some((l) => l.name === name) ? app.levels.load(name) : null);
    const towns = await level('gemeente');
    if (towns?.count > 1) app.names.putAll('town', towns, (name) => name.toUpperCase());
    const areas = await level('buurt');
    if (areas) app.names.putAll('area', areas);
    for (const { name } of page.levels) await new Promise((done) => idle(() => app.levels.load(name).then(done)));
    await app.search.ready();
    app.repaint(); // borders and buildings are there now
    document.documentElement.dataset.whole = Math.round(performance.now());
  });
}

function listen(app, { toCorridor, remember, rememberNow }) {
  const { map } = app;
  map.on('moveend', () => {
    remember();
    if (app.view.kind === 'buildings') showInView(app, app.view);
  });
  window.addEventListener('pagehide', rememberNow);
  window.addEventListener('hashchange', (event) => {
    const [state, place] = fromHash(new URL(event.newURL).hash, app.page, app.ground.names);
    app.restore(state, place ?? app.place());
  });
  const clicks = {
    'zoom-in': () => map.zoomIn(), 'zoom-out': () => map.zoomOut(), 'zoom-corridor': toCorridor,
    table: () => showTable(app, app.view),
    png: () => picture(app).toBlob((blob) => {
      save(blob, `${plain(one('#title').textContent).replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.png`);
      app.tell(app.word.png_saved);
    }),
    print: () => app.paper.ask(),
    link: async () => {
      rememberNow();
      try {
        await navigator.clipboard.writeText(location.href);
        app.tell(app.word.link_copied);
      } catch {
        app.tell(app.word.link_there);
      }
    },
    keep: () => app.presentation.keep(), present: () => app.presentation.start(), about: () => showAbout(app),
    sources: () => showAbout(app, 'sources'),
  };
  for (const [id, work] of Object.entries(clicks)) one(`#${id}`).addEventListener('click', work);
  one('.skip').addEventListener('click', (event) => { // to follow it would put its name where the state is kept
    event.preventDefault();
    one('#search-field').focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && app.chosen >= 0 && !one('#dialog').open && one('#presentation').hidden && event.target.id !== 'search-field') app.choose(-1);
  });
}
