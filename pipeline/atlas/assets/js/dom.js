/* Elements. Text from the data is only ever set as text: nothing here reads markup. */

const SVG = 'http://www.w3.org/2000/svg';

export const one = (selector) => document.querySelector(selector);

/** An HTML element: properties that it has are set, all others become attributes; children that are null are left out. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key in node && key !== 'style' && key !== 'list') node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An SVG element. */
export function drawn(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A figure with a sentence for who can't see it. */
export function figure(width, height, label, ...children) {
  return drawn('svg', { viewBox: `0 0 ${width} ${height}`, width: '100%', role: 'img', 'aria-label': label }, ...children);
}

export const svgText = (x, y, text, attributes = {}) => drawn('text', { x, y, 'font-size': 11, fill: '#4c5965', ...attributes }, text);

export const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Give a file to the reader. */
export function save(blob, name) {
  const link = element('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** When there is nothing else to do, or a second later; not every browser says when that is. */
export const idle = (work) => (globalThis.requestIdleCallback ? requestIdleCallback(work, { timeout: 1000 }) : setTimeout(work, 50));
