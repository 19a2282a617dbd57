/* Two years beside each other, with a handle between them. */
import { one } from './dom.js';

export function makeSwipe(app) {
  const place = one('#swipe');
  const input = place.querySelector('input');
  const bar = place.querySelector('.bar');
  const { map } = app;

  function cut() {
    const on = !place.hidden;
    const { x: width, y: height } = map.getSize();
    const at = (width * input.value) / 100;
    const zero = map.containerPointToLayerPoint([0, 0]);
    const box = (from, to) => `polygon(${[[from, 0], [to, 0], [to, height], [from, height]].map(([x, y]) => `${zero.x + x}px ${zero.y + y}px`).join(',')})`;
    map.getPane('theme').style.clipPath = on ? box(at, width) : '';
    map.getPane('compare').style.clipPath = on ? box(0, at) : '';
    bar.style.left = `${at}px`;
    place.querySelector('.left').style.right = `${width - at + 12}px`;
    place.querySelector('.right').style.left = `${at + 12}px`;
  }

  input.addEventListener('input', cut);
  map.on('move zoomend resize', cut);
  bar.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const box = place.getBoundingClientRect();
      input.value = (100 * (moved.clientX - box.left)) / box.width;
      cut();
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('pointerup', () => bar.removeEventListener('pointermove', move), { once: true });
  });
  return {
    share: () => (place.hidden ? null : input.value / 100),
    show(view) {
      place.hidden = view.mode !== 'swipe';
      place.querySelector('.left').textContent = app.page.years[view.other] ?? '';
      place.querySelector('.right').textContent = app.page.years[view.year] ?? '';
      cut();
    },
  };
}
