/**
 * Other programs that load the same files. cpupro and speedscope are packages of their own: npm ci --prefix test/bench.
 * They draw in a browser, which is left out: their half is loading alone, pstat's is the whole answer.
 */

import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { benchFile, isInstalled, NOT_INSTALLED, PSTAT, profileOf } from '../inputs.mjs';
import { compareRuns, node, nodeWithPeak, python } from '../processes.mjs';
import { pythonTop } from './start.mjs';

const OTHERS = { cpupro: 'load-cpupro.mjs', speedscope: 'load-speedscope.mjs' };
/** MB, and the most pairs that a run takes of it. */
const INPUTS = [
  { megabytes: 10, most: 7 },
  { megabytes: 100, most: 3 },
];

export function* others({ folder, runs }) {
  for (const [other, script] of Object.entries(OTHERS))
    for (const { megabytes, most } of INPUTS) {
      const name = `others: ${megabytes} MB compact, top / ${other} loading, ${Math.min(runs, most)} pairs`;
      const profile = profileOf(folder, { megabytes });
      yield isInstalled(other)
        ? { name, megabytes: profile.megabytes, ...compareWith(script, profile.file, Math.min(runs, most)) }
        : { name, failure: NOT_INSTALLED };
    }
  yield prof({ folder, runs });
}

function compareWith(script, file, runs) {
  return compareRuns(nodeWithPeak(PSTAT, file), nodeWithPeak(benchFile(script), file), runs);
}

function prof({ folder, runs }) {
  const name = 'others: a .prof of 100,000 edges, top / Python’s pstats';
  const interpreter = python();
  if (interpreter === null) return { name, failure: 'no python3 here' };
  const file = path.join(folder, 'large.prof');
  execFileSync(interpreter, [benchFile('large-prof.py'), file]);
  const figures = compareRuns(node(PSTAT, file), pythonTop(interpreter, file), runs);
  return { name, megabytes: statSync(file).size / 1e6, ...figures };
}
