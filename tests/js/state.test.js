/* What a link carries, and what a link that somebody changed can't do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHash, initial, toHash } from '../../pipeline/atlas/assets/js/state.js';

const page = {
  years: [2018, 2020, 2022],
  start: 'buurt',
  themes: [{ columns: ['people', 'jobs'] }, { columns: ['fsi'] }],
  levels: [{ name: 'buurt' }, { name: 'pand' }],
  buildings: [{ name: 'built_year' }, { name: 'height' }],
};
const still = { ...page, years: [] };

test('at the start: the first indicator, the last year beside the first', () => {
  const state = initial(page);
  assert.deepEqual([state.column, state.level, state.mode, state.year, state.other], ['people', 'buurt', 'one', 2, 0]);
  assert.deepEqual([state.unit, state.built, state.hidden, state.views], [null, null, [], []]);
  assert.equal(initial(still).year, 0);
});

test('the start is a short address', () => {
  assert.equal(toHash(initial(page), page), 'i=people&l=buurt&j=2022&v=2018');
  assert.equal(toHash(initial(still), still), 'i=people&l=buurt');
});

test('there and back', () => {
  const state = {
    column: 'fsi', level: 'pand', mode: 'swipe', year: 1, other: 2, unit: 'BU01530001', building: 'height', built: 1965,
    background: 'luchtfoto', hidden: ['station', 'axis'], views: ['i=jobs&l=buurt', '100% & meer; +1'],
  };
  const place = { zoom: 13.25, lat: 52.23456, lng: 6.87654 };
  const [back, where] = fromHash(`#${toHash(state, page, place)}`, page, ['axis', 'station', 'corridor']);
  assert.deepEqual(back, state);
  assert.deepEqual(where, place);
});

test('the start comes back from its own address, and from none', () => {
  for (const hash of [toHash(initial(page), page), '', '#']) assert.deepEqual(fromHash(hash, page), [initial(page), null]);
});

test('a built year of 0 is a year', () => {
  const state = { ...initial(page), built: 0 };
  assert.equal(fromHash(toHash(state, page), page)[0].built, 0);
});

test('what is not known keeps its start', () => {
  const wild = '#i=__proto__&l=wijk&m=explode&j=1999&v=abc&t=x&a=javascript:1&p=constructor&x=axis&k=1/2';
  assert.deepEqual(fromHash(wild, page, []), [initial(page), null]);
});

test('a page of one year has no other modes', () => {
  assert.equal(fromHash('#m=change', { ...page, years: [2022] })[0].mode, 'one');
  assert.equal(fromHash('#m=change', page)[0].mode, 'change');
});

test('only layers that the page has can be hidden', () => {
  assert.deepEqual(fromHash('#x=axis+nothing+station', page, ['station', 'axis'])[0].hidden, ['axis', 'station']);
});

test('views are kept up to fifty', () => {
  const hash = Array.from({ length: 60 }, (_, i) => `w=${i}`).join('&');
  assert.equal(fromHash(hash, page)[0].views.length, 50);
});

test('a broken number is no number', () => {
  assert.equal(fromHash('#t=19.5', page)[0].built, null);
  for (const k of ['', '13/52.2', '13/52.2/x', '13/52.2/Infinity', '1/2/3/4']) assert.equal(fromHash(`#k=${k}`, page)[1], null, k);
});

test('an empty number is no number', () => {
  assert.equal(fromHash('#t=', page)[0].built, null);
  assert.equal(fromHash('#k=//', page)[1], null);
});
