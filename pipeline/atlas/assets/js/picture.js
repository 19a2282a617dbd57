/* The map on a canvas of any size and scale: for a picture and for paper. All is drawn anew, only background tiles are
   taken from the screen. */
import { legendHead } from './legend.js';
import { titleOf } from './head.js';
import { dots, paint } from './painter.js';
import { coats, makeScene } from './scene.js';
import { WORLD } from './space.js';
import { filled } from './formats.js';

const FONT = '"Segoe UI", system-ui, "Helvetica Neue", Arial, sans-serif';
const TIMES = 2; // pixels of the picture per pixel of the page

/** Zoom at which a metre of the map has so many pixels. */
const zoomOf = (pixels) => Math.log2((pixels * WORLD) / 256);

/** Lines, circles and dots that Leaflet draws, as flat lists of rings with their look; lowest pane first. */
function vectors(app) {
  const found = [];
  const collect = (layer) => {
    if (layer.eachLayer) layer.eachLayer(collect);
    else if (layer.options?.color && layer.options.stroke !== false) found.push(layer);
  };
  for (const name of ['borders', 'corridor', 'rings', 'track']) {
    const group = app.layers[name];
    if (group && !app.state.hidden.includes(name)) collect(group);
  }
  const depth = (layer) => Number(app.map.getPane(layer.options.pane)?.style.zIndex ?? 0);
  return found.map((layer, k) => [layer, k]).sort(([a, i], [b, k]) => depth(a) - depth(b) || i - k).map(([layer]) => layer);
}

function drawVector(app, ctx, layer, to, { scale, ratio }) {
  const look = layer.options;
  ctx.globalAlpha = look.opacity ?? 1;
  ctx.strokeStyle = look.color;
  ctx.lineWidth = look.weight * ratio;
  ctx.setLineDash((look.dashArray ?? '').split(/[ ,]+/).filter(Boolean).map((d) => Number(d) * ratio));
  ctx.beginPath();
  if (layer.getLatLngs) {
    const rings = (list) => (Array.isArray(list[0]) ? list.flatMap(rings) : [list]);
    for (const ring of rings(layer.getLatLngs())) {
      ring.forEach((latlng, k) => ctx[k ? 'lineTo' : 'moveTo'](...to(latlng)));
      if (layer instanceof L.Polygon) ctx.closePath();
    }
  } else {
    const [x, y] = to(layer.getLatLng());
    const [, my] = app.space.fromLatLng(layer.getLatLng());
    const radius = layer instanceof L.Circle ? (layer.getRadius() / app.space.ground(my)) * scale : layer.getRadius() * ratio;
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
  }
  if (look.fill) {
    ctx.fillStyle = look.fillColor ?? look.color;
    ctx.globalAlpha = look.fillOpacity ?? 0.2;
    ctx.fill();
    ctx.globalAlpha = look.opacity ?? 1;
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Background tiles of the screen, laid at their place; one that may not be read is left out. */
function drawTiles(app, ctx, to) {
  if (!app.map.getContainer().classList.contains('tiles')) return false;
  const box = app.map.getContainer().getBoundingClientRect();
  for (const image of app.map.getPane('tilePane').querySelectorAll('img.leaflet-tile-loaded')) {
    const b = image.getBoundingClientRect();
    const corner = (x, y) => to(app.map.containerPointToLatLng([x - box.left, y - box.top]));
    const [west, north] = corner(b.left, b.top);
    const [east, south] = corner(b.right, b.bottom);
    ctx.drawImage(image, west, north, east - west, south - north);
  }
  return true;
}

function drawNames(app, ctx, to, { ratio, zoom }) {
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  for (const { text, latlng, size, shift, colour, weight, centred } of app.names.shown(zoom)) {
    const [x, y] = to(latlng);
    ctx.font = `${weight} ${size * ratio}px ${FONT}`;
    ctx.textAlign = centred ? 'center' : 'left';
    ctx.lineWidth = 4 * ratio;
    ctx.strokeStyle = 'rgba(255,255,255,.9)';
    ctx.fillStyle = colour;
    ctx.strokeText(text, x + shift * ratio, y);
    ctx.fillText(text, x + shift * ratio, y);
  }
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = 'left';
}

/**
 * Draw the map around a place.
 *
 * `centre` in metres of the map, `scale` in pixels of the canvas per metre of the map, `ratio` in pixels of the canvas
 * per pixel of the page: how thick lines and how large letters are.
 */
export function drawMap(app, ctx, { centre, width, height, scale, ratio }) {
  const [west, north] = [centre[0] - width / 2 / scale, centre[1] - height / 2 / scale];
  const to = (latlng) => {
    const [x, y] = app.space.fromLatLng(latlng);
    return [(x - west) * scale, (y - north) * scale];
  };
  const look = { west, north, width, height, scale, ratio, zoom: zoomOf(scale / ratio) };
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, width, height);
  ctx.clip();
  ctx.fillStyle = '#e9ecec';
  ctx.fillRect(0, 0, width, height);
  const tiles = drawTiles(app, ctx, to);
  const themed = document.createElement('canvas'); // apart, so that it can let the tiles shine through
  themed.width = width;
  themed.height = height;
  const pen = themed.getContext('2d');
  const swiped = app.swipe.share();
  if (swiped === null) paint(pen, coats(makeScene(app, app.view)), look);
  else {
    for (const [compared, from, to_] of [[true, 0, swiped], [false, swiped, 1]]) {
      pen.save();
      pen.beginPath();
      pen.rect(from * width, 0, (to_ - from) * width, height);
      pen.clip();
      paint(pen, coats(makeScene(app, app.view, compared)), look);
      pen.restore();
    }
  }
  ctx.globalAlpha = tiles ? 0.8 : 1;
  ctx.drawImage(themed, 0, 0);
  ctx.globalAlpha = 1;
  if (swiped !== null) {
    ctx.fillStyle = '#fff';
    ctx.fillRect(swiped * width - 1.5 * ratio, 0, 3 * ratio, height);
  }
  for (const layer of vectors(app)) drawVector(app, ctx, layer, to, look);
  if (app.view.kind === 'units' && app.chosen >= 0) {
    ctx.strokeStyle = '#c8102e';
    ctx.lineWidth = 3 * ratio;
    ctx.beginPath();
    for (const ring of app.view.level.outline(app.chosen)) {
      ring.forEach((latlng, k) => ctx[k ? 'lineTo' : 'moveTo'](...to(latlng)));
      ctx.closePath();
    }
    ctx.stroke();
  }
  drawNames(app, ctx, to, look);
  ctx.restore();
}

/** A length that reads well, in metres, of at most so many. */
export const niceLength = (most) => {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * [5, 2, 1].find((step) => step * power <= most);
};

/** How long a length is said: 500 m, 2 km. */
export const said = (format, metres) => (metres < 1000 ? `${format.number(metres)} m` : `${format.number(metres / 1000)} km`);

function drawNorth(ctx, x, y, size, letter) {
  ctx.fillStyle = '#15212b';
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + size * 0.36, y + size);
  ctx.lineTo(x, y + size * 0.78);
  ctx.lineTo(x - size * 0.36, y + size);
  ctx.fill();
  ctx.font = `600 ${size * 0.5}px ${FONT}`;
  ctx.textAlign = 'center';
  ctx.fillText(letter, x, y + size * 1.55);
  ctx.textAlign = 'left';
}

