/**
 * `node plain.mjs FILE`: the hot functions of a CPU profile by JSON.parse, in one file and in a hurry to be quick, as
 * one would write it for a day's use. What pstat's reader is measured against.
 *
 * It answers as `pstat FILE` does: samples in order of time, each worth the time to the next; the garbage collector
 * under the stack it interrupted; a stack counts once for each function. It trusts the file, and checks nothing.
 */

import { readFileSync } from 'node:fs';

const profile = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { nodes } = profile;
const rows = rowsById();
const { names, functionOf } = functions();
const parent = parents();
const self = new Float64Array(nodes.length);
const hits = new Int32Array(nodes.length);
/** Time and samples of the collector, by the row of the code it interrupted. */
const collected = new Map();
weigh(inOrder());
print(figures());

function rowsById() {
  let most = 0;
  for (const { id } of nodes) if (id > most) most = id;
  const byId = new Int32Array(most + 1);
  for (let row = 0; row < nodes.length; row++) byId[nodes[row].id] = row;
  return byId;
}

function functions() {
  const known = new Map();
  const functionOf = new Int32Array(nodes.length);
  const names = [];
  for (let row = 0; row < nodes.length; row++) {
    const { functionName, url, lineNumber, columnNumber } = nodes[row].callFrame;
    const named = mapIn(mapIn(known, url), lineNumber * 65_536 + columnNumber);
    let fn = named.get(functionName);
    if (fn === undefined) {
      fn = names.push(`${url}:${lineNumber + 1}(${functionName})`) - 1;
      named.set(functionName, fn);
    }
    functionOf[row] = fn;
  }
  return { names, functionOf };
}

/** Maps in maps: one key made of all four parts takes longer to build than to look up. */
function mapIn(maps, key) {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const map = new Map();
  maps.set(key, map);
  return map;
}

function parents() {
  const parent = new Int32Array(nodes.length).fill(-1);
  for (let row = 0; row < nodes.length; row++) {
    const { children } = nodes[row];
    if (children !== undefined) for (const id of children) parent[rows[id]] = row;
  }
  return parent;
}

/** Rows of samples and their times, from the start on. */
function inOrder() {
  const { samples, timeDeltas } = profile;
  const time = new Float64Array(samples.length);
  const row = new Int32Array(samples.length);
  let now = 0;
  let isSorted = true;
  for (let i = 0; i < samples.length; i++) {
    if (timeDeltas[i] < 0) isSorted = false;
    time[i] = now += timeDeltas[i];
    row[i] = rows[samples[i]];
  }
  if (isSorted) return { row, time };
  const order = Array.from(row.keys()).sort((a, b) => time[a] - time[b]);
  return { row: Int32Array.from(order, (i) => row[i]), time: Float64Array.from(order, (i) => time[i]) };
}

function weigh({ row, time }) {
  let before = -1;
  for (let i = 0; i < row.length; i++) {
    const weight = i + 1 < time.length ? time[i + 1] - time[i] : lastWeight(time);
    const name = nodes[row[i]].callFrame.functionName;
    if (name === '(garbage collector)' && before !== -1) {
      const known = collected.get(before) ?? { weight: 0, hits: 0 };
      collected.set(before, { weight: known.weight + weight, hits: known.hits + 1 });
      continue;
    }
    if (name !== '(garbage collector)')
      before = name === '(idle)' || name === '(program)' || name === '(root)' ? -1 : row[i];
    self[row[i]] += weight;
    hits[row[i]]++;
  }
}

/** The rest of the recording, unless that is far longer than the samples lie apart. */
function lastWeight(time) {
  const gaps = time
    .subarray(1)
    .map((now, i) => now - time[i])
    .filter((gap) => gap > 0)
    .sort();
  const interval = gaps[gaps.length >> 1];
  const rest = profile.endTime - profile.startTime - time.at(-1);
  return rest >= 0 && rest <= 2.5 * interval ? rest : interval;
}

/** function -> what is shown of it. Children come after their parents in `order`, and a subtree is one run of it. */
function figures() {
  const order = depthFirst();
  const { total, end } = subtrees(order);
  const collector = nodes.findIndex(({ callFrame }) => callFrame.functionName === '(garbage collector)');
  const shown = names.map((name) => ({ name, self: 0, total: 0, hits: 0 }));
  const openUntil = new Int32Array(names.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    const of = shown[functionOf[row]];
    of.self += self[row];
    of.hits += hits[row];
    if (i < openUntil[functionOf[row]]) continue;
    openUntil[functionOf[row]] = end[i];
    of.total += total[i];
  }
  for (const { weight, hits } of collected.values()) {
    const of = shown[functionOf[collector]];
    of.self += weight;
    of.total += weight;
    of.hits += hits;
  }
  return shown;
}

function depthFirst() {
  const order = new Int32Array(nodes.length);
  const open = [...parent.keys()].filter((row) => parent[row] === -1);
  for (let i = 0; open.length > 0; i++) {
    const row = open.pop();
    order[i] = row;
    const { children } = nodes[row];
    if (children !== undefined) for (let c = children.length - 1; c >= 0; c--) open.push(rows[children[c]]);
  }
  return order;
}

function subtrees(order) {
  const placeOf = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) placeOf[order[i]] = i;
  const total = Float64Array.from(order, (row) => self[row] + (collected.get(row)?.weight ?? 0));
  const end = Int32Array.from(order, (_, i) => i + 1);
  for (let i = order.length - 1; i > 0; i--) {
    if (parent[order[i]] === -1) continue;
    const above = placeOf[parent[order[i]]];
    total[above] += total[i];
    end[above] = Math.max(end[above], end[i]);
  }
  return { total, end };
}

function print(shown) {
  const rows = shown.filter(({ name }) => !/\((?:\(idle\)|\(root\))\)$/.test(name)).sort((a, b) => b.self - a.self);
  const ms = (time) => (time / 1000).toFixed(1).padStart(10);
  for (const { name, self, total, hits } of rows.slice(0, 20))
    console.log(`${ms(self)}${ms(total)}${String(hits).padStart(8)}  ${name}`);
}
