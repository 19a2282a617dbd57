/* Three buildings in a row; the window holds the first two. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallied } from '../../pipeline/atlas/assets/js/inview.js';

function buildings(...rows) {
  const keys = ['construction_year', 'use', 'footprint_m2'];
  return {
    count: rows.length, value: (key, i) => rows[i][keys.indexOf(key)],
    g: { box: Float32Array.from(rows.flatMap((_, i) => [10 * i, 0, 10 * i + 5, 5])) },
  };
}
const window = [0, 0, 19, 10];

test('counts per ten years, area per use, of what is in the window', () => {
  // Up to 2019: before 1900, twelve decades.
  const found = tallied(buildings([1899, 0, 100], [1965, 1, 50], [1965, 1, 999]), window, null, 2, 2019);
  assert.equal(found.decades.length, 13);
  assert.deepEqual(found.decades.map((n, k) => (n ? k : -1)).filter((k) => k >= 0), [0, 7]);
  assert.deepEqual([found.count, found.unknown, found.areas], [2, 0, [100, 50, 0]]);
});

test('the first and the last year of a decade', () => {
  const found = tallied(buildings([1960, 0, 1], [1969, 0, 1], [1970, 0, 1]), [0, 0, 99, 9], null, 1, 1970);
  assert.deepEqual([found.decades[7], found.decades[8]], [2, 1]);
  assert.equal(tallied(buildings([1985, 0, 1]), window, null, 1, 1970).decades[8], 1);
});

test('what has no year or use is counted as such', () => {
  const found = tallied(buildings([NaN, NaN, 40], [1900, 0, 1]), window, null, 2, 2019);
  assert.deepEqual([found.count, found.unknown, found.areas, found.decades[1]], [2, 1, [1, 0, 40], 1]);
});

test('until a year: that year too, and nothing without one', () => {
  const level = buildings([1950, 0, 1], [NaN, 0, 1]);
  assert.deepEqual([1949, 1950].map((built) => tallied(level, window, built, 1, 2019).count), [0, 1]);
});
