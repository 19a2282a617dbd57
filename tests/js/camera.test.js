/* Where the map goes while it is still zooming. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCamera } from '../../pipeline/atlas/assets/js/camera.js';

function makeMap() {
  const heard = {};
  const went = [];
  return {
    went,
    on: (name, does) => (heard[name] = does),
    fire: (...names) => names.forEach((name) => heard[name]?.()),
    setView: (...how) => went.push(['look', ...how]),
    fitBounds: (...how) => went.push(['fit', ...how]),
  };
}

test('a view that is asked for is shown at once', () => {
  const map = makeMap();
  const camera = makeCamera(map);
  camera.look('a', 15, true);
  camera.fit('b', { animate: false });
  assert.deepEqual(map.went, [['look', 'a', 15, { animate: true }], ['fit', 'b', { animate: false }]]);
});

test('while the map zooms the last one waits, and comes once', () => {
  const map = makeMap();
  const camera = makeCamera(map);
  map.fire('zoomanim');
  camera.look('a', 15, true);
  camera.fit('b', {});
  map.fire('moveend'); // of a pan that the zoom cut off
  assert.deepEqual(map.went, []);
  map.fire('zoomend', 'moveend', 'moveend');
  assert.deepEqual(map.went, [['fit', 'b', {}]]);
  camera.look('c', 16, true);
  assert.equal(map.went.length, 2);
});
