/* Places: a polynomial that can be done in the head, and the globe. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WORLD, makeSpace } from '../../pipeline/atlas/assets/js/space.js';

const near = (found, expected, off = 1e-6) => found.forEach((v, i) => assert.ok(Math.abs(v - expected[i]) <= off, `${found} is not ${expected}`));

test('terms are counted as 1, v, v², u, uv, u²', () => {
  const space = makeSpace({ centre: [1000, 2000], scale: 10, degree: 2, x: [500, 1, 10, 100, 1000, 10000], y: [700, 2, 0, 0, 0, 0] });
  // u = 2, v = 3: 1*3 + 10*9 + 100*2 + 1000*6 + 10000*4; y is down: -(2*3).
  near(space.fromRd(1020, 2030), [46293, -6]);
});

test('the middle of the data is the origin', () => {
  const space = makeSpace({ centre: [1000, 2000], scale: 10, degree: 1, x: [500, 1, 2], y: [700, 3, 4] });
  near(space.fromRd(1000, 2000), [0, 0]);
  near(space.corner, [-WORLD / 2 - 500, -WORLD / 2 + 700]);
});

const at = (x, y) => makeSpace({ centre: [0, 0], scale: 1, degree: 0, x: [x], y: [y] });

test('the globe from its zero point', () => {
  const space = at(0, 0);
  near([WORLD], [40075016.686], 0.001);
  near(space.fromLatLng({ lat: 0, lng: 0 }), [0, 0]);
  near(space.fromLatLng({ lat: 0, lng: 180 }), [WORLD / 2, 0]);
  // 85.0511…° is where the map is a square; north is up, so y is negative.
  near(space.fromLatLng({ lat: 85.05112877980659, lng: -90 }), [-WORLD / 4, -WORLD / 2], 1e-3);
});

test('there and back, also away from the zero point', () => {
  const space = at(765000, 6843000);
  for (const [x, y] of [[0, 0], [12345.6, -9876.5], [-500, 4000]]) {
    near(space.fromLatLng(space.toLatLng(x, y)), [x, y]);
  }
  const { lat, lng } = space.toLatLng(0, 0);
  near([lat, lng], [52.2, 6.87], 0.1);
});

test('a metre of the map is half a metre on the ground at 60 degrees', () => {
  const space = at(0, 0);
  near([space.ground(0), space.ground(space.fromLatLng({ lat: 60, lng: 0 })[1])], [1, 0.5]);
});
