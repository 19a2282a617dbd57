/* Names on the map, for the screen and for pictures: stations, towns, and neighbourhoods where there is room. */
import { element } from './dom.js';

const NEAR_ZOOM = 14; // from here on neighbourhoods are large enough for their names
const LOOKS = {
  station: { size: 13, weight: 650, shift: 11, colour: '#15212b' },
  town: { size: 18, weight: 600, shift: 0, colour: '#3b4650', centred: true },
  area: { size: 11.5, weight: 500, shift: 0, colour: '#3b4650', centred: true, near: true },
};

export function makeNames(app) {
  const { map, space } = app;
  const found = [];
  const near = () => map.getContainer().classList.toggle('near', map.getZoom() >= NEAR_ZOOM);
  map.on('zoomend', near);
  return {
    put(kind, text, { lat, lng }) {
      found.push({ kind, text, at: { lat, lng }, ...LOOKS[kind] });
      const html = element('div', { className: `name ${kind}`, textContent: text });
      L.marker([lat, lng], { icon: L.divIcon({ html, iconSize: [0, 0], className: '' }), pane: 'names', interactive: false, keyboard: false }).addTo(map);
      near();
    },
    /** Each unit of a level by its name, in the middle of it. */
    putAll(kind, level, say = (name) => name) {
      for (let i = 0; i < level.count; i++) this.put(kind, say(level.label(i)), space.toLatLng(...level.middle(i)));
    },
    /** Names that a picture at this zoom shows. */
    shown: (zoom) => found.filter((name) => (name.kind !== 'station' || !app.state.hidden.includes('track')) && (!name.near || zoom >= NEAR_ZOOM)),
  };
}
