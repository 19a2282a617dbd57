/* Four units in three years: what is drawn of them, alone and beside another year. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeView } from '../../pipeline/atlas/assets/js/view.js';

const values = { people: [[10, 20, 30], [40, 40, 20], [0, 0, 5], [NaN, 7, NaN]], fsi: [[1], [2], [3], [4]] };

function app(changes = {}, { bounds = [], coverage = [] } = {}) {
  const level = {
    name: 'buurt', count: 4,
    yearly: (key) => values[key][0].length > 1,
    values: (key, year) => Float64Array.from(values[key], (row) => row[row.length > 1 ? year : 0]),
    bounds: () => new Map(bounds), coverage: () => new Map(coverage),
  };
  return {
    page: {
      years: [2018, 2020, 2022], sure: 90,
      columns: { people: { breaks: [10, 30], colours: ['a', 'b', 'c'], coverage: 'known' }, fsi: { breaks: [2], colours: ['a', 'b'], coverage: '' } },
      change: { breaks: [-60, 10], colours: ['less', 'same', 'more'] },
    },
    state: { level: 'buurt', column: 'people', mode: 'one', year: 2, other: 0, ...changes },
    levels: new Map([['buurt', level]]),
  };
}

test('one year: classes, counts, and the hatch for what has no value', () => {
  const view = makeView(app());
  assert.deepEqual(Array.from(view.values), [30, 20, 5, NaN]);
  assert.deepEqual(Array.from(view.classes), [2, 1, 0, 3]);
  assert.deepEqual([view.counts, view.missing, view.fills.length, view.compared], [[1, 1, 1], 1, 4, null]);
});

test('beside another year', () => {
  const view = makeView(app({ mode: 'swipe' }));
  assert.deepEqual([Array.from(view.classes), Array.from(view.compared)], [[2, 1, 0, 3], [1, 2, 0, 3]]);
});

test('change from the other year, in per cent; from nothing none is known', () => {
  const view = makeView(app({ mode: 'change' }));
  assert.deepEqual(Array.from(view.values), [200, -50, NaN, NaN]);
  assert.deepEqual([Array.from(view.classes), view.counts, view.missing], [[2, 1, 3, 3], [0, 1, 1], 2]);
});

test('an indicator of one year is shown as it is, whatever was chosen', () => {
  const view = makeView(app({ column: 'fsi', mode: 'change', year: 0 }));
  assert.deepEqual([view.mode, Array.from(view.values), view.year, view.other], ['one', [1, 2, 3, 4], 2, 2]);
});

test('in doubt: bounds in two classes, or too little measured; not what has no value anyway', () => {
  const doubtful = { bounds: [[0, [29, 31]], [1, [11, 29]], [3, [0, 99]]], coverage: [[0, [50]], [2, [89]], [1, [90]]] };
  assert.deepEqual([...makeView(app({}, doubtful)).doubt], [[0, { low: 29, high: 31, measured: 50 }], [2, { measured: 89 }]]);
});

test('bounds are of the last year, so no doubt is said of another or of change', () => {
  const doubtful = { bounds: [[0, [1, 99]]] };
  assert.equal(makeView(app({ year: 1 }, doubtful)).doubt.size, 0);
  assert.equal(makeView(app({ mode: 'change' }, doubtful)).doubt.size, 0);
});
