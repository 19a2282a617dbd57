/* Presentation: large type, no panels, and the arrow keys step through saved views. */
import { one } from './dom.js';
import { filled } from './formats.js';
import { fromHash, initial, toHash } from './state.js';
import { titleOf } from './head.js';

/** The views to step through: the reader's own if there are any, else those of the page. */
function steps(app) {
  const { page } = app;
  const own = app.state.views.map((hash) => {
    const [state, place] = fromHash(hash, page, app.ground.names);
    return { state, place, title: null, caption: null };
  });
  if (own.length) return own;
  return page.views.map((view) => {
    const state = { ...initial(page), level: view.level, mode: view.mode };
    if (view.level === 'pand') state.building = view.column || state.building;
    else if (view.column) state.column = view.column;
    const at = view.place === null ? null : page.stations[view.place].at;
    return { state, place: at && { zoom: 15, lat: at[0], lng: at[1] }, title: view.title, caption: view.caption };
  });
}

export function makePresentation(app) {
  const place = one('#presentation');
  let before = null;
  let list = [];
  let now = 0;

  async function show(k) {
    now = Math.max(0, Math.min(list.length - 1, k));
    const { state, place: at, title, caption } = list[now];
    const say = (head, text) => {
      place.querySelector('h2').textContent = head;
      place.querySelector('p').textContent = text;
    };
    if (title) say(title, caption); // before the map is laid below it
    await app.restore({ ...state, background: before.state.background, views: before.state.views }, at);
    if (!title) say(...titleOf(app, app.view));
    place.querySelector('output').textContent = filled(app.word.of_views, { now: now + 1, all: list.length });
    one('#previous').disabled = now === 0;
    one('#next').disabled = now === list.length - 1;
  }

  async function start() {
    list = steps(app);
    if (!list.length) return;
    before = { state: structuredClone(app.state), place: app.place() };
    document.body.classList.add('presenting');
    place.hidden = false;
    app.map.invalidateSize(false);
    await show(0);
    place.focus();
  }

  async function stop() {
    document.body.classList.remove('presenting');
    place.hidden = true;
    app.map.invalidateSize(false);
    await app.restore(before.state, before.place);
    one('#present').focus();
  }

  one('#previous').addEventListener('click', () => show(now - 1));
  one('#next').addEventListener('click', () => show(now + 1));
  one('#leave').addEventListener('click', stop);
  document.addEventListener('keydown', (event) => {
    if (place.hidden) return;
    const by = { ArrowRight: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation(); // it would close the card that comes back
      stop();
    } else if (by && !event.target.closest('button')) {
      event.preventDefault();
      event.stopPropagation(); // the map would move
      show(now + by);
    }
  }, true);
  return {
    start,
    /** Keep what is shown now as a view of the reader's own. */
    keep() {
      const { views, ...rest } = app.state;
      app.set({ views: [...views, toHash({ ...rest, views: [] }, app.page, app.place())] });
      app.tell(filled(app.word.view_kept, { count: app.state.views.length }));
    },
  };
}
