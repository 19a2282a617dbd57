/* Names that would lie over each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasRoom } from '../../pipeline/atlas/assets/js/names.js';

const stations = [{ kind: 'station', at: [0, 0] }];

test('a town gives way to a station that is near on the screen', () => {
  // At zoom 12 a pixel is 38.2 m of the map.
  assert.equal(hasRoom({ kind: 'town', at: [1000, 500] }, stations, 12), false);
  assert.equal(hasRoom({ kind: 'town', at: [1000, 1500] }, stations, 12), true);
  assert.equal(hasRoom({ kind: 'town', at: [6000, 0] }, stations, 12), true);
  assert.equal(hasRoom({ kind: 'town', at: [1000, 500] }, stations, 14), true);
  assert.equal(hasRoom({ kind: 'town', at: [0, 0] }, [], 12), true);
});

test('a neighbourhood has its name from near by, a station always', () => {
  assert.equal(hasRoom({ kind: 'area', at: [0, 0] }, stations, 13.75), false);
  assert.equal(hasRoom({ kind: 'area', at: [0, 0] }, stations, 14), true);
  assert.equal(hasRoom({ kind: 'station', at: [0, 0] }, stations, 9), true);
});
