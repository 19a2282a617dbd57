/* Cells that a spreadsheet would run, and cells that need quotes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvCell, csvFile } from '../../pipeline/atlas/assets/js/csv.js';

test('what looks like a formula gets an apostrophe', () => {
  for (const text of ['=1+1', '+31', '-1', '@sum', "=cmd|' /C calc'!A0"]) assert.equal(csvCell(text, true), `'${text}`);
});

test('also behind blanks, a tab or a line', () => {
  assert.equal(csvCell('  =1', true), "'  =1");
  assert.equal(csvCell('\t=1', true), "'\t=1");
  assert.equal(csvCell('\tx', true), "'\tx");
  assert.equal(csvCell('\n=1', true), '"\'\n=1"');
  assert.equal(csvCell('\rx', true), '"\'\rx"');
});

test('numbers are numbers, negative ones too', () => {
  assert.deepEqual([csvCell(-1.5, true), csvCell(-1.5, false), csvCell(0, true), csvCell(1200, true)], ['-1,5', '-1.5', '0', '1200']);
});

test('no value is an empty cell', () => {
  assert.deepEqual([NaN, Infinity, null, undefined, ''].map((v) => csvCell(v, true)), ['', '', '', '', '']);
});

test('names stay as they are', () => {
  for (const text of ['Noord', '’t Zand', '3-hoek', 'Tuin=dorp', '−5']) assert.equal(csvCell(text, true), text);
});

test('quotes around what has a separator, a quote or a line in it', () => {
  assert.equal(csvCell('a;b', true), '"a;b"');
  assert.equal(csvCell('a,b', true), '"a,b"');
  assert.equal(csvCell('a "b"', true), '"a ""b"""');
  assert.equal(csvCell('a\nb', true), '"a\nb"');
  assert.equal(csvCell(' a', true), '" a"');
});

test('a Dutch file has semicolons and decimal commas, an English one commas and points; both begin with a mark', () => {
  const rows = [['Buurt', 'per ha'], ['Noord; oost', 1.5], ['=x', NaN]];
  assert.equal(csvFile(rows, 'nl'), '\ufeffBuurt;per ha\r\n"Noord; oost";1,5\r\n\'=x;\r\n');
  assert.equal(csvFile(rows, 'en'), '\ufeffBuurt,per ha\r\n"Noord; oost",1.5\r\n\'=x,\r\n');
});
