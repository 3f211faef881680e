/**
 * What the per-request profiler costs a server: two servers of the same program on two ports, one of them profiled,
 * asked in turn by one load generator; the ratio of each pair of turns, and the median of the ratios.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import autocannon from 'autocannon';
import { PACKAGE } from './installed.mjs';
import { quartiles } from './processes.mjs';

const PRELOAD = pathToFileURL(path.join(PACKAGE, 'dist/record/request/register.cjs')).href;
const PROGRAM = fileURLToPath(new URL('./request-server.mjs', import.meta.url));
const CONNECTIONS = 10;

/** How the profiler is switched on, or not. The first two are «installed but off». */
const WAYS = {
  'preloaded, no folder named': {},
  'preloaded, no request wanted': { PSTAT_PROFILE_FILTER: 'nothing-like-it' },
  'one request in 100': { PSTAT_PROFILE_SAMPLE_EVERY: '100' },
  'one at a time': {},
  'every request (all)': { PSTAT_PROFILE_CONCURRENCY: 'all' },
};

/** A row for each kind of request and way: how much longer a request takes the server, in the table's terms. */
export async function* benchRequests({ turns, seconds, kinds = ['hello', 'rows', 'awaits'] }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pstat-bench-requests-'));
  try {
    for (const kind of kinds) {
      for (const [way, variables] of Object.entries(WAYS)) {
        const dir = way === 'preloaded, no folder named' ? {} : { PSTAT_PROFILE_DIR: path.join(folder, kind, way) };
        yield await benchWay({ kind, way, environment: { ...dir, ...variables }, turns, seconds });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchWay({ kind, way, environment, turns, seconds }) {
  const plain = await started([], {});
  const profiled = await started(['--import', PRELOAD], environment);
  const measure = (server, duration) => throughput(`http://127.0.0.1:${server.port}/${kind}`, duration);
  await measure(plain, 1);
  await measure(profiled, 1);
  const ratios = [];
  const rates = [];
  for (let turn = 0; turn < turns; turn++) {
    const [first, second] = turn % 2 === 0 ? [plain, profiled] : [profiled, plain];
    const rate = new Map([[first, await measure(first, seconds)]]);
    rate.set(second, await measure(second, seconds));
    // Requests a second, the other way round: time, as everywhere in the table.
    ratios.push(rate.get(plain) / rate.get(profiled));
    rates.push(rate.get(plain));
  }
  plain.stop();
  profiled.stop();
  const rate = quartiles(rates)[1].toFixed(0);
  return { name: `requests: ${kind} (${rate} a second), ${way} / not preloaded`, time: quartiles(ratios) };
}

async function started(options, environment) {
  const child = spawn(process.execPath, [...options, PROGRAM], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  return { port: Number(value), stop: () => child.kill('SIGKILL') };
}

async function throughput(url, duration) {
  const { requests, errors, non2xx } = await autocannon({ url, duration, connections: CONNECTIONS });
  if (errors + non2xx > 0) throw new Error(`${url}: ${errors} errors, ${non2xx} failed`);
  return requests.total / duration;
}
