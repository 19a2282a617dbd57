/* Names on the map, for the screen and for pictures: stations, towns, and neighbourhoods where there is room. */
import { element } from './dom.js';
import { WORLD } from './space.js';

const NEAR_ZOOM = 14; // from here on neighbourhoods are large enough for their names
const AWAY = { across: 150, down: 30 }; // pixels that a town keeps from the name of a station
const LOOKS = {
  station: { size: 13, weight: 650, shift: 11, colour: '#15212b' },
  town: { size: 18, weight: 600, shift: 0, colour: '#3b4650', centred: true },
  area: { size: 11.5, weight: 500, shift: 0, colour: '#3b4650', centred: true },
};

/** Whether a name has room at a zoom: a town gives way to stations, a neighbourhood needs to be near. */
export function hasRoom(name, stations, zoom) {
  if (name.kind === 'area') return zoom >= NEAR_ZOOM;
  if (name.kind === 'station') return true;
  const pixels = (256 * 2 ** zoom) / WORLD;
  return stations.every(({ at }) => Math.abs(at[0] - name.at[0]) * pixels > AWAY.across || Math.abs(at[1] - name.at[1]) * pixels > AWAY.down);
}

export function makeNames(app) {
  const { map, space } = app;
  const found = [];
  const stations = () => found.filter(({ kind }) => kind === 'station');
  const show = (names) => {
    for (const name of names) name.node.hidden = !hasRoom(name, stations(), map.getZoom());
  };
  map.on('zoomend', () => show(found));
  return {
    put(kind, text, latlng) {
      const node = element('div', { className: `name ${kind}`, textContent: text });
      const name = { kind, text, latlng, at: space.fromLatLng(latlng), node, ...LOOKS[kind] };
      found.push(name);
      L.marker(latlng, { icon: L.divIcon({ html: node, iconSize: [0, 0], className: '' }), pane: 'names', interactive: false, keyboard: false }).addTo(map);
      show([name]);
    },
    /** Each unit of a level by its name, in the middle of it. */
    putAll(kind, level, say = (name) => name) {
      for (let i = 0; i < level.count; i++) this.put(kind, say(level.label(i)), space.toLatLng(...level.middle(i)));
    },
    /** Names that a picture at this zoom shows. */
    shown: (zoom) => found.filter((name) => (name.kind !== 'station' || !app.state.hidden.includes('track')) && hasRoom(name, stations(), zoom)),
  };
}
