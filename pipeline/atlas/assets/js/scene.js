/* The coats of paint of a view: the theme, and around it what helps to find one's way. */

const EDGE = 'rgba(255,255,255,.9)';

function around(app, names) {
  const look = {
    green: { fills: ['#dcebd2'] },
    water: { fills: ['rgba(126,178,208,.85)'] },
    road: { strokes: [{ colour: 'rgba(80,76,68,.38)', width: 4, minZoom: 11 }, { colour: 'rgba(255,253,246,.9)', width: 2.2, minZoom: 11 }] },
    rail: { strokes: [{ colour: 'rgba(40,46,52,.55)', width: 1.4 }] },
  };
  return names.filter((name) => app.around[name] && !app.state.hidden.includes(name)).map((name) => ({ g: app.around[name], ...look[name] }));
}

/** The scene of a view; `compared` for the other side of the swipe. */
export function makeScene(app, view, compared = false) {
  const { g } = view.level;
  const classes = compared ? view.compared : view.classes;
  const theme = { g, classes, fills: view.fills };
  if (view.kind === 'buildings') {
    return [...around(app, ['green', 'water', 'road', 'rail']), { ...theme, strokes: [{ colour: 'rgba(21,33,43,.5)', width: 0.5, minZoom: 15.5 }] }];
  }
  if (view.kind === 'ground') return [{ ...theme, strokes: [{ colour: 'rgba(255,255,255,.7)', width: 0.5 }] }, ...around(app, ['road', 'rail'])];
  const scene = [{ ...theme, doubt: compared ? [] : [...view.doubt.keys()] }];
  if (!g.square && view.level.count < 1000) scene[0].strokes = [{ colour: EDGE, width: 1 }];
  const borders = app.levels.get('buurt');
  if ((g.square || view.level.count >= 1000) && borders && !app.state.hidden.includes('borders')) {
    scene.push({ g: borders.g, fills: [null], strokes: [{ colour: 'rgba(21,33,43,.4)', width: 0.8 }] });
  }
  scene.push(...around(app, ['water', 'road', 'rail']));
  const figures = app.levels.get('pand');
  if (figures && !app.state.hidden.includes('figures')) scene.push({ g: figures.g, fills: ['rgba(25,33,41,.42)'], minZoom: 15 });
  return scene;
}
