/* Values on, below and above breaks; places; change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { change, classOf, classed, counted, inDoubt, rank } from '../../pipeline/atlas/assets/js/classes.js';

test('a value on a break belongs to the class above', () => {
  assert.deepEqual([-5, 9, 10, 19, 20, 1e9].map((v) => classOf(v, [10, 20])), [0, 0, 1, 1, 2, 2]);
});

test('no value has no class', () => {
  assert.deepEqual([NaN, null, undefined, Infinity].map((v) => classOf(v, [10])), [-1, -1, -1, -1]);
});

test('without breaks there is one class', () => {
  assert.equal(classOf(3, []), 0);
});

test('what has no value gets the class after the last colour', () => {
  // Two breaks, three colours: 0, 1, 2; the hatch is 3.
  assert.deepEqual(Array.from(classed([5, NaN, 10, 25], [10, 20])), [0, 3, 1, 2]);
});

test('units per class; those beyond the last are left out', () => {
  assert.deepEqual(counted([0, 2, 2, 3], 3), [1, 0, 2]);
  assert.deepEqual(counted([0, 2, 2, 3], 4), [1, 0, 2, 1]);
});

test('change in per cent', () => {
  assert.equal(change(200, 150), -25);
  assert.equal(change(200, 200), 0);
  assert.equal(change(4, 6), 50);
  assert.equal(change(4, 0), -100);
});

test('nothing can be said of change from nothing, or without a value', () => {
  assert.deepEqual([change(0, 5), change(0, 0), change(NaN, 5), change(5, NaN), change(-1, 5)], [NaN, NaN, NaN, NaN, NaN]);
});

test('place among others, highest first; equals share a place', () => {
  const values = [10, NaN, 30, 20, 20];
  assert.deepEqual([30, 20, 10].map((v) => rank(values, v)), [[1, 4], [2, 4], [4, 4]]);
});

test('in doubt when the bounds lie in two classes', () => {
  assert.equal(inDoubt([1, 9], [10]), false);
  assert.equal(inDoubt([1, 10], [10]), true);
  assert.equal(inDoubt([10, 15], [10]), false);
});
