/* The one map layer: tiles of canvas on which a scene is painted. What Leaflet documents is used, and two things more:
   at which zoom there are tiles, and when they come and go. */
import { idle } from './dom.js';
import { paint } from './painter.js';
import { WORLD } from './space.js';

const SIZE = 512;
const OVERLAP = 1; // pixels that a tile lies over its neighbours (see .theme-tile), or stretched tiles show seams
const FRAME_MS = 4; // of painting in a frame while the map moves
const KEEP_TO_RATIO = 2; // above, pictures of what stays would take too much memory

const same = (a, b) => a.length === b.length && a.every((coat, k) => coat === b[k]);

/** A layer in a pane; `show(scene)` paints every tile anew. */
export function makeLayer(space, pane) {
  const Layer = L.GridLayer.extend({
    options: { tileSize: SIZE, updateWhenZooming: false, keepBuffer: 1, maxZoom: 19, pane },

    initialize(options) {
      L.setOptions(this, options);
      this.scene = null;
      this.tiles = new Map();
      this.waiting = new Map(); // tiles that came while the map moved
      this.kept = new WeakMap(); // tile -> pictures of what lies under and over the theme
      this.moving = this.zooming = this.keeping = false;
      this.on('tileunload', ({ tile }) => {
        this.tiles.delete(tile);
        this.waiting.delete(tile);
      });
    },

    getEvents() {
      const events = L.GridLayer.prototype.getEvents.call(this);
      const ended = events.moveend;
      return {
        ...events,
        movestart: () => (this.moving = true),
        moveend: (event) => {
          this.moving = false;
          ended?.call(this, event);
          if (!this.zooming) this.paintWaiting(Infinity);
          this.zooming = false;
        },
      };
    },

    /* Leaflet has tiles at whole zoom levels and stretches them in between; without a graphics card every frame of
       a pan then takes twice as long, and lines are blurred. These are of the very zoom. While a zoom is on its way
       those that are there are stretched; the new ones come at its end, for a wheel passes many zooms. */
    _setView(center, zoom, passing, ...how) {
      if (passing && this._level) {
        this.zooming = true;
        this._setZoomTransforms(center, zoom);
        return;
      }
      this.zoom = zoom;
      L.GridLayer.prototype._setView.call(this, center, zoom, passing, ...how);
    },

    _clampZoom() {
      return this.zoom;
    },

    /* Those of the zoom before stay until the new ones are painted. */
    _pruneTiles() {
      if (!this.waiting.size) L.GridLayer.prototype._pruneTiles.call(this);
    },

    show(scene) {
      this.scene = scene;
      this.waiting.clear();
      for (const [tile, coords] of this.tiles) this.draw(tile, coords);
      this.keepLater();
      return this;
    },

    createTile(coords) {
      const tile = document.createElement('canvas');
      tile.classList.add('theme-tile');
      this.tiles.set(tile, coords);
      if (this.moving) {
        tile.classList.add('waiting');
        if (!this.waiting.size) requestAnimationFrame(() => this.paintWaiting(FRAME_MS));
        this.waiting.set(tile, coords);
      } else {
        this.draw(tile, coords);
        this.keepLater();
      }
      return tile;
    },

    /* A few tiles in each frame, so that a map that is dragged or zoomed doesn't halt. */
    paintWaiting(for_ms) {
      const end = performance.now() + for_ms;
      for (const [tile, coords] of this.waiting) {
        if (coords.z === this.zoom) this.draw(tile, coords); // else the map has gone on since
        this.waiting.delete(tile);
        if (performance.now() >= end) break;
      }
      if (this.waiting.size) requestAnimationFrame(() => this.paintWaiting(for_ms));
      else if (this._map) {
        this._pruneTiles();
        this.keepLater();
      }
    },

    draw(tile, coords) {
      const look = this.look(coords);
      if (tile.width !== look.width) tile.width = tile.height = look.width;
      const ctx = tile.getContext('2d');
      ctx.clearRect(0, 0, look.width, look.height);
      const { under, theme, over } = this.scene;
      this.lay(ctx, tile, 'under', under, look);
      paint(ctx, [theme], look);
      this.lay(ctx, tile, 'over', over, look);
      tile.classList.remove('waiting');
    },

    look(coords) {
      const ratio = window.devicePixelRatio || 1;
      const size = Math.round((SIZE + OVERLAP) * ratio);
      const metres = WORLD / (256 * 2 ** coords.z);
      return {
        west: space.corner[0] + coords.x * SIZE * metres, north: space.corner[1] + coords.y * SIZE * metres,
        width: size, height: size, scale: ratio / metres, ratio, zoom: coords.z,
      };
    },

    lay(ctx, tile, part, coats, look) {
      if (!coats.length) return;
      const picture = this.picture(tile, part, coats, look);
      if (picture) ctx.drawImage(picture, 0, 0);
      else paint(ctx, coats, look);
    },

    /* What was kept of these coats, in the size that the tile has now: a page that is enlarged has other pixels. */
    picture(tile, part, coats, look) {
      const kept = this.kept.get(tile)?.[part];
      return kept && kept.picture.width === look.width && same(kept.coats, coats) ? kept.picture : null;
    },

    /* What stays at a switch is painted once more when there is nothing else to do, each tile to a picture; a switch
       then lays that on. */
    keepLater() {
      if (this.keeping || (window.devicePixelRatio || 1) > KEEP_TO_RATIO) return;
      this.keeping = true;
      const next = () => {
        const wanted = this.moving ? null : this.unkept();
        if (!wanted) {
          this.keeping = false;
          return;
        }
        this.keep(wanted);
        idle(next);
      };
      idle(next);
    },

    unkept() {
      for (const [tile, coords] of this.tiles) {
        const look = this.look(coords);
        for (const part of ['under', 'over']) {
          const coats = this.scene[part];
          if (coats.length && !this.picture(tile, part, coats, look)) return { tile, part, coats, look };
        }
      }
      return null;
    },

    keep({ tile, part, coats, look }) {
      const canvas = new OffscreenCanvas(look.width, look.height);
      paint(canvas.getContext('2d'), coats, look);
      this.kept.set(tile, { ...this.kept.get(tile), [part]: { coats, picture: canvas.transferToImageBitmap() } });
    },
  });
  return new Layer();
}
