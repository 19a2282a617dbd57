/* The coats of paint of a view: the theme, and under and over it what helps to find one's way. */

const LOOKS = {
  zone: { fills: ['rgba(255,255,255,.9)'] },
  green: { fills: ['#dcebd2'] },
  water: { fills: ['rgba(126,178,208,.85)'] },
  road: { strokes: [{ colour: 'rgba(80,76,68,.38)', width: 4, minZoom: 11 }, { colour: 'rgba(255,253,246,.9)', width: 2.2, minZoom: 11 }] },
  rail: { strokes: [{ colour: 'rgba(40,46,52,.55)', width: 1.4 }] },
  edges: { strokes: [{ colour: 'rgba(255,255,255,.9)', width: 1 }] },
  plots: { strokes: [{ colour: 'rgba(255,255,255,.7)', width: 0.5 }] },
  borders: { strokes: [{ colour: 'rgba(21,33,43,.4)', width: 0.8 }] },
  figures: { fills: ['rgba(25,33,41,.42)'], minZoom: 15 },
};
const WALLS = { colour: 'rgba(21,33,43,.5)', width: 0.5, minZoom: 15.5 };
const MANY = 1000; // units: from here on they have no edges of their own, but the borders of neighbourhoods over them

const made = new Map(); // shapes -> name -> coat

/** The same shapes in the same look are the same coat each time: by that a layer knows what it has painted already. */
function coat(g, name) {
  if (!made.has(g)) made.set(g, {});
  return (made.get(g)[name] ??= { g, ...LOOKS[name] });
}

function around(app, names) {
  return names.filter((name) => app.around[name] && !app.state.hidden.includes(name)).map((name) => coat(app.around[name], name));
}

/**
 * The scene of a view: `theme`, one coat, and the coats `under` and `over` it.
 *
 * `compared` for the other side of the swipe.
 */
export function makeScene(app, view, compared = false) {
  const { g } = view.level;
  const theme = { g, classes: compared ? view.compared : view.classes, fills: view.fills };
  if (view.kind === 'buildings') {
    const paper = app.ground.shines() ? [] : ['zone'];
    return { under: around(app, [...paper, 'green', 'water', 'road', 'rail']), theme: { ...theme, strokes: [WALLS] }, over: [] };
  }
  if (view.kind === 'ground') return { under: [], theme, over: [coat(g, 'plots'), ...around(app, ['road', 'rail'])] };
  theme.doubt = compared ? [] : [...view.doubt.keys()];
  const many = g.square || view.level.count >= MANY;
  const borders = app.levels.get('buurt');
  const figures = app.levels.get('pand');
  const shown = (level, name) => (level && !app.state.hidden.includes(name) ? [coat(level.g, name)] : []);
  return {
    under: [],
    theme,
    over: [...(many ? shown(borders, 'borders') : [coat(g, 'edges')]), ...around(app, ['water', 'road', 'rail']), ...shown(figures, 'figures')],
  };
}

/** All coats of a scene, the lowest first. */
export const coats = ({ under, theme, over }) => [...under, theme, ...over];
