/* A table as text that spreadsheets open safely. */

/** A cell: text that a spreadsheet would take for a formula gets an apostrophe, and what needs it quotes. */
export function csvCell(value, comma) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value).replace('.', comma ? ',' : '.') : '';
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[;,"\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as a file: Dutch spreadsheets read a semicolon and a decimal comma, English ones a comma and a point. */
export function csvFile(rows, language) {
  const dutch = language === 'nl';
  const lines = rows.map((row) => row.map((value) => csvCell(value, dutch)).join(dutch ? ';' : ','));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}
