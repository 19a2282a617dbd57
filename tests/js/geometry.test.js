/* Two squares, one with a hole, and a line; x to the east, y down. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { middleOf, outline, project, touches, unitAt, unitBounds } from '../../pipeline/atlas/assets/js/geometry.js';

/* Metres of the map are metres RD, but north is up there. */
const space = { fromRd: (x, y) => [x, 0 - y], toLatLng: (x, y) => ({ lat: 0 - y, lng: x }) };
const square = (w, s, side) => [[w, s], [w + side, s], [w + side, s + side], [w, s + side]];
const rings = [square(0, 0, 10), square(4, 4, 2), square(20, 0, 10)];
const corners = rings.flat();
const shape = {
  form: 'rings', count: 2, first: [0, 2, 3], start: [0, 4, 8, 12],
  x: corners.map(([x]) => x), y: corners.map(([, y]) => y),
};
const g = project(shape, space);

test('boxes are west, north, east, south', () => {
  assert.deepEqual(Array.from(g.box), [0, -10, 10, 0, 20, -10, 30, 0]);
});

test('a place lies in one unit, in none, or in a hole', () => {
  assert.equal(unitAt(g, 1, -1), 0);
  assert.equal(unitAt(g, 25, -5), 1);
  assert.equal(unitAt(g, 15, -5), -1);
  assert.equal(unitAt(g, 5, -5), -1);
  assert.equal(unitAt(g, 5, -7), 0);
  assert.equal(unitAt(g, 5, 5), -1);
});

test('where units meet, a place lies in one of them', () => {
  const two = [square(0, 0, 10), square(10, 0, 10)].flat();
  const pair = project({ form: 'rings', count: 2, first: [0, 1, 2], start: [0, 4, 8], x: two.map(([x]) => x), y: two.map(([, y]) => y) }, space);
  assert.equal(unitAt(pair, 10, -5), 1);
  assert.equal(unitAt(pair, 0, -5), 0);
});

test('outline and bounds in degrees', () => {
  assert.deepEqual(outline(g, 0, space).map((r) => r.map(({ lat, lng }) => [lng, lat])), rings.slice(0, 2));
  assert.deepEqual(unitBounds(g, 1, space), [{ lat: 0, lng: 20 }, { lat: 10, lng: 30 }]);
});

test('a window touches a box, also at its edge', () => {
  assert.equal(touches(g, 0, [10, -20, 15, 20]), true);
  assert.equal(touches(g, 0, [-5, -20, 0, 20]), true);
  assert.equal(touches(g, 0, [11, -20, 15, 20]), false);
  assert.equal(touches(g, 0, [-5, -20, -1, 20]), false);
  assert.equal(touches(g, 0, [2, 1, 3, 5]), false);
  assert.equal(touches(g, 0, [2, -30, 3, -11]), false);
  assert.equal(touches(g, 0, [2, -30, 3, -10]), true);
});

test('the middle is that of the largest ring', () => {
  assert.deepEqual(middleOf(g, 0), [5, -5]);
  const parts = [square(100, 100, 2), [[0, 0], [6, 0], [0, 6]]];
  const flat = parts.flat();
  const two = project({ form: 'rings', count: 1, first: [0, 2], start: [0, 4, 7], x: flat.map(([x]) => x), y: flat.map(([, y]) => y) }, space);
  assert.deepEqual(middleOf(two, 0), [2, -2]);
});
