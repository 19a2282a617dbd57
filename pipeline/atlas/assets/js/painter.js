/* Shapes on a canvas. A scene is a list of coats, painted one over the other; a coat has shapes and says how they look. */

const CHUNK = 64; // shapes in one path: browsers are slow with one path of thousands, and with thousands of paths
const GROW = 0.3; // pixels that squares grow each way, or the ground shows through their seams
const UPRIGHT = 24; // pixels below which squares are drawn upright: that costs half
const RUN = 30; // pixels of a column of squares that are drawn as one: more would show their turn
const TINY = 2.5; // pixels below which a shape is drawn as its box
const HAIR = 1.3; // pixels below which a line is at most one pixel wide: browsers draw those many times as fast
const NEAR = 0.6; // pixels within which the next corner is passed over

function trace(ctx, g, i, west, north, scale) {
  const b = 4 * i;
  const width = (g.box[b + 2] - g.box[b]) * scale;
  const height = (g.box[b + 3] - g.box[b + 1]) * scale;
  if (width < TINY && height < TINY) {
    if (!g.open) ctx.rect((g.box[b] - west) * scale, (g.box[b + 1] - north) * scale, width, height);
    return;
  }
  if (g.square) {
    const midX = (g.box[b] + g.box[b + 2]) / 2;
    const midY = (g.box[b + 1] + g.box[b + 3]) / 2;
    for (let k = g.start[i]; k < g.start[i + 1]; k++) {
      const x = (g.x[k] - west) * scale + (g.x[k] < midX ? -GROW : GROW);
      const y = (g.y[k] - north) * scale + (g.y[k] < midY ? -GROW : GROW);
      if (k === g.start[i]) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    ctx.closePath();
    return;
  }
  for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
    const last = g.start[ring + 1] - 1;
    let [fromX, fromY] = [NaN, NaN];
    for (let k = g.start[ring]; k <= last; k++) {
      const x = (g.x[k] - west) * scale;
      const y = (g.y[k] - north) * scale;
      if (k === g.start[ring]) ctx.moveTo(x, y);
      else if (k < last && Math.abs(x - fromX) + Math.abs(y - fromY) < NEAR) continue;
      else ctx.lineTo(x, y);
      [fromX, fromY] = [x, y];
    }
    if (!g.open) ctx.closePath();
  }
}

function inChunks(ctx, g, list, west, north, scale, finish) {
  for (let from = 0; from < list.length; from += CHUNK) {
    ctx.beginPath();
    const to = Math.min(from + CHUNK, list.length);
    for (let k = from; k < to; k++) trace(ctx, g, list[k], west, north, scale);
    finish();
  }
}

/** Position in a list of the last of the squares of a column that follow each other, south to north. */
function runEnd(g, list, from, most) {
  let k = from;
  const upto = Math.min(list.length, from + most) - 1;
  while (k < upto && list[k + 1] === list[k] + 1) {
    const [here, next] = [g.start[list[k]], g.start[list[k + 1]]]; // corners run from the south-west over the south-east
    if (g.x[here + 3] !== g.x[next] || g.y[here + 3] !== g.y[next]) break;
    k++;
  }
  return k;
}

/** Squares of a few pixels: their turn of a degree is less than what they grow. */
function fillUpright(ctx, g, list, west, north, scale) {
  const most = Math.max(1, Math.floor(RUN / ((g.box[2] - g.box[0]) * scale)));
  for (let from = 0, to; from < list.length; from = to + 1) {
    to = runEnd(g, list, from, most);
    const [first, last] = [list[from], list[to]];
    const k = g.start[first];
    const width = (g.x[k + 1] - g.x[k]) * scale + 2 * GROW;
    const height = (g.y[k] - g.y[g.start[last] + 3]) * scale + 2 * GROW;
    const middle = ([low, high]) => (Math.min(g.box[4 * first + low], g.box[4 * last + low]) + Math.max(g.box[4 * first + high], g.box[4 * last + high])) / 2;
    const x = (middle([0, 2]) - west) * scale;
    const y = (middle([1, 3]) - north) * scale;
    ctx.fillRect(x - width / 2, y - height / 2, width, height);
  }
}

