/**
 * `node deep-profile.mjs FILE` writes 400,000 samples on stacks 250 deep, the same at every run. Each stack leaves the
 * one before it somewhere in its lower half, so that 60,000 nodes come out in the order in which V8 writes them.
 */

import { writeFileSync } from 'node:fs';

const SAMPLES = 400_000;
const DEPTH = 250;
const NODES = 60_000;
const FUNCTIONS = 5000;

let seed = 1;
const root = node(1, { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 });
const { nodes, leaves } = tree();
const samples = Array.from({ length: SAMPLES }, () => leaves[random(leaves.length)]);
const timeDeltas = Array.from({ length: SAMPLES }, () => 900 + random(300));
const startTime = 1e9;
const endTime = startTime + timeDeltas.reduce((sum, delta) => sum + delta, 1000);
writeFileSync(process.argv[2], JSON.stringify({ nodes, startTime, endTime, samples, timeDeltas }));

function tree() {
  const nodes = [root];
  const leaves = [];
  const stack = [root];
  while (nodes.length < NODES) {
    stack.length = Math.min(stack.length, DEPTH / 2 + random(DEPTH / 2));
    while (stack.length <= DEPTH) {
      const child = node(nodes.length + 1, someFunction());
      nodes.push(child);
      stack.at(-1).children.push(child.id);
      stack.push(child);
    }
    leaves.push(stack.at(-1).id);
  }
  return { nodes, leaves };
}

function node(id, callFrame) {
  return { id, callFrame, hitCount: 0, children: [] };
}

function someFunction() {
  const number = random(FUNCTIONS);
  const script = number % 300;
  const url = `file:///srv/app/modules/module${script}.js`;
  return { functionName: `function${number}`, scriptId: `${script}`, url, lineNumber: number, columnNumber: 4 };
}

function random(below) {
  seed = (seed * 48271) % 2147483647;
  return seed % below;
}
