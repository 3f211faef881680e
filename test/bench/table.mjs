/** Rows → one table in Markdown, for the terminal and for RESULTS.md alike. */

import { markdownTable } from 'markdown-table';

const COLUMNS = {
  case: ({ name }) => name,
  'time ×': ({ time, failure }) => failure ?? (time === undefined ? '' : ratio(time[1])),
  'middle half': ({ time }) => (time === undefined ? '' : `${ratio(time[0])} … ${ratio(time[2])}`),
  'memory ×': ({ memory }) => (isKnown(memory) ? ratio(memory) : ''),
  seconds: ({ seconds }) => (isKnown(seconds) ? seconds.toFixed(seconds < 1 ? 3 : 2) : ''),
  'MB/s': ({ seconds, megabytes }) => (isKnown(megabytes) ? (megabytes / seconds).toFixed(0) : ''),
  'peak MB': ({ peak }) => (isKnown(peak) ? peak.toFixed(0) : ''),
  bar: ({ bars = [] }) => bars.map(({ wanted, isMet }) => `${wanted}: ${isMet ? 'met' : 'missed'}`).join(', '),
};

export function table(rows) {
  const align = Object.keys(COLUMNS).map((title) => (title === 'case' || title === 'bar' ? 'l' : 'r'));
  return markdownTable([Object.keys(COLUMNS), ...rows.map(cells)], { align });
}

/** A row in one line, while the bench runs. */
export function line(row) {
  const [name, ...figures] = cells(row);
  const titles = Object.keys(COLUMNS).slice(1);
  const told = figures.flatMap((cell, i) => (cell === '' ? [] : [`${titles[i].replace(' ×', '')} ${cell}`]));
  return [name.padEnd(64), ...told].join('  ');
}

/** How long a refusal took is no figure. */
function cells({ name, failure = null, bars, ...figures }) {
  const shown = failure === null ? { name, bars, ...figures } : { name, bars, failure };
  return Object.values(COLUMNS).map((cell) => cell(shown));
}

function ratio(value) {
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
}

function isKnown(value) {
  return value !== undefined && !Number.isNaN(value);
}
