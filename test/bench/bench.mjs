/**
 * `npm run bench`: what pstat costs, as ratios of whole processes that run side by side, turn by turn.
 *
 * A machine's speed drifts while it is measured, so that only pairs compare: A B A B …, the ratio of each pair, and the
 * median of the ratios. No test asserts any of it.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchRequests } from './requests.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PSTAT = path.join(ROOT, 'dist/cli/main.js');
const RUNS = Number(process.env.RUNS ?? 11);

/** Calls, allocates and sorts; of stacks that are neither flat nor deep. */
const WORK = `
function row(id) { return { id, name: 'provider ' + id, links: [id, id * 2].map((href) => ({ href })) }; }
function page(n) { return JSON.stringify(Array.from({ length: n }, (_, i) => row(i)).sort((a, b) => b.id - a.id)); }
let length = 0;
for (let i = 0; i < 3000; i++) length += page(1000).length;
`;

const folder = mkdtempSync(path.join(tmpdir(), 'pstat-bench-'));
try {
  const large = path.join(folder, 'large.cpuprofile');
  writeFileSync(large, largeProfile({ nodes: 60_000, samples: 400_000 }));
  const megabytes = (statSync(large).size / 1e6).toFixed(0);
  const parse = ['-e', `JSON.parse(require('fs').readFileSync(${JSON.stringify(large)}, 'utf8'))`];
  const sample = path.join(ROOT, 'samples/GET.resource_providers.prof');

  report('start: pstat --version / node -e 0', [PSTAT, '--version'], ['-e', '0']);
  report('start: a small .prof / node -e 0', [PSTAT, sample], ['-e', '0']);
  report(`read: ${megabytes} MB, top / JSON.parse of the same file`, [PSTAT, large], parse);
  report(`read: ${megabytes} MB, callers of everything / top`, [PSTAT, 'callers', '', large, '--json'], [PSTAT, large]);
  comparePython(sample);
  const work = path.join(folder, 'work.mjs');
  writeFileSync(work, WORK);
  report(
    'record: a program of 1.5 s / the program alone',
    [PSTAT, 'record', '--dir', folder, '--', process.execPath, work],
    [work],
  );
  await benchRequests({ turns: RUNS, seconds: 1 });
} finally {
  rmSync(folder, { recursive: true });
}

/** Times two commands of node in turn and prints the median ratio of wall time and of peak memory. */
function report(name, a, b) {
  const pairs = Array.from({ length: RUNS }, () => [measure(process.execPath, a), measure(process.execPath, b)]);
  const ratio = (field) => median(pairs.map(([x, y]) => x[field] / y[field]));
  const seconds = median(pairs.map(([x]) => x.seconds));
  console.log(`${name.padEnd(58)} ${ratio('seconds').toFixed(2)}× time (${seconds.toFixed(2)} s)`);
}

function comparePython(sample) {
  const program = `import pstats; pstats.Stats(${JSON.stringify(sample)}).sort_stats('tottime').print_stats(20)`;
  if (spawnSync('python3', ['--version']).error !== undefined) return;
  const pairs = Array.from({ length: RUNS }, () => [
    measure(process.execPath, [PSTAT, sample]),
    measure('python3', ['-c', program]),
  ]);
  const ratio = median(pairs.map(([x, y]) => x.seconds / y.seconds));
  console.log(`${'read: a small .prof / python -m pstats'.padEnd(58)} ${ratio.toFixed(2)}× time`);
}

function measure(command, args) {
  const start = process.hrtime.bigint();
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9 };
}

function median(values) {
  return values.toSorted((x, y) => x - y)[values.length >> 1];
}

/** A tree of random shape, the same at every run. */
function largeProfile({ nodes, samples }) {
  let seed = 1;
  const random = (below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const list = Array.from({ length: nodes }, (_, i) => ({
    id: i + 1,
    callFrame: {
      functionName: i === 0 ? '(root)' : `function${random(5000)}`,
      scriptId: String(random(300)),
      url: i === 0 ? '' : `file:///srv/app/modules/module${random(300)}.js`,
      lineNumber: i === 0 ? -1 : random(2000),
      columnNumber: i === 0 ? -1 : random(80),
    },
    hitCount: 0,
    children: [],
  }));
  for (let i = 1; i < nodes; i++) list[Math.max(0, i - 1 - random(40))].children.push(i + 1);
  const ids = Array.from({ length: samples }, () => 1 + random(nodes));
  const deltas = Array.from({ length: samples }, () => 900 + random(300));
  const endTime = 1e9 + deltas.reduce((sum, delta) => sum + delta, 0) + 1000;
  return JSON.stringify({ nodes: list, startTime: 1e9, endTime, samples: ids, timeDeltas: deltas });
}
