/**
 * `node generate.mjs FILE MEGABYTES [--pretty]` writes a CPU profile of about that size: a real recording repeated.
 *
 * The recording is webpack 5 building a page in React, for 13 s, by `node --cpu-prof`: 97 % of its bytes are nodes, and
 * 10,831 nodes show 1,846 functions between them. Each copy hangs its nodes under the one root with ids of its own, as
 * a longer recording would; V8's own rows, as `(program)`, stand once. The last copy is cut to fit.
 *
 * It is written piece by piece, so that a gigabyte needs no more memory than a megabyte.
 */

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [, , file, megabytes, style] = process.argv;
const seed = JSON.parse(gunzipSync(readFileSync(new URL('./seed.cpuprofile.gz', import.meta.url))));
const isPretty = style === '--pretty';
const [root] = seed.nodes;
const shared = new Set([root.id, ...seed.nodes.filter(isOwnRow).map(({ id }) => id)]);
const mostId = seed.nodes.reduce((most, { id }) => Math.max(most, id), 0);
const copies = copiesOf(Number(megabytes) * 1e6);
write(file, profileText());

/** `(program)`, `(idle)` and `(garbage collector)`: V8 has one of each. */
function isOwnRow({ callFrame: { functionName, url } }) {
  return url === '' && /^\((?:program|idle|garbage collector)\)$/.test(functionName);
}

/** Copies that make up so many bytes: what part of the recording each takes, in turn, and how far its ids are shifted. */
function copiesOf(bytes) {
  const wanted = bytes / text(seed, 0).length;
  return Array.from({ length: Math.ceil(wanted) }, (_, i) => copy(Math.min(1, wanted - i), i * mostId));
}

/** Callers stand before those they call, so that the first nodes are a tree of their own; `ran` are its samples. */
function copy(part, shift) {
  const kept = seed.nodes.slice(0, Math.max(2, Math.round(part * seed.nodes.length)));
  const ids = new Set(kept.map(({ id }) => id));
  const ran = [...seed.samples.keys()].filter((i) => ids.has(seed.samples[i]));
  return { kept, ids, ran, moved: (id) => (shared.has(id) ? id : id + shift) };
}

function* profileText() {
  yield* ['{', member('nodes'), '['];
  yield* listed(shiftedNodes(), '    ');
  yield* [isPretty ? '\n  ]' : ']', ',', member('startTime'), `${seed.startTime}`];
  yield* [',', member('endTime'), `${endTime()}`, ',', member('samples'), '['];
  yield* listed(shiftedSamples(), '    ');
  yield* [isPretty ? '\n  ]' : ']', ',', member('timeDeltas'), '['];
  yield* listed(deltas(), '    ');
  yield isPretty ? '\n  ]\n}' : ']}';
}

function* shiftedNodes() {
  const children = copies.flatMap(({ ids, moved }) => root.children.filter((id) => ids.has(id)).map(moved));
  yield { ...root, children: [...new Set(children)] };
  for (const [i, { kept, ids, moved }] of copies.entries())
    for (const node of kept) {
      if (node === root || (i > 0 && shared.has(node.id))) continue;
      yield { ...node, id: moved(node.id), ...childrenOf(node, ids, moved) };
    }
}

function childrenOf({ children }, ids, moved) {
  return children === undefined ? {} : { children: children.filter((id) => ids.has(id)).map(moved) };
}

function* shiftedSamples() {
  for (const { ran, moved } of copies) for (const i of ran) yield moved(seed.samples[i]);
}

function* deltas() {
  for (const { ran } of copies) for (const i of ran) yield seed.timeDeltas[i];
}

/** The recording ends as long after its last sample as the seed does. */
function endTime() {
  const rest = seed.timeDeltas.reduce((left, delta) => left - delta, seed.endTime - seed.startTime);
  let end = seed.startTime + rest;
  for (const delta of deltas()) end += delta;
  return end;
}

function member(name) {
  return isPretty ? `\n  "${name}": ` : `"${name}":`;
}

function* listed(values, indent) {
  let separator = isPretty ? `\n${indent}` : '';
  for (const value of values) {
    yield separator + text(value, indent.length);
    separator = isPretty ? `,\n${indent}` : ',';
  }
}

function text(value, indent) {
  if (!isPretty) return JSON.stringify(value);
  const lines = JSON.stringify(value, null, 2);
  return indent === 0 ? lines : lines.replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function write(target, pieces) {
  const handle = openSync(target, 'w');
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < 1 << 20) continue;
    writeSync(handle, chunk);
    chunk = '';
  }
  writeSync(handle, chunk);
  closeSync(handle);
}
