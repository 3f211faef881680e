/** How time and memory grow with the file. The largest take disk and time: LARGE=1. */

import { discard, PSTAT, profileOf } from '../inputs.mjs';
import { nodeWithPeak, repeatRun } from '../processes.mjs';

const SIZES = [1, 10, 100, 300];
const LARGE = 1000;
/** What must fit into a small machine's memory. */
const BARRED = 800;
const MAX_MB = 600;

export function* growth({ folder, runs }) {
  for (const style of ['compact', 'pretty'])
    for (const megabytes of SIZES) yield measureGrowth(folder, { megabytes, style, runs: Math.min(runs, 3) });
  yield addBar(measureGrowth(folder, { megabytes: BARRED, style: 'compact', runs: 1 }));
  if (process.env.LARGE !== '1') return;
  for (const style of ['compact', 'pretty']) yield measureGrowth(folder, { megabytes: LARGE, style, runs: 1 });
}

function measureGrowth(folder, { megabytes, style, runs }) {
  const profile = profileOf(folder, { megabytes, style });
  const figures = repeatRun(nodeWithPeak(PSTAT, profile.file), runs);
  if (megabytes > Math.max(...SIZES)) discard(profile);
  const times = runs === 1 ? 'once' : `${runs} times`;
  return { name: `growth: ${megabytes} MB ${style}, top, ${times}`, megabytes: profile.megabytes, ...figures };
}

function addBar(row) {
  return { ...row, bars: [{ wanted: `peak ≤ ${MAX_MB} MB`, isMet: row.failure === null && row.peak <= MAX_MB }] };
}
