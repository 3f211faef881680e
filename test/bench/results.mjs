/** RESULTS.md: what stands between the marks is the script's, the rest is written by hand and left alone. */

import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

const FILE = new URL('./RESULTS.md', import.meta.url);
const START = '<!-- figures: written by npm run bench -->';
const END = '<!-- end of figures -->';

/** Puts the table of a whole run in the place of the last one. */
export function keepResults(table, runs) {
  const text = readFileSync(FILE, 'utf8');
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`RESULTS.md has lost its marks: ${START} and ${END}`);
  writeFileSync(FILE, `${before}${START}\n\n${conditions(runs)}\n\n${table}\n\n${END}${after}`);
}

/** Where and when it was measured, and how busy the machine was besides. */
export function conditions(runs) {
  const [cpu] = os.cpus();
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  const [load] = os.loadavg();
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version.slice(1)}, ${os.type()} ${os.arch()},`,
    `${os.availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory} GB of memory,`,
    `load ${load.toFixed(1)} at the end, RUNS=${runs}.`,
  ].join('\n');
}
