/**
 * `node aggregation-share.mjs FILE TIMELINE` prints what part of loading a profile is aggregation: samples settled into
 * a tree, and the call graph made of it. The rest is reading the file. TIMELINE is src/model/timeline.ts, bundled.
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
console.log(JSON.stringify({ seconds: loading + graphing, share: (settling + graphing) / (loading + graphing) }));

function takenApart({ counts, format, executingLines, functions, paths, timeline: { node, time }, duration }) {
  const nodes = { length: paths.length, parent: paths.parent, function: paths.function, hitCount: null };
  return { counts, format, executingLines, functions, nodes, samples: node, times: time, duration, notes: [] };
}

function timed(act) {
  const start = process.hrtime.bigint();
  const result = act();
  return [result, Number(process.hrtime.bigint() - start) / 1e9];
}
