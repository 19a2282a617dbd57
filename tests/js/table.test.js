/* Rows in an order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formats } from '../../pipeline/atlas/assets/js/formats.js';
import { ordered } from '../../pipeline/atlas/assets/js/table.js';

const { compare } = formats('nl');
const rows = [['Zuid', 3], ['Élan', NaN], ['noord', 10], ['Oost', -2]].map((values) => ({ cells: values.map((value) => ({ value })) }));
const names = (found) => found.map((row) => row.cells[0].value);

test('numbers up and down; what has none comes last both ways', () => {
  assert.deepEqual(names(ordered(rows, 1, false, compare)), ['Oost', 'Zuid', 'noord', 'Élan']);
  assert.deepEqual(names(ordered(rows, 1, true, compare)), ['noord', 'Zuid', 'Oost', 'Élan']);
});

test('names as the language has them', () => {
  assert.deepEqual(names(ordered(rows, 0, false, compare)), ['Élan', 'noord', 'Oost', 'Zuid']);
  assert.deepEqual(names(ordered(rows, 0, true, compare)), ['Zuid', 'Oost', 'noord', 'Élan']);
});

test('the rows given keep their order', () => {
  ordered(rows, 0, true, compare);
  assert.deepEqual(names(rows), ['Zuid', 'Élan', 'noord', 'Oost']);
});
