/**
 * `node aggregation-share.mjs FILE LIBRARY NORMALIZE` prints what aggregation takes beside loading a profile: the call
 * graph; and the call graph with the part of loading that is aggregation, too: samples normalized into a tree.
 * LIBRARY is the installed package's entry, NORMALIZE is src/model/normalize/normalize.ts, bundled.
 *
 * The library normalizes while it reads. So the profile is turned back into what a reader returns, and normalized once
 * more, by a copy of the code that has not run before.
 */

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , file, ...modules] = process.argv;
const [library, { normalize }] = await Promise.all(modules.map((module) => import(pathToFileURL(module).href)));
const { buildCallGraph, readProfile } = library;
const [profile, loading] = timed(() => readProfile(readFileSync(file), file));
const raw = rawProfile(profile);
const [, normalizing] = timed(() => normalize(raw, file));
const [, graphing] = timed(() => buildCallGraph(profile));
console.log(
  JSON.stringify({
    seconds: loading + graphing,
    graph: graphing / loading,
    normalized: (normalizing + graphing) / (loading + graphing),
  }),
);

function rawProfile({ counts, format, executingLines, functions, callTree, timeline: { node, time }, duration }) {
  const nodes = { length: callTree.length, parent: callTree.parent, function: callTree.function, hitCount: null };
  return { counts, format, executingLines, functions, nodes, samples: node, times: time, duration, notes: [] };
}

function timed(act) {
  const start = process.hrtime.bigint();
  const result = act();
  return [result, Number(process.hrtime.bigint() - start) / 1e9];
}
