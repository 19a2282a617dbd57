/* One dialog for whatever lies over the map. */
import { element, one } from './dom.js';

/** Show parts under a title; closed by its button, beside it, or Escape. */
export function showDialog(app, name, title, ...parts) {
  const dialog = one('#dialog');
  dialog.className = name;
  dialog.replaceChildren(
    element('header', {}, element('h2', { id: 'dialog-title', textContent: title }), element('button', { type: 'button', className: 'x', ariaLabel: app.word.close, textContent: '×', onclick: () => dialog.close() })),
    element('div', { className: 'body', tabIndex: 0, role: 'region', ariaLabel: title }, ...parts.filter(Boolean)));
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export function prepareDialog() {
  const dialog = one('#dialog');
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}
