/* Shapes on the map: the box of each, which one lies at a place, and its outline. */

/** Shapes in metres of the map, with the box of each unit: west, north, east, south. */
export function project({ form, count, first, start, x, y }, space) {
  const g = { square: form === 'squares', open: form === 'lines', count, first, start, x: new Float32Array(x.length), y: new Float32Array(x.length) };
  const at = [0, 0];
  for (let k = 0; k < x.length; k++) {
    const found = space.fromRd(x[k], y[k], at);
    g.x[k] = found[0];
    g.y[k] = found[1];
  }
  g.box = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    let [w, n, e, s] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = start[first[i]]; k < start[first[i + 1]]; k++) {
      const px = g.x[k];
      const py = g.y[k];
      if (px < w) w = px;
      if (px > e) e = px;
      if (py < n) n = py;
      if (py > s) s = py;
    }
    g.box[4 * i] = w;
    g.box[4 * i + 1] = n;
    g.box[4 * i + 2] = e;
    g.box[4 * i + 3] = s;
  }
  return g;
}

function inside(g, i, px, py) {
  let odd = false;
  for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
    for (let a = g.start[ring], b = g.start[ring + 1] - 1; a < g.start[ring + 1]; b = a++) {
      if (g.y[a] > py !== g.y[b] > py && px < ((g.x[b] - g.x[a]) * (py - g.y[a])) / (g.y[b] - g.y[a]) + g.x[a]) odd = !odd;
    }
  }
  return odd;
}

/** Number of the unit at a place, -1 where there is none. */
export function unitAt(g, x, y) {
  for (let i = 0, b = 0; i < g.count; i++, b += 4) {
    if (x >= g.box[b] && x <= g.box[b + 2] && y >= g.box[b + 1] && y <= g.box[b + 3] && inside(g, i, x, y)) return i;
  }
  return -1;
}

/** Rings of one unit, as Leaflet wants them. */
export function outline(g, i, space) {
  const rings = [];
  for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
    const points = [];
    for (let k = g.start[ring]; k < g.start[ring + 1]; k++) points.push(space.toLatLng(g.x[k], g.y[k]));
    rings.push(points);
  }
  return rings;
}

/** Middle of the largest ring of one unit: where its name stands. */
export function middleOf(g, i) {
  let most = 0;
  let middle = [(g.box[4 * i] + g.box[4 * i + 2]) / 2, (g.box[4 * i + 1] + g.box[4 * i + 3]) / 2];
  for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
    let [area, sumX, sumY] = [0, 0, 0];
    const [x0, y0] = [g.x[g.start[ring]], g.y[g.start[ring]]]; // from a corner, so that nothing is lost in large numbers
    for (let a = g.start[ring], b = g.start[ring + 1] - 1; a < g.start[ring + 1]; b = a++) {
      const cross = (g.x[b] - x0) * (g.y[a] - y0) - (g.x[a] - x0) * (g.y[b] - y0);
      area += cross;
      sumX += cross * (g.x[a] + g.x[b] - 2 * x0);
      sumY += cross * (g.y[a] + g.y[b] - 2 * y0);
    }
    if (Math.abs(area) <= most) continue;
    most = Math.abs(area);
    middle = [x0 + sumX / (3 * area), y0 + sumY / (3 * area)];
  }
  return middle;
}

/** South-west and north-east of one unit. */
export function unitBounds(g, i, space) {
  const [w, n, e, s] = g.box.subarray(4 * i, 4 * i + 4);
  return [space.toLatLng(w, s), space.toLatLng(e, n)];
}

/** Whether the box of a unit touches a window. */
export const touches = (g, i, [w, n, e, s]) => g.box[4 * i] <= e && g.box[4 * i + 2] >= w && g.box[4 * i + 1] <= s && g.box[4 * i + 3] >= n;
