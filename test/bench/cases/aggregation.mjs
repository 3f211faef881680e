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
  yield shared('400,000 samples on stacks 250 deep', { file: deep, timeline, runs });
  yield shared('30 MB compact', { file: profileOf(folder, { megabytes: 30 }).file, timeline, runs });
}

function shared(what, { file, timeline, runs }) {
  const all = Array.from({ length: runs }, () => loaded(file, timeline));
  const time = quartiles(all.map(({ share }) => share));
  return {
    name: `aggregation: ${what}, settle and call graph / load`,
    time,
    seconds: median(all.map(({ seconds }) => seconds)),
    bars: [{ wanted: `time < ${MOST.toFixed(2)}`, isMet: time[1] < MOST }],
  };
}

function loaded(file, timeline) {
  return JSON.parse(
    execFileSync(process.execPath, [own('aggregation-share.mjs'), file, timeline], { encoding: 'utf8' }),
  );
}
