/* Numbers as Dutch and English write them, and what goes round them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filled, formats, ordinal, plain, roundUp } from '../../pipeline/atlas/assets/js/formats.js';

const nl = formats('nl');
const en = formats('en');

test('points and commas', () => {
  assert.deepEqual([nl.number(1234567), nl.number(1234.5, 1), nl.number(0.125, 2)], ['1.234.567', '1.234,5', '0,13']);
  assert.deepEqual([en.number(1234567), en.number(1234.5, 1)], ['1,234,567', '1,234.5']);
  assert.equal(nl.number(3, 2), '3,00');
});

test('minus is a minus, and what rounds to zero has none', () => {
  assert.equal(nl.number(-1234.5, 1), '−1.234,5');
  assert.equal(nl.number(-0.04, 1), '0,0');
  assert.equal(nl.number(-0), '0');
  assert.equal(nl.number(-0.05, 1), '−0,1');
});

test('no value is a dash', () => {
  assert.deepEqual([NaN, null, Infinity].map((v) => nl.number(v)), ['–', '–', '–']);
  assert.deepEqual([nl.value(NaN, { decimals: 1 }), nl.change(NaN), nl.percent(NaN)], ['–', '–', '–']);
});

test('whole numbers of the page are moved back', () => {
  assert.equal(nl.value(12345, { decimals: 2 }), '123,45');
  assert.equal(nl.value(0, { decimals: 2 }), '0,00');
  assert.equal(nl.value(-5, { decimals: 0 }), '−5');
});

test('a change always has its sign, but none is none', () => {
  assert.deepEqual([4.25, -4.25, 0, 0.04, -0.04].map((v) => en.change(v)), ['+4.3%', '−4.3%', '0.0%', '0.0%', '0.0%']);
  assert.equal(nl.change(1234.5), '+1.234,5%');
});

test('shares', () => {
  assert.deepEqual([nl.percent(0.256), nl.percent(0.256, 1), nl.percent(1)], ['26%', '25,6%', '100%']);
});

test('names in the order of the language', () => {
  assert.deepEqual(['Zuid', 'Öst', 'Élander', 'eland', 'azen'].sort(nl.compare), ['azen', 'eland', 'Élander', 'Öst', 'Zuid']);
});

test('sentences are filled in; what is not given stays as it is', () => {
  assert.equal(filled('{n} van {of}, {n}', { n: 3, of: 10 }), '3 van 10, 3');
  assert.equal(filled('{n} {other}', { n: 0 }), '0 {other}');
  // What a name looks like does not matter.
  assert.equal(filled('{name}!', { name: '$& {n}', n: 1 }), '$& {n}!');
});

test('a search finds letters without accents', () => {
  assert.equal(plain('Súdwest-FRYSLÂN Coördinaat'), 'sudwest-fryslan coordinaat');
});

test('places', () => {
  const numbers = [1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22, 101, 111, 112];
  assert.deepEqual(
    numbers.map((n) => ordinal(n, 'en')),
    ['1st', '2nd', '3rd', '4th', '10th', '11th', '12th', '13th', '20th', '21st', '22nd', '101st', '111th', '112th']);
  assert.deepEqual([1, 2, 8, 20].map((n) => ordinal(n, 'nl')), ['1e', '2e', '8e', '20e']);
});

test('an axis ends at a round number', () => {
  assert.deepEqual([1, 1.01, 1.3, 7, 8.01, 10, 99, 130, 1000].map(roundUp), [1, 1.2, 1.6, 8, 10, 10, 100, 160, 1000]);
  assert.deepEqual([0, -3, NaN].map(roundUp), [1, 1, 1]);
  assert.ok(Math.abs(roundUp(0.031) - 0.04) < 1e-12);
});
