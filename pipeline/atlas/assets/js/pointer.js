/* What lies under the pointer, and what is chosen by it. */
import { facing, say } from './card.js';
import { change } from './classes.js';
import { one } from './dom.js';

const WIDE = 820;

function said(app, view, i) {
  if (view.kind !== 'units') {
    const { title, about, rows } = facing(app, view, i);
    return [title, [about, ...rows.map(([, value]) => value).slice(-1)].join(' · ')];
  }
  const { level } = view;
  const [value, unit] = say(app, level, app.state.column, i, view.year);
  const now = [value, unit].filter(Boolean).join(' ');
  if (view.mode === 'one') return [level.label(i), now];
  const [then] = say(app, level, app.state.column, i, view.other);
  const { years } = app.page;
  if (view.mode === 'swipe') return [level.label(i), `${years[view.other]}: ${then} · ${years[view.year]}: ${now}`];
  const by = change(level.value(app.state.column, i, view.other), level.value(app.state.column, i, view.year));
  return [level.label(i), `${app.format.change(by)} (${then} → ${now})`];
}

export function makePointer(app) {
  const { map } = app;
  const pen = L.svg({ pane: 'mark' });
  const tip = one('#tip');
  const marks = {};
  let over = -1;

  function mark(key, i, look) {
    marks[key]?.remove();
    delete marks[key];
    if (i < 0) return;
    marks[key] = L.polygon(app.view.level.outline(i), { pane: 'mark', renderer: pen, fill: false, interactive: false, ...look }).addTo(map);
  }

  function hover(i, point) {
    if (i !== over) {
      over = i;
      mark('hover', i, { color: '#15212b', weight: 2 });
      map.getContainer().style.cursor = i < 0 ? '' : 'pointer';
      if (i >= 0) {
        const [title, about] = said(app, app.view, i);
        tip.querySelector('b').textContent = title;
        tip.querySelector('span').textContent = about;
      }
    }
    tip.hidden = i < 0;
    if (i < 0 || !point) return;
    const size = map.getSize();
    const right = size.x - (document.body.classList.contains('with-card') && size.x > WIDE ? 350 : 0);
    const x = point.x + 16 + tip.offsetWidth > right ? point.x - 16 - tip.offsetWidth : point.x + 16;
    const y = point.y + 14 + tip.offsetHeight > size.y - 90 ? point.y - 14 - tip.offsetHeight : point.y + 14;
    tip.style.transform = `translate(${Math.round(Math.max(4, x))}px, ${Math.round(y)}px)`;
  }

  const hits = (latlng) => {
    const i = app.view.level.at(latlng);
    return i >= 0 && app.view.classes[i] < app.view.fills.length ? i : -1; // what isn't drawn isn't there
  };
  map.on('mousemove', (event) => app.view && hover(hits(event.latlng), event.containerPoint));
  map.on('mouseout', () => hover(-1));
  map.on('click', (event) => {
    app.choose(hits(event.latlng));
    if (map.getSize().x > WIDE && app.chosen >= 0) map.panInside(event.latlng, { paddingTopLeft: [30, 80], paddingBottomRight: [390, 130] });
  });
  let circle = null;
  return {
    rest: () => hover(-1),
    choose: (i) => mark('unit', i, { color: '#c8102e', weight: 3 }),
    /** A place along the line, shown by its circle. */
    pointAt(at) {
      circle?.remove();
      circle = at && L.circle(at, { radius: app.page.radius, pane: 'mark', renderer: pen, color: '#c8102e', weight: 2.2, fillOpacity: 0.06, interactive: false }).addTo(map);
    },
  };
}
