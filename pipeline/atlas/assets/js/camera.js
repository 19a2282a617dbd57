/* Where the map goes. Leaflet drops a view that is asked for while it zooms, or goes back from it at the end of that
   zoom; here the last one asked for comes when the zoom is done. */

export function makeCamera(map) {
  let zooming = false;
  let next = null;

  map.on('zoomanim', () => (zooming = true));
  map.on('zoomend', () => (zooming = false));
  map.on('moveend', () => {
    if (zooming || !next) return;
    const move = next;
    next = null;
    move();
  });

  function go(move) {
    if (zooming) next = move;
    else move();
  }

  return {
    look: (latlng, zoom, animate) => go(() => map.setView(latlng, zoom, { animate })),
    fit: (bounds, options) => go(() => map.fitBounds(bounds, options)),
  };
}
