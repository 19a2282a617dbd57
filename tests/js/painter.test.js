/* What the painter asks of a canvas, which is a list here: two squares of 100 m, 50 m apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { project } from '../../pipeline/atlas/assets/js/geometry.js';
import { paint } from '../../pipeline/atlas/assets/js/painter.js';

const space = { fromRd: (x, y) => [x, 0 - y] };
const corners = [0, 150].flatMap((w) => [[w, -100], [w + 100, -100], [w + 100, 0], [w, 0]]);
const g = project({ form: 'squares', count: 2, first: [0, 1, 2], start: [0, 4, 8], x: corners.map(([x]) => x), y: corners.map(([, y]) => y) }, space);

function painted(coat, scale, ratio = 1) {
  const asked = [];
  const note = (name) => (...values) => asked.push([name, ...values]);
  const ctx = { set lineWidth(width) { asked.push(['lineWidth', width]); } };
  for (const name of ['beginPath', 'moveTo', 'lineTo', 'closePath', 'rect', 'fill', 'stroke', 'fillRect', 'setLineDash']) ctx[name] = note(name);
  paint(ctx, [coat], { west: 0, north: 0, width: 300 * scale, height: 300 * scale, scale, ratio, zoom: 13 });
  return asked;
}

const near = (found, expected) => found.forEach((v, k) => assert.ok(Math.abs(v - expected[k]) < 1e-4, `${found} is not ${expected}`));

test('small squares are upright, where they are, a little larger than they are', () => {
  const rects = painted({ g, fills: ['red'] }, 0.1).filter(([name]) => name === 'fillRect').map(([, ...box]) => box);
  assert.equal(rects.length, 2);
  near(rects[0], [-0.3, -0.3, 10.6, 10.6]);
  near(rects[1], [14.7, -0.3, 10.6, 10.6]);
});

test('squares of a column that follow each other are one, as far as their turn does not show', () => {
  const column = (side, rows) => {
    const found = rows.flatMap((r) => [[0, r * side], [side, r * side], [side, (r + 1) * side], [0, (r + 1) * side]]);
    const steps = (by) => Array.from({ length: rows.length + 1 }, (_, k) => by * k);
    return project({ form: 'squares', count: rows.length, first: steps(1), start: steps(4), x: found.map(([x]) => x), y: found.map(([, y]) => y - 240) }, space);
  };
  const rects = (coat, scale) => painted(coat, scale).filter(([name]) => name === 'fillRect').map(([, ...box]) => box);
  // Ten pixels each: three together are 30; after the gap another one.
  const found = rects({ g: column(40, [0, 1, 2, 3, 5]), fills: ['red'] }, 0.25);
  assert.equal(found.length, 3);
  near(found[0], [-0.3, 29.7, 10.6, 30.6]);
  near(found[1], [-0.3, 19.7, 10.6, 10.6]);
  near(found[2], [-0.3, -0.3, 10.6, 10.6]);
  assert.equal(rects({ g: column(40, [0, 1, 2, 3, 5]), fills: ['red'] }, 0.5).length, 5, 'of twenty pixels none');
  assert.equal(rects({ g: column(40, [0, 1, 2]), classes: [0, 1, 0], fills: ['red', 'blue'] }, 0.25).length, 3, 'nor of another class');
});

test('large squares are drawn as they lie', () => {
  const asked = painted({ g, fills: ['red'] }, 0.3).map(([name]) => name);
  assert.equal(asked.includes('fillRect'), false);
  assert.equal(asked.filter((name) => name === 'closePath').length, 2);
});

test('lines of about a pixel are one pixel, thinner and thicker ones as they are', () => {
  const width = (wide, ratio) => painted({ g, fills: [null], strokes: [{ colour: 'red', width: wide }] }, 0.3, ratio).find(([name]) => name === 'lineWidth')[1];
  assert.deepEqual([width(0.5, 1), width(1, 1), width(1, 1.2), width(1.4, 1), width(1, 2)], [0.5, 1, 1, 1.4, 2]);
});