function wrapped(ctx, text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (ctx.measureText(longer).width > width && lines[lines.length - 1]) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The map as it is on the screen, with title, legend, scale, north and sources around it: a canvas. */
export function picture(app) {
  const { map, view, page, word, format } = app;
  const { x: width, y: height } = map.getSize();
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d');
  const font = (weight, size) => (ctx.font = `${weight} ${size}px ${FONT}`);
  const [title, about] = titleOf(app, view);
  const units = view.kind === 'units';
  const labels = units ? view.scale.labels : view.theme.labels;
  const colours = units ? view.scale.colours : view.theme.colours;
  const legendWidth = 250;
  font(400, 13);
  const meaning = wrapped(ctx, about, width - 40);
  const sources = wrapped(ctx, [page.notice, page.source, page.settings, page.made].filter(Boolean).join(' · '), width + legendWidth - 40);
  const top = 50 + meaning.length * 18;
  const bottom = 16 + sources.length * 17;
  canvas.width = (width + legendWidth) * TIMES;
  canvas.height = (top + height + bottom) * TIMES;
  ctx.fillStyle = '#fff';
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  const metres = WORLD / (256 * 2 ** map.getZoom());
  const body = document.createElement('canvas');
  body.width = width * TIMES;
  body.height = height * TIMES;
  drawMap(app, body.getContext('2d'), { centre: app.space.fromLatLng(map.getCenter()), width: body.width, height: body.height, scale: TIMES / metres, ratio: TIMES });
  ctx.drawImage(body, 0, top * TIMES);
  ctx.scale(TIMES, TIMES);
  ctx.fillStyle = '#15212b';
  font(650, 24);
  ctx.fillText(title, 20, 34);
  font(400, 13);
  ctx.fillStyle = '#4c5965';
  meaning.forEach((text, k) => ctx.fillText(text, 20, 56 + 18 * k));
  sources.forEach((text, k) => ctx.fillText(text, 20, top + height + 21 + 17 * k));
  const left = width + 18;
  const [head, unit] = legendHead(app, view);
  ctx.fillStyle = '#15212b';
  font(650, 13);
  let y = top + 22;
  for (const text of wrapped(ctx, head, legendWidth - 36)) {
    ctx.fillText(text, left, y);
    y += 17;
  }
  font(400, 12);
  ctx.fillStyle = '#4c5965';
  for (const text of wrapped(ctx, unit, legendWidth - 36)) {
    ctx.fillText(text, left, y);
    y += 16;
  }
  const row = (colour, text) => {
    ctx.fillStyle = typeof colour === 'function' ? colour(ctx, 1) : colour;
    ctx.fillRect(left, y, 24, 15);
    ctx.strokeStyle = 'rgba(20,32,43,.3)';
    ctx.strokeRect(left + 0.5, y + 0.5, 23, 14);
    ctx.fillStyle = '#15212b';
    ctx.fillText(text, left + 34, y + 12);
    y += 21;
  };
  y += 2;
  colours.forEach((colour, k) => row(colour, labels[k]));
  if (units && view.missing) row(view.fills[colours.length], word.no_data);
  if (view.doubt.size) row(dots, word.not_sure);
  const length = niceLength((width / 4) * metres * app.space.ground(app.space.fromLatLng(map.getCenter())[1]));
  const long = length / (metres * app.space.ground(app.space.fromLatLng(map.getCenter())[1]));
  y = top + height - 30;
  ctx.fillStyle = '#15212b';
  ctx.fillRect(left, y, Math.min(long, legendWidth - 40), 3);
  font(400, 12);
  ctx.fillText(said(format, length), left, y + 18);
  drawNorth(ctx, left + 12, y - 60, 24, word.north);
  return canvas;
}

/** Words for a scale: 1:25.000. */
export const scaleText = (app, scale) => filled('1:{scale}', { scale: app.format.number(scale) });