/** Shapes of a coat that touch a window, by class. */
function sorted({ g, classes, fills }, [w, n, e, s]) {
  const lists = (fills ?? [null]).map(() => []);
  for (let i = 0, b = 0; i < g.count; i++, b += 4) {
    if (g.box[b] > e || g.box[b + 2] < w || g.box[b + 1] > s || g.box[b + 3] < n) continue;
    lists[classes ? classes[i] : 0]?.push(i);
  }
  return lists;
}

/**
 * Paint a window of the map.
 *
 * A coat: `g` (shapes), `classes` (per shape, or none: all of class 0), `fills` (per class a colour, a pattern maker,
 * or null for nothing), `doubt` (positions that get dots), `strokes` ([{ colour, width, dash }], under each other),
 * `minZoom`. West, north in metres of the map; scale in pixels of the canvas per metre; ratio in pixels of the canvas
 * per pixel of the page.
 */
export function paint(ctx, scene, { west, north, width, height, scale, ratio, zoom }) {
  const pad = (6 * ratio) / scale;
  const window = [west - pad, north - pad, west + width / scale + pad, north + height / scale + pad];
  ctx.lineJoin = 'round';
  for (const coat of scene) {
    if (zoom < (coat.minZoom ?? 0)) continue;
    const lists = sorted(coat, window);
    lists.forEach((list, k) => {
      const fill = coat.fills?.[k];
      if (!fill || !list.length) return;
      ctx.fillStyle = typeof fill === 'function' ? fill(ctx, ratio) : fill;
      if (coat.g.square && (coat.g.box[2] - coat.g.box[0]) * scale < UPRIGHT) fillUpright(ctx, coat.g, list, west, north, scale);
      else inChunks(ctx, coat.g, list, west, north, scale, () => ctx.fill('nonzero'));
    });
    if (coat.doubt?.length) {
      const [w, n, e, s] = window;
      const list = coat.doubt.filter((i) => coat.g.box[4 * i] <= e && coat.g.box[4 * i + 2] >= w && coat.g.box[4 * i + 1] <= s && coat.g.box[4 * i + 3] >= n);
      ctx.fillStyle = dots(ctx, ratio);
      inChunks(ctx, coat.g, list, west, north, scale, () => ctx.fill('nonzero'));
    }
    for (const stroke of coat.strokes ?? []) {
      if (zoom < (stroke.minZoom ?? 0)) continue;
      ctx.strokeStyle = stroke.colour;
      const thick = stroke.width * ratio;
      ctx.lineWidth = thick < HAIR ? Math.min(1, thick) : thick;
      ctx.setLineDash((stroke.dash ?? []).map((d) => d * ratio));
      inChunks(ctx, coat.g, lists.flat(), west, north, scale, () => ctx.stroke());
      ctx.setLineDash([]);
    }
  }
}

const patterns = new Map(); // one of a size serves every canvas

function pattern(ctx, name, size, draw) {
  const key = `${name} ${size}`;
  if (!patterns.has(key)) patterns.set(key, makePattern(ctx, size, draw));
  return patterns.get(key);
}

function makePattern(ctx, size, draw) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.round(size);
  draw(tile.getContext('2d'), tile.width);
  return ctx.createPattern(tile, 'repeat');
}

/** Slanting lines: the fill of units without data. */
export function hatch(ctx, ratio) {
  return pattern(ctx, 'hatch', 6 * ratio, (pen, size) => {
    pen.fillStyle = '#f6f7f7';
    pen.fillRect(0, 0, size, size);
    pen.strokeStyle = '#9aa4ac';
    pen.lineWidth = ratio;
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - ratio, size + ratio);
      pen.lineTo(shift + size + ratio, -ratio);
    }
    pen.stroke();
  });
}

/** Dots over a colour: a value that is not sure. Dark with a light rim, to be seen on any class. */
export function dots(ctx, ratio) {
  return pattern(ctx, 'dots', 9 * ratio, (pen, size) => {
    pen.fillStyle = '#15212b';
    pen.strokeStyle = 'rgba(255,255,255,.8)';
    pen.lineWidth = 0.7 * ratio;
    pen.beginPath();
    pen.arc(size / 2, size / 2, ratio, 0, 2 * Math.PI);
    pen.stroke();
    pen.fill();
  });
}
