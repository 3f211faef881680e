/** What part of a load is aggregation, inside one process; where stacks are deep there is most of it. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { bundled, own, profileOf, ROOT } from '../inputs.mjs';
import { median, quartiles } from '../processes.mjs';

const MOST = 0.05;

export async function* aggregation({ folder, runs }) {
  const timeline = await bundled(folder, path.join(ROOT, 'src/model/timeline.ts'));
  const deep = path.join(folder, 'deep.cpuprofile');
  execFileSync(process.execPath, [own('deep-profile.mjs'), deep]);
  yield* shares('400,000 samples on stacks 250 deep', { file: deep, timeline, runs });
  yield* shares('30 MB compact', { file: profileOf(folder, { megabytes: 30 }).file, timeline, runs });
}

function* shares(what, { file, timeline, runs }) {
  const all = Array.from({ length: runs }, () => loaded(file, timeline));
  const row = (part, name) => {
    const time = quartiles(all.map((each) => each[part]));
    const bars = [{ wanted: `time < ${MOST.toFixed(2)}`, isMet: time[1] < MOST }];
    return { name: `aggregation: ${what}, ${name}`, time, seconds: median(all.map(({ seconds }) => seconds)), bars };
  };
  yield row('graph', 'call graph / load');
  yield row('settled', 'settle and call graph / load with call graph');
}

function loaded(file, timeline) {
  return JSON.parse(
    execFileSync(process.execPath, [own('aggregation-share.mjs'), file, timeline], { encoding: 'utf8' }),
  );
}
