/** Reading and aggregating: `pstat FILE` against the plain way to do it by hand. */

import { benchFile, PSTAT, profileOf } from '../inputs.mjs';
import { compareRuns, nodeWithPeak } from '../processes.mjs';

const INPUTS = [
  { megabytes: 1 },
  { megabytes: 10, isBarred: true },
  { megabytes: 30, isBarred: true },
  { megabytes: 100, isBarred: true },
  { megabytes: 100, style: 'pretty', isBarred: true },
];

export function* read({ folder, runs }) {
  for (const input of INPUTS) {
    const { file, megabytes } = profileOf(folder, input);
    const figures = compareRuns(nodeWithPeak(PSTAT, file), nodeWithPeak(benchFile('plain.mjs'), file), runs);
    const name = `read: ${input.megabytes} MB ${input.style ?? 'compact'}, top / JSON.parse by hand`;
    yield { name, megabytes, ...figures, bars: input.isBarred ? bars(figures) : [] };
  }
}

function bars({ time, memory }) {
  return [
    { wanted: 'time ≤ 0.20', isMet: time[1] <= 0.2 },
    { wanted: 'memory ≤ 0.50', isMet: memory <= 0.5 },
  ];
}
