/* Units of one kind: from the packed numbers of the page to polygons on canvas tiles, and back from a place to a unit.
   World coordinates are metres Web Mercator from the north-west corner of the world, x to the east and y down. */
const SpoorzoneUnits = (() => {
  'use strict';

  const WORLD = 2 * Math.PI * 6378137;
  const CHUNK = 64; // polygons in one path: browsers are slow with one path of thousands, and with thousands of paths
  const GROW = 0.3; // pixels that squares grow each way, or the ground shows through their seams
  const TINY = 2.5; // pixels below which a polygon is drawn as its box
  const OVERLAP = 1; // pixels that a tile lies over its neighbours (see .theme-tile), or stretched tiles show seams

  /** The polynomial of the page: metres RD -> world coordinates. */
  function projector({ centre, scale, degree, x, y }) {
    return (east, north) => {
      const u = (east - centre[0]) / scale;
      const v = (north - centre[1]) / scale;
      let sumX = WORLD / 2;
      let sumY = WORLD / 2;
      for (let i = 0, k = 0, powerU = 1; i <= degree; i++, powerU *= u) {
        for (let j = 0, term = powerU; j <= degree - i; j++, k++, term *= v) {
          sumX += x[k] * term;
          sumY -= y[k] * term;
        }
      }
      return [sumX, sumY];
    };
  }

  const toLatLng = (x, y) => L.CRS.EPSG3857.unproject(L.point(x - WORLD / 2, WORLD / 2 - y));
  const fromLatLng = (latlng) => {
    const p = L.CRS.EPSG3857.project(latlng);
    return [p.x + WORLD / 2, WORLD / 2 - p.y];
  };

  const running = (deltas) => {
    let sum = 0;
    return deltas.map((d) => (sum += d));
  };
  const starts = (counts) => Uint32Array.from([0, ...running(counts)]);

  /** Packed shape -> rings per unit (`first`), corners per ring (`start`), corners (`x`, `y`) in metres RD. */
  function corners(shape) {
    const x = running(shape.x);
    const y = running(shape.y);
    if (shape.form === 'rings') {
      return {
        first: starts(shape.rings), start: starts(shape.corners),
        x: x.map((v) => v * shape.grid), y: y.map((v) => v * shape.grid),
      };
    }
    const s = shape.side;
    return {
      first: Uint32Array.from({ length: x.length + 1 }, (_, k) => k),
      start: Uint32Array.from({ length: x.length + 1 }, (_, k) => 4 * k),
      x: x.flatMap((v) => [v, v + s, v + s, v]), y: y.flatMap((v) => [v, v, v + s, v + s]),
    };
  }

  /** Packed level -> geometry in world coordinates with the box of each unit. */
  function unpack(shape, project) {
    const { first, start, x, y } = corners(shape);
    const g = { square: shape.form === 'squares', count: first.length - 1, first, start };
    g.x = new Float64Array(x.length);
    g.y = new Float64Array(x.length);
    for (let k = 0; k < x.length; k++) [g.x[k], g.y[k]] = project(x[k], y[k]);
    g.box = new Float64Array(4 * g.count);
    for (let i = 0; i < g.count; i++) {
      let [w, n, e, s] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let k = start[first[i]]; k < start[first[i + 1]]; k++) {
        w = Math.min(w, g.x[k]);
        e = Math.max(e, g.x[k]);
        n = Math.min(n, g.y[k]);
        s = Math.max(s, g.y[k]);
      }
      g.box.set([w, n, e, s], 4 * i);
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
  function at(g, latlng) {
    const [x, y] = fromLatLng(latlng);
    for (let i = 0, b = 0; i < g.count; i++, b += 4) {
      if (x >= g.box[b] && x <= g.box[b + 2] && y >= g.box[b + 1] && y <= g.box[b + 3] && inside(g, i, x, y)) return i;
    }
    return -1;
  }

  /** Rings of one unit as Leaflet wants them. */
  function outline(g, i) {
    const rings = [];
    for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
      const points = [];
      for (let k = g.start[ring]; k < g.start[ring + 1]; k++) points.push(toLatLng(g.x[k], g.y[k]));
      rings.push(points);
    }
    return rings;
  }

  function trace(ctx, g, i, west, north, scale) {
    const b = 4 * i;
    const width = (g.box[b + 2] - g.box[b]) * scale;
    const height = (g.box[b + 3] - g.box[b + 1]) * scale;
    if (width < TINY && height < TINY) {
      ctx.rect((g.box[b] - west) * scale, (g.box[b + 1] - north) * scale, width, height);
      return;
    }
    const grow = g.square ? GROW : 0;
    const midX = (g.box[b] + g.box[b + 2]) / 2;
    const midY = (g.box[b + 1] + g.box[b + 3]) / 2;
    for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
      for (let k = g.start[ring]; k < g.start[ring + 1]; k++) {
        const x = (g.x[k] - west) * scale + (g.x[k] < midX ? -grow : grow);
        const y = (g.y[k] - north) * scale + (g.y[k] < midY ? -grow : grow);
        if (k === g.start[ring]) ctx.moveTo(x, y);
        else ctx.lineTo(x, y);
      }
      ctx.closePath();
    }
  }

  /** One layer for all units: `paint` gives each a class, each class a fill (null: none; a function makes a pattern). */
  const Layer = L.GridLayer.extend({
    options: { tileSize: 512, updateWhenZooming: false, keepBuffer: 1, line: null, lineWidth: 1 },

    initialize(geometry, options) {
      L.setOptions(this, options);
      this.geometry = geometry;
      this.classes = new Uint8Array(geometry.count);
      this.fills = [null];
      this.tiles = new Map();
      this.on('tileunload', (event) => this.tiles.delete(event.tile));
    },

    getEvents() {
      return { ...L.GridLayer.prototype.getEvents.call(this), zoomend: this.repaint };
    },

    paint(classes, fills) {
      this.classes = classes;
      this.fills = fills;
      this.repaint();
      return this;
    },

    repaint() {
      for (const [tile, coords] of this.tiles) this.draw(tile, coords);
    },

    createTile(coords) {
      const tile = document.createElement('canvas');
      tile.classList.add('theme-tile');
      this.tiles.set(tile, coords);
      this.draw(tile, coords);
      return tile;
    },

    draw(tile, coords) {
      const size = this.getTileSize().x;
      // Tiles exist for whole zoom levels; in between they are stretched, so they get that many more pixels.
      const ratio = (window.devicePixelRatio || 1) * Math.max(1, 2 ** (this._map.getZoom() - coords.z));
      tile.width = tile.height = Math.round((size + OVERLAP) * ratio);
      const metres = WORLD / (256 * 2 ** coords.z);
      const ctx = tile.getContext('2d');
      this.drawWindow(ctx, coords.x * size * metres, coords.y * size * metres, (size + OVERLAP) * metres, ratio / metres);
    },

    drawWindow(ctx, west, north, side, scale) {
      const { geometry: g, classes, fills, options } = this;
      const pad = 3 / scale;
      const [w, n, e, s] = [west - pad, north - pad, west + side + pad, north + side + pad];
      const lists = fills.map(() => []);
      for (let i = 0, b = 0; i < g.count; i++, b += 4) {
        if (g.box[b] <= e && g.box[b + 2] >= w && g.box[b + 1] <= s && g.box[b + 3] >= n) lists[classes[i]].push(i);
      }
      const ratio = window.devicePixelRatio || 1;
      const inChunks = (list, finish) => {
        for (let from = 0; from < list.length; from += CHUNK) {
          ctx.beginPath();
          for (const i of list.slice(from, from + CHUNK)) trace(ctx, g, i, west, north, scale);
          finish();
        }
      };
      lists.forEach((list, k) => {
        const fill = typeof fills[k] === 'function' ? fills[k](ctx, ratio) : fills[k];
        if (!fill) return;
        ctx.fillStyle = fill;
        inChunks(list, () => ctx.fill('nonzero'));
      });
      if (!options.line) return;
      Object.assign(ctx, { lineJoin: 'round', strokeStyle: options.line, lineWidth: options.lineWidth * ratio });
      inChunks(lists.flat(), () => ctx.stroke());
    },
  });

  /** Slanting lines: the fill of units without data. */
  function hatch(ctx, ratio) {
    const size = 6 * ratio;
    const tile = document.createElement('canvas');
    tile.width = tile.height = size;
    const pen = tile.getContext('2d');
    pen.fillStyle = '#f6f7f7';
    pen.fillRect(0, 0, size, size);
    pen.strokeStyle = '#aab2b9';
    pen.lineWidth = ratio;
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - ratio, size + ratio);
      pen.lineTo(shift + size + ratio, -ratio);
    }
    pen.stroke();
    return ctx.createPattern(tile, 'repeat');
  }

  return { projector, unpack, at, outline, Layer, hatch };
})();
