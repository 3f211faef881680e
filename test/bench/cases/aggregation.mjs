/** What part of a load is aggregation, inside one process; where stacks are deep there is most of it. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { benchFile, bundleScript, PACKAGE, profileOf, ROOT } from '../inputs.mjs';
import { median, quartiles } from '../processes.mjs';

const MOST = 0.05;

export async function* aggregation({ folder, runs }) {
  const normalize = await bundleScript(folder, path.join(ROOT, 'src/model/normalize/normalize.ts'));
  const deep = path.join(folder, 'deep.cpuprofile');
  execFileSync(process.execPath, [benchFile('deep-profile.mjs'), deep]);
  yield* shares('400,000 samples on stacks 250 deep', { file: deep, normalize, runs });
  yield* shares('30 MB compact', { file: profileOf(folder, { megabytes: 30 }).file, normalize, runs });
}

function* shares(what, { file, normalize, runs }) {
  const all = Array.from({ length: runs }, () => loaded(file, normalize));
  const row = (part, name) => {
    const time = quartiles(all.map((each) => each[part]));
    const bars = [{ wanted: `time < ${MOST.toFixed(2)}`, isMet: time[1] < MOST }];
    return { name: `aggregation: ${what}, ${name}`, time, seconds: median(all.map(({ seconds }) => seconds)), bars };
  };
  yield row('graph', 'call graph / load');
  yield row('normalized', 'normalize and call graph / load with call graph');
}

function loaded(file, normalize) {
  const args = [benchFile('aggregation-share.mjs'), file, path.join(PACKAGE, 'dist/index.js'), normalize];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
