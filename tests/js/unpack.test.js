/* Blocks with bytes worked out by hand: zigzag (0, -1, 1, -2 … are 0, 1, 2, 3 …), seven bits a byte, low ones first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inflate, naming, open, shapes, starts } from '../../pipeline/atlas/assets/js/unpack.js';

/** Length of the header (little endian), the header, the bytes. */
function block(header, ...bytes) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  return Uint8Array.from([text.length, 0, 0, 0, ...text, ...bytes]);
}
const numbers = (count, ...bytes) => Array.from(open(block({}, ...bytes)).numbers(count, new Float64Array(count)));

test('small numbers take one byte', () => {
  assert.deepEqual(numbers(6, 0, 1, 2, 3, 126, 127), [0, -1, 1, -2, 63, -64]);
});

test('from 64 and -65 on two bytes, from 8192 on three', () => {
  assert.deepEqual(numbers(3, 0x80, 0x01, 0x81, 0x01, 0x80, 0x80, 0x01), [64, -65, 8192]);
});

test('numbers that do not fit in 32 bits', () => {
  // 2³¹ doubled is 2³²: bit 4 of the fifth byte. -2³¹ - 1 is one more.
  assert.deepEqual(numbers(2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x81, 0x80, 0x80, 0x80, 0x10), [2 ** 31, -(2 ** 31) - 1]);
});

test('the header is read as UTF-8, by its bytes', () => {
  const opened = open(block({ name: ['Súdwest-Fryslân', '’s-Hertogenbosch'] }, 14));
  assert.deepEqual(opened.header, { name: ['Súdwest-Fryslân', '’s-Hertogenbosch'] });
  assert.deepEqual(Array.from(opened.numbers(1)), [7]);
});

test('a header of more than 255 bytes, in bytes that lie within others', () => {
  const header = new TextEncoder().encode(JSON.stringify({ x: 'y'.repeat(292) })); // 300 = 1 * 256 + 44
  const whole = Uint8Array.from([9, 9, 9, 44, 1, 0, 0, ...header, 6]);
  assert.deepEqual(Array.from(open(whole.subarray(3)).numbers(1)), [3]);
});

test('streams follow each other', () => {
  const opened = open(block({}, 2, 4, 6));
  assert.deepEqual([Array.from(opened.numbers(2)), Array.from(opened.numbers(1))], [[1, 2], [3]]);
});

test('coordinates are steps, on a grid', () => {
  // Steps 4, -1, -3: at 4, 3, 0 steps of half a metre.
  assert.deepEqual(Array.from(open(block({}, 8, 1, 5)).running(3, 0.5)), [2, 1.5, 0]);
});

test('values: 0 is no value, others are one higher unless negative', () => {
  // Codes 0, 1, 6, -2.
  assert.deepEqual(Array.from(open(block({}, 0, 2, 12, 3)).values(4, 1)), [NaN, 0, 5, -2]);
});

test('values of years are steps, and every unit begins anew', () => {
  // Unit 1: codes 11, 12, 0 (steps 11, 1, -12): 10, 11, none. Unit 2: codes 0, 3, 3: none, 2, 2.
  const opened = open(block({}, 22, 2, 23, 0, 6, 0));
  assert.deepEqual(Array.from(opened.values(2, 3)), [10, 11, NaN, NaN, 2, 2]);
});

test('counts become places', () => {
  assert.deepEqual(Array.from(starts([2, 0, 3])), [0, 2, 2, 5]);
  assert.deepEqual(Array.from(starts([])), [0]);
});

test('polygons: rings per unit, corners per ring, corners', () => {
  // Two units with 1 and 2 rings, of 3, 4 and 3 corners; x runs by 1, y stays 10.
  const corners = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
  const bytes = [2, 4, 6, 8, 6, ...corners, 20, ...Array(9).fill(0)];
  const found = shapes(open(block({ form: 'rings', count: 2, grid: 1, rings: 3 }, ...bytes)));
  assert.deepEqual(Array.from(found.first), [0, 1, 3]);
  assert.deepEqual(Array.from(found.start), [0, 3, 7, 10]);
  assert.deepEqual(Array.from(found.x), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(Array.from(found.y), Array(10).fill(10));
});

test('squares: four corners from the south-west one', () => {
  const found = shapes(open(block({ form: 'squares', count: 2, side: 100 }, 0xc8, 1, 0xc8, 1, 0x90, 3, 0)));
  assert.deepEqual(Array.from(found.west), [100, 200]);
  assert.deepEqual(Array.from(found.south), [200, 200]);
  assert.deepEqual(Array.from(found.x), [100, 200, 200, 100, 200, 300, 300, 200]);
  assert.deepEqual(Array.from(found.y), [200, 200, 300, 300, 200, 200, 300, 300]);
  assert.deepEqual([Array.from(found.first), Array.from(found.start)], [[0, 1, 2], [0, 4, 8]]);
});

test('points have no rings', () => {
  const found = shapes(open(block({ form: 'points', count: 2, grid: 1 }, 2, 2, 10, 1)));
  assert.deepEqual([found.form, Array.from(found.x), Array.from(found.y)], ['points', [1, 2], [5, 4]]);
});

test('squares are named by their corner in hundreds of metres, others by what the header says', () => {
  const at = { west: [256000, 256100], south: [471000, 471000] };
  assert.deepEqual(naming({}, at).id, ['E2560N4710', 'E2561N4710']);
  assert.deepEqual(naming({}, at).name, ['E2560N4710', 'E2561N4710']);
  assert.deepEqual(naming({ id: ['BU1'], name: ['Noord'] }, {}), { id: ['BU1'], name: ['Noord'] });
  assert.deepEqual(naming({ id: ['BU1'] }, {}).name, ['BU1']);
});

test('letters become bytes, with and without the newer function of the browser', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 256);
  const letters = gzipSync(bytes).toString('base64');
  const newer = Object.getOwnPropertyDescriptor(Uint8Array, 'fromBase64');
  try {
    delete Uint8Array.fromBase64;
    assert.deepEqual(await inflate(letters), bytes);
    Object.defineProperty(Uint8Array, 'fromBase64', { value: (s) => new Uint8Array(Buffer.from(s, 'base64')), configurable: true });
    assert.deepEqual(await inflate(letters), bytes);
  } finally {
    delete Uint8Array.fromBase64;
    if (newer) Object.defineProperty(Uint8Array, 'fromBase64', newer);
  }
});

test('letters that were cut off are an error, not less data', async () => {
  const letters = gzipSync(new Uint8Array(1000).fill(1)).toString('base64');
  await assert.rejects(inflate(letters.slice(0, 16)));
});
