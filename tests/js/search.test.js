/* What a search finds, and what comes first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches } from '../../pipeline/atlas/assets/js/search.js';
import { plain } from '../../pipeline/atlas/assets/js/formats.js';
import { shortNames } from '../../pipeline/atlas/assets/js/line.js';

const item = (text, order = 1) => ({ text, order, key: plain(text) });
const found = (items, query, most) => matches(items, query, most).map(({ text }) => text);

test('names that begin with it, then words that do, then the rest', () => {
  const items = [item('Westzand'), item('Het Zandveld'), item('Zandhuizen aan Zee')];
  assert.deepEqual(found(items, 'zand'), ['Zandhuizen aan Zee', 'Het Zandveld', 'Westzand']);
});

test('stations before areas before streets, and shorter names first', () => {
  const items = [item('Hengelosestraat', 2), item('Hengelo Zuid', 1), item('Hengelo', 1), item('Hengelo', 0)];
  assert.deepEqual(matches(items, 'hengelo').map(({ text, order }) => [text, order]), [['Hengelo', 0], ['Hengelo', 1], ['Hengelo Zuid', 1], ['Hengelosestraat', 2]]);
});

test('accents, capitals and blanks around it do not matter', () => {
  assert.deepEqual(found([item('Súdwest'), item('Oost')], '  SUDW '), ['Súdwest']);
  assert.deepEqual(found([item('Sudwest')], 'súd'), ['Sudwest']);
});

test('nothing for nothing, and never more than asked', () => {
  assert.deepEqual(found([item('Oost')], '  '), []);
  assert.deepEqual(found([item('Oost')], 'x'), []);
  assert.equal(found(Array.from({ length: 30 }, (_, i) => item(`Oost ${i}`)), 'oost').length, 10);
  assert.equal(found([item('Oost 1'), item('Oost 2')], 'oost', 1).length, 1);
});

test('a station named after another one keeps the rest of its name', () => {
  assert.deepEqual(shortNames(['Hengelo', 'Enschede Kennispark', 'Enschede']), ['Hengelo', 'Kennispark', 'Enschede']);
  assert.deepEqual(shortNames(['Den Haag', 'Enschede Kennispark']), ['Den Haag', 'Enschede Kennispark']);
});
