/* The page: what the reader chooses, and what title, legend, tooltip and card say about it.
   Text from the data is only ever set as textContent. */
function spoorzoneMap(map, tiles) {
  'use strict';

  const $ = (selector) => document.querySelector(selector);
  const read = (key) => JSON.parse(document.getElementById(`data-${key}`).textContent);
  const page = read('page');
  const word = page.words;
  const locale = page.language === 'nl' ? 'nl-NL' : 'en-GB';
  const project = SpoorzoneUnits.projector(page.projection);
  const state = { level: page.levels[0].name, column: page.columns[0].name, unit: -1, hover: -1 };
  const levels = new Map();

  // ---------- small helpers

  function element(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  const formats = new Map();
  function format(value, decimals) {
    if (!formats.has(decimals)) {
      formats.set(decimals, new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
    }
    return formats.get(decimals).format(value).replace('-', '−');
  }

  const kind = () => page.levels.find((l) => l.name === state.level).title;
  const column = () => page.columns.find((c) => c.name === state.column);
  const name = (level, i) => (level.name ?? level.id)[i];

  /** A level is unpacked when it is first shown. */
  function level(key = state.level) {
    if (!levels.has(key)) {
      const data = read(key);
      const geometry = SpoorzoneUnits.unpack(data.shape, project);
      const seams = data.shape.form === 'squares' ? {} : { line: 'rgba(255,255,255,.9)' };
      const layer = new SpoorzoneUnits.Layer(geometry, { pane: 'theme', maxZoom: 19, ...seams });
      const bounds = Object.fromEntries(
        Object.entries(data.bounds).map(([c, rows]) => [c, new Map(rows.map(([i, low, high]) => [i, [low, high]]))]));
      levels.set(key, { ...data, bounds, geometry, layer });
    }
    return levels.get(key);
  }

  /** Class of a value, or the number of classes where there is none. */
  function classOf(value, breaks) {
    if (value === null) return breaks.length + 1;
    let k = 0;
    while (k < breaks.length && value >= breaks[k]) k++;
    return k;
  }

  /** What is known of one value, as a reader says it: [number or words, unit]. */
  function say(level, i, c) {
    const value = level.values[c.name][i];
    if (value !== null) return [format(value / 10 ** c.decimals, c.decimals), c.unit];
    const between = level.bounds[c.name]?.get(i);
    if (!between) return [word.no_data, ''];
    const [low, high] = between.map((v) => format(v, c.decimals));
    return [word.between.replace('{low}', low).replace('{high}', high), c.unit];
  }

  // ---------- what is drawn

  function show() {
    const c = column();
    const shown = level();
    const classes = Uint8Array.from(shown.values[c.name], (v) => classOf(v, c.breaks));
    for (const other of levels.values()) if (other !== shown) other.layer.remove();
    shown.layer.paint(classes, [...c.colours, SpoorzoneUnits.hatch]).addTo(map);
    showBorders();
    showHead(c);
    showLegend(c, classes);
    showCard();
    hover(-1);
  }

  let borders;
  /** Over squares, the borders of the first kind of polygons help to find one's way. */
  function showBorders() {
    borders?.remove();
    if (level().shape.form !== 'squares') return;
    const other = page.levels.find((l) => l.name !== state.level && level(l.name).shape.form === 'rings');
    if (!other) return;
    borders = new SpoorzoneUnits.Layer(level(other.name).geometry, { pane: 'theme', maxZoom: 19, zIndex: 2, line: 'rgba(21,33,43,.38)', lineWidth: 0.8 });
    borders.addTo(map);
  }

  function showHead(c) {
    $('#title').textContent = c.label;
    $('#meaning').textContent = c.formula ? `${c.meaning} (${c.formula})` : c.meaning;
    document.title = `${c.label} – ${page.project}`;
  }

  function showLegend(c, classes) {
    const counts = new Array(c.colours.length + 1).fill(0);
    for (const k of classes) counts[k]++;
    const most = Math.max(...counts);
    const rows = counts.map((count, k) => {
      const empty = k === c.colours.length;
      const swatch = element('i', { className: empty ? 'hatch' : '' });
      if (!empty) swatch.style.background = c.colours[k];
      const bar = element('s');
      bar.style.width = `${(100 * count) / most}%`;
      return element('li', {}, swatch, element('span', { textContent: empty ? word.no_data : c.classes[k] }),
        element('em', {}, bar), element('b', { textContent: format(count, 0) }));
    });
    $('#legend h2').textContent = c.label;
    $('#legend p').textContent = [c.unit, kind(), word.count].filter(Boolean).join(' · ');
    $('#legend .classes').replaceChildren(...rows);
  }

  // ---------- hover, choose

  const pen = L.svg({ pane: 'mark' });
  const marks = {};
  function mark(key, i, look) {
    marks[key]?.remove();
    if (i < 0) return;
    const options = { pane: 'mark', renderer: pen, fill: false, interactive: false, ...look };
    marks[key] = L.polygon(SpoorzoneUnits.outline(level().geometry, i), options).addTo(map);
  }

  function hover(i, point) {
    const tip = $('#tip');
    if (i !== state.hover) {
      state.hover = i;
      mark('hover', i, { color: '#15212b', weight: 2 });
      map.getContainer().style.cursor = i < 0 ? '' : 'pointer';
      if (i >= 0) {
        tip.querySelector('b').textContent = name(level(), i);
        tip.querySelector('span').textContent = say(level(), i, column()).filter(Boolean).join(' ');
      }
    }
    tip.hidden = i < 0;
    if (i < 0) return;
    const size = map.getSize();
    const x = point.x + 16 + tip.offsetWidth > size.x ? point.x - 16 - tip.offsetWidth : point.x + 16;
    const y = point.y + 14 + tip.offsetHeight > size.y ? point.y - 14 - tip.offsetHeight : point.y + 14;
    tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  function choose(i) {
    state.unit = i;
    showCard();
  }

  function showCard() {
    const card = $('#card');
    const i = state.unit;
    card.hidden = i < 0;
    mark('unit', i, { color: '#c8102e', weight: 3 });
    $('#area').value = String(i);
    if (i < 0) return;
    const shown = level();
    const [value, unit] = say(shown, i, column());
    card.querySelector('h2').textContent = name(shown, i);
    card.querySelector('.where').textContent = name(shown, i) === shown.id[i] ? kind() : `${kind()} · ${shown.id[i]}`;
    card.querySelector('.value b').textContent = value;
    card.querySelector('.value span').textContent = unit;
    card.querySelector('dl').replaceChildren(...[...page.facts, ...page.columns].flatMap((c) => [
      element('dt', { textContent: c.label, className: c === column() ? 'now' : '' }),
      element('dd', {}, element('b', { textContent: say(shown, i, c)[0] }), ' ', say(shown, i, c)[1]),
    ]));
  }

  function find(i) {
    choose(i);
    if (i < 0) return;
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const [left, right] = map.getSize().x > 900 ? [330, 374] : [20, 20]; // beside the legend and the card
    map.fitBounds(marks.unit.getBounds(), { maxZoom: 14.5, paddingTopLeft: [left, 40], paddingBottomRight: [right, 40], animate: !calm });
  }

  // ---------- controls

  function radio(group, key, label, ...extra) {
    const input = element('input', { type: 'radio', name: group, value: key, checked: state[group] === key });
    input.addEventListener('change', () => {
      if (group === 'level') {
        state.unit = -1;
        hover(-1);
      }
      state[group] = key;
      if (group === 'level') fillAreas();
      show();
    });
    return element('label', {}, input, element('span', { textContent: label }), ...extra);
  }

  function fillControls() {
    for (const node of document.querySelectorAll('[data-word]')) node.textContent = word[node.dataset.word];
    for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', word[node.dataset.label]);
    $('#controls').setAttribute('aria-label', word.controls);
    $('#project').textContent = page.project;
    $('#settings').textContent = page.settings;
    $('#source').textContent = page.source;
    $('#made').textContent = word.date.replace('{date}', page.date);
    $('#notice').textContent = page.notice ?? '';
    $('#notice').hidden = !page.notice;
    $('#levels').hidden = page.levels.length < 2;
    $('#levels .segments').append(...page.levels.map((l) => radio('level', l.name, l.title)));
    $('#columns').append(...page.columns.map((c) => radio('column', c.name, c.label,
      element('small', { textContent: c.unit }),
      element('b', { textContent: c.corridor === null ? '' : format(c.corridor / 10 ** c.decimals, c.decimals) }))));
    $('#columns legend small').hidden = page.columns.every((c) => c.corridor === null);
    const keys = [['track', 'track', 'axis'], ['dot', 'station', 'station'], ['edge', 'corridor']];
    $('#legend .keys').append(...keys.filter(([, , line]) => !line || page.lines.includes(line)).map(([look, key]) => element('li', {}, element('i', { className: look }), word[key])));
  }

  /** Whose the data are, and how far it is known that all came: said in the foot, told in the panel. */
  function fillOrigin() {
    const { line, whole, registers } = read('sources');
    for (const node of [$('#whole span'), $('#origin header p')]) {
      node.textContent = line;
      node.classList.toggle('doubt', !whole);
    }
    const proof = ([holds, said]) => element('li', { className: holds ? 'holds' : 'doubt' },
      element('b', { textContent: holds ? '✓' : word.unproven, ...(holds && { role: 'img', ariaLabel: word.proven }) }), ' ', said);
    const edition = ({ date, counts, proofs, notes }) => element('div', { className: 'edition' },
      element('p', {}, element('b', { textContent: date }), element('br'), counts),
      element('ul', {}, ...proofs.map(proof), ...notes.map((textContent) => element('li', { textContent }))));
    $('#origin div').append(...registers.map(({ name: textContent, about, sources }) => element('section', {},
      element('h3', { textContent }), element('p', { textContent: about }),
      ...sources.flatMap(({ title, editions }) => [element('h4', { textContent: title }), ...editions.map(edition)]))));
  }

  /** The list is another way to an area than the mouse; of thousands of squares there is none. */
  function fillAreas() {
    const { id } = level();
    $('#find').hidden = id.length > 1000;
    const order = $('#find').hidden ? [] : id.map((_, i) => i).sort((a, b) => name(level(), a).localeCompare(name(level(), b), locale));
    $('#area').replaceChildren(element('option', { value: '-1', textContent: word.area_choose }),
      ...order.map((i) => element('option', { value: String(i), textContent: name(level(), i) })));
  }

  function placeStations() {
    for (const { name: text, at } of page.stations) {
      const html = element('div', { className: 'station', textContent: text });
      const icon = L.divIcon({ html, iconSize: [0, 0], iconAnchor: [-10, 9], className: '' });
      L.marker(at, { icon, pane: 'names', interactive: false, keyboard: false }).addTo(map);
    }
  }

  /** With tiles below it the theme lets them shine through. */
  function switchBackground(on) {
    $('#background input').checked = on;
    if (on) tiles.addTo(map);
    else tiles.remove();
    if (!on) map.getContainer().classList.remove('tiles');
  }

  function toCorridor() {
    const side = map.getSize().x > 700 ? 40 : 16;
    map.fitBounds(page.bounds, { paddingTopLeft: [side, 60], paddingBottomRight: [side, 30], animate: false });
  }

  function listen() {
    map.on('mousemove', (event) => hover(SpoorzoneUnits.at(level().geometry, event.latlng), event.containerPoint));
    map.on('mouseout', () => hover(-1));
    map.on('click', (event) => choose(SpoorzoneUnits.at(level().geometry, event.latlng)));
    tiles.on('tileload', () => map.getContainer().classList.add('tiles'));
    $('#zoom-in').addEventListener('click', () => map.zoomIn());
    $('#zoom-out').addEventListener('click', () => map.zoomOut());
    $('#zoom-corridor').addEventListener('click', toCorridor);
    $('#area').addEventListener('change', (event) => find(Number(event.target.value)));
    $('#background input').addEventListener('change', (event) => switchBackground(event.target.checked));
    $('#close').addEventListener('click', () => {
      choose(-1);
      map.getContainer().focus();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && state.unit >= 0 && !$('#origin').open) choose(-1);
    });
    $('#about').addEventListener('click', () => $('#origin').showModal());
    $('#origin').addEventListener('click', (event) => {
      if (event.target.matches('#origin, #origin button')) $('#origin').close(); // beside it, or its ×
    });
    // Paper has another size than the window: the map is drawn again for it, and afterwards again for the screen.
    for (const [moment, on] of [['beforeprint', true], ['afterprint', false]]) {
      window.addEventListener(moment, () => {
        const seen = map.getBounds();
        document.body.classList.toggle('paper', on);
        map.invalidateSize({ animate: false });
        map.fitBounds(seen, { animate: false });
      });
    }
  }

  $('#frame').prepend(map.getContainer());
  map.getContainer().setAttribute('role', 'region');
  map.getContainer().setAttribute('aria-label', word.map);
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  fillControls();
  fillOrigin();
  fillAreas();
  map.invalidateSize({ animate: false });
  toCorridor();
  placeStations();
  listen();
  show();
  switchBackground(navigator.onLine);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}
