/**
 * Counts the words of a text that a worker makes up, and sorts them by how often they stand. Something to record: see
 * record.sh. Without the worker, Node 20 writes a trace without CPU samples.
 */
'use strict';

const { isMainThread, parentPort, Worker } = require('node:worker_threads');

/** The same text in every run. */
function makeText(words) {
  let seed = 1;
  const next = (below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const parts = [];
  for (let i = 0; i < words; i++) parts.push(`word${next(300)}`);
  return parts.join(' ');
}

function countWords(text) {
  const counts = new Map();
  for (const word of text.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Calls itself, so that a stack holds it more than once. */
function mergeSort(list, before) {
  if (list.length < 2) return list;
  const middle = list.length >> 1;
  const [left, right] = [mergeSort(list.slice(0, middle), before), mergeSort(list.slice(middle), before)];
  const sorted = [];
  while (left.length > 0 && right.length > 0) sorted.push(before(left[0], right[0]) ? left.shift() : right.shift());
  return [...sorted, ...left, ...right];
}

function report(text) {
  return mergeSort([...countWords(text)], ([, a], [, b]) => a >= b).slice(0, 10);
}

if (isMainThread) {
  new Worker(__filename).on('message', (text) => {
    for (let runs = 0; runs < 150; runs++) report(text);
  });
} else {
  parentPort.postMessage(makeText(20_000));
}
