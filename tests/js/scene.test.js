/* What lies under and over the theme, level by level. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coats, makeScene } from '../../pipeline/atlas/assets/js/scene.js';

const shapes = (square = false) => ({ square });
const around = { zone: shapes(), green: shapes(), water: shapes(), road: shapes(), rail: shapes() };
const buurt = { g: shapes(), count: 152 };
const pand = { g: shapes(), count: 31_000 };

function scene(view, { hidden = [], shines = false, levels = { buurt, pand }, compared = false } = {}) {
  const app = { around, levels: new Map(Object.entries(levels)), state: { hidden }, ground: { shines: () => shines } };
  return makeScene(app, { classes: [1], compared: [2], fills: ['red'], doubt: new Map([[7, {}]]), kind: 'units', level: buurt, ...view }, compared);
}

const all = { ...around, buurt: buurt.g, pand: pand.g };
const names = (list) => list.map(({ g }) => Object.keys(all).find((name) => all[name] === g) ?? 'own');

test('buildings stand on what lies around them', () => {
  const { under, theme, over } = scene({ kind: 'buildings', level: pand });
  assert.deepEqual(names(under), ['zone', 'green', 'water', 'road', 'rail']);
  assert.equal(theme.g, pand.g);
  assert.deepEqual(over, []);
});

test('where a background map shines through, the zone is not white', () => {
  assert.deepEqual(names(scene({ kind: 'buildings', level: pand }, { shines: true }).under), ['green', 'water', 'road', 'rail']);
});

test('neighbourhoods have edges, squares and many units the borders of neighbourhoods', () => {
  assert.deepEqual(names(scene({}).over), ['buurt', 'water', 'road', 'rail', 'pand']);
  const squares = scene({ level: { g: shapes(true), count: 400 } });
  const hexagons = scene({ level: { g: shapes(), count: 1000 } });
  for (const { over } of [squares, hexagons]) {
    assert.deepEqual(names(over), ['buurt', 'water', 'road', 'rail', 'pand']);
    assert.notEqual(over[0], scene({}).over[0], 'in another look');
  }
});

test('what is hidden or not there yet is left out', () => {
  assert.deepEqual(names(scene({}, { hidden: ['water', 'figures'] }).over), ['buurt', 'road', 'rail']);
  assert.deepEqual(names(scene({ level: { g: shapes(true), count: 4 } }, { levels: {}, hidden: ['road'] }).over), ['water', 'rail']);
});

test('what did not change is the same coat, by which the layer knows it', () => {
  const [one, other] = [scene({}), scene({ classes: [3] })];
  assert.ok(one.over.every((coat, k) => coat === other.over[k]));
  assert.notEqual(one.theme, other.theme);
});

test('the other side of the swipe has the classes of the other year, and no doubt', () => {
  assert.deepEqual(scene({}).theme.doubt, [7]);
  const { theme } = scene({}, { compared: true });
  assert.deepEqual([theme.classes, theme.doubt], [[2], []]);
});

test('all coats, the lowest first', () => {
  const found = scene({ kind: 'ground', level: { g: shapes(), count: 90 } });
  assert.deepEqual(names(coats(found)), ['own', 'own', 'road', 'rail']);
  assert.equal(coats(found)[0], found.theme);
});
