/**
 * `node aggregation-share.mjs FILE TIMELINE` prints what aggregation takes beside loading a profile: the call graph; and
 * with what of the loading is aggregation, too, samples settled into a tree. TIMELINE is src/model/timeline.ts, bundled.
 *
 * The library settles while it reads. So a profile once read is taken apart again into what a reader hands over, and
 * settled once more, by a copy of the code that has not run before.
 */

import { readFileSync } from 'node:fs';
import { callGraph, readProfile } from '../../dist/index.js';

const [, , file, timeline] = process.argv;
const { settlePaths } = await import(timeline);
const [profile, loading] = timed(() => readProfile(readFileSync(file), file));
const raw = takenApart(profile);
const [, settling] = timed(() => settlePaths(raw, file));
const [, graphing] = timed(() => callGraph(profile));
console.log(
  JSON.stringify({
    seconds: loading + graphing,
    graph: graphing / loading,
    settled: (settling + graphing) / (loading + graphing),
  }),
);

function takenApart({ counts, format, executingLines, functions, paths, timeline: { node, time }, duration }) {
  const nodes = { length: paths.length, parent: paths.parent, function: paths.function, hitCount: null };
  return { counts, format, executingLines, functions, nodes, samples: node, times: time, duration, notes: [] };
}

function timed(act) {
  const start = process.hrtime.bigint();
  const result = act();
  return [result, Number(process.hrtime.bigint() - start) / 1e9];
}
