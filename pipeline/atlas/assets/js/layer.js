/* The one map layer: tiles of canvas on which a scene is painted. What Leaflet documents is used, and one thing more:
   at which zoom there are tiles. */
import { paint } from './painter.js';
import { WORLD } from './space.js';

const SIZE = 512;
const OVERLAP = 1; // pixels that a tile lies over its neighbours (see .theme-tile), or stretched tiles show seams

/** A layer in a pane; `show(scene)` paints every tile anew. */
export function makeLayer(space, pane) {
  const Layer = L.GridLayer.extend({
    options: { tileSize: SIZE, updateWhenZooming: false, keepBuffer: 1, maxZoom: 19, pane },

    initialize(options) {
      L.setOptions(this, options);
      this.scene = [];
      this.tiles = new Map();
      this.on('tileunload', (event) => this.tiles.delete(event.tile));
    },

    /* Leaflet has tiles at whole zoom levels and stretches them in between; without a graphics card every frame of
       a pan then takes twice as long, and lines are blurred. These are of the very zoom. */
    _setView(center, zoom, ...how) {
      this.zoom = zoom;
      L.GridLayer.prototype._setView.call(this, center, zoom, ...how);
    },

    _clampZoom() {
      return this.zoom;
    },

    show(scene) {
      this.scene = scene;
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
      const ratio = window.devicePixelRatio || 1;
      const size = Math.round((SIZE + OVERLAP) * ratio);
      const metres = WORLD / (256 * 2 ** coords.z);
      if (tile.width !== size) tile.width = tile.height = size;
      const ctx = tile.getContext('2d');
      ctx.clearRect(0, 0, size, size);
      paint(ctx, this.scene, {
        west: space.corner[0] + coords.x * SIZE * metres, north: space.corner[1] + coords.y * SIZE * metres,
        width: size, height: size, scale: ratio / metres, ratio, zoom: coords.z,
      });
    },
  });
  return new Layer();
}
