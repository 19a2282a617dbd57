/* A level from its letters: two squares with a series, bounds and coverage. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeLevels } from '../../pipeline/atlas/assets/js/levels.js';

const header = {
  form: 'squares', count: 2, side: 100, id: null, name: null,
  columns: [['people', 2], ['area', 1]],
  bounds: { people: [[0, 1], [2, 3], [7, 8]] }, coverage: { people: [[0], [75]] },
};
/* West 100 and 200, south 200 twice; people: codes 11 and 0, 0 and 6 (steps 11, -11, 0, 6); area: codes 5 and 6. */
const numbers = [0xc8, 1, 0xc8, 1, 0x90, 3, 0, 22, 21, 0, 12, 10, 12];
const text = new TextEncoder().encode(JSON.stringify(header));
const letters = gzipSync(Uint8Array.from([text.length, 0, 0, 0, ...text, ...numbers])).toString('base64');
const space = { fromRd: (x, y) => [x, 0 - y], fromLatLng: ({ lat, lng }) => [lng, 0 - lat], toLatLng: (x, y) => ({ lat: 0 - y, lng: x }) };

const asked = [];
const levels = makeLevels(space, (name) => {
  asked.push(name);
  return letters;
});
const level = await levels.load('square_100m');

test('values of a year; one without a series is the same in every year', () => {
  assert.deepEqual([0, 1].map((year) => Array.from(level.values('people', year))), [[10, NaN], [NaN, 5]]);
  assert.deepEqual([0, 1].map((year) => Array.from(level.values('area', year))), [[4, 5], [4, 5]]);
  assert.deepEqual([level.value('people', 0, 0), level.value('people', 1, 1), level.value('area', 1, 1)], [10, 5, 5]);
  assert.deepEqual([level.yearly('people'), level.yearly('area'), level.yearly('x')], [true, false, false]);
});

test('what the level does not have is not known', () => {
  assert.deepEqual([level.has('people'), level.has('x')], [true, false]);
  assert.deepEqual(Array.from(level.values('x', 0)), [NaN, NaN]);
  assert.ok(Number.isNaN(level.value('x', 0, 0)));
  assert.equal(level.bounds('x').size, 0);
});

test('bounds and coverage by the position of the unit', () => {
  assert.deepEqual([...level.bounds('people')], [[0, [2, 7]], [1, [3, 8]]]);
  assert.deepEqual([...level.coverage('people')], [[0, [75]]]);
});

test('names, and the way back from them', () => {
  assert.deepEqual([level.id(0), level.label(1), level.id(2), level.label(2)], ['E1N2', 'E2N2', null, '']);
  assert.deepEqual([level.indexOf('E2N2'), level.indexOf('E9N9')], [1, -1]);
});

test('the unit at a place, and where a unit lies', () => {
  assert.deepEqual([level.at({ lng: 250, lat: 250 }), level.at({ lng: 350, lat: 250 })], [1, -1]);
  assert.deepEqual(level.boundsOf(0), [{ lat: 200, lng: 100 }, { lat: 300, lng: 200 }]);
});

test('a number that needs more than half the memory keeps it', async () => {
  const whole = 2 ** 24 + 1; // the first that a short float can't hold; its code is one more, and zigzag twice that
  const bytes = [];
  for (let rest = 2 * (whole + 1); rest > 0; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | (rest > 127 ? 128 : 0));
  const one = new TextEncoder().encode(JSON.stringify({ form: 'squares', count: 1, side: 100, id: null, name: null, columns: [['large', 1], ['small', 1]] }));
  const block = gzipSync(Uint8Array.from([one.length, 0, 0, 0, ...one, 0xc8, 1, 0xc8, 1, ...bytes, 14])).toString('base64');
  const found = await makeLevels(space, () => block).load('square_100m');
  assert.deepEqual([found.value('large', 0, 0), found.value('small', 0, 0)], [whole, 6]);
  assert.deepEqual([found.values('large').BYTES_PER_ELEMENT, found.values('small').BYTES_PER_ELEMENT], [8, 4]);
});

test('a level is unpacked once', async () => {
  assert.equal(await levels.load('square_100m'), level);
  assert.equal(levels.get('square_100m'), level);
  assert.equal(levels.get('buurt'), undefined);
  assert.deepEqual(asked, ['square_100m']);
});
