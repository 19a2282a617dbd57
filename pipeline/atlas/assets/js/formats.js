/* Numbers and texts as the language writes them. */

const NONE = '–';

/** Writers of numbers in one language. */
export function formats(language) {
  const locale = language === 'nl' ? 'nl-NL' : 'en-GB';
  const made = new Map();
  const writer = (decimals) => {
    if (!made.has(decimals)) made.set(decimals, new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
    return made.get(decimals);
  };
  const number = (value, decimals = 0) => {
    if (value === null || !Number.isFinite(value)) return NONE;
    const text = writer(decimals).format(value).replace('-', '−');
    return /[1-9]/.test(text) ? text : text.replace('−', ''); // what rounds to zero has no sign
  };
  return {
    locale,
    number,
    /** A whole number of the page, as the column is shown. */
    value: (whole, column) => (Number.isFinite(whole) ? number(whole / 10 ** column.decimals, column.decimals) : NONE),
    /** A change in per cent, always with its sign. */
    change(percent) {
      if (!Number.isFinite(percent)) return NONE;
      const text = number(Math.abs(percent), 1);
      const sign = !/[1-9]/.test(text) ? '' : percent > 0 ? '+' : '−';
      return `${sign}${text}%`;
    },
    percent: (share, decimals = 0) => (Number.isFinite(share) ? `${number(100 * share, decimals)}%` : NONE),
    compare: (a, b) => a.localeCompare(b, locale),
  };
}

/** A sentence with its {places} filled in. */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));

/** Letters without accents, small: what a search compares. */
export const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** 1st, 2nd … in the language of the page. */
export function ordinal(n, language) {
  if (language === 'nl') return `${n}e`;
  const tens = n % 100;
  const ends = ['th', 'st', 'nd', 'rd'];
  return `${n}${(tens > 10 && tens < 14) || n % 10 > 3 ? 'th' : ends[n % 10]}`;
}

/** A round number at or above a value: where an axis ends. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 1.2, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * (1 - 1e-9));
}
