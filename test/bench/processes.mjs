/**
 * Whole processes, timed side by side.
 *
 * A machine's speed drifts while it is measured, so that only pairs compare: A B A B …, the ratio of each pair, and the
 * median of the ratios.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where it is set, each Node reads certificates as it starts, which takes it longer than all the rest of its start. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

const PEAK = fileURLToPath(new URL('./peak.cjs', import.meta.url));

/** A command of Node. */
export function node(...args) {
  return { program: process.execPath, args, withPeak: false };
}

/** A command of Node that tells its peak memory too: that takes it a millisecond, so start-up is measured without. */
export function nodeWithPeak(...args) {
  return { program: process.execPath, args: ['-r', PEAK, ...args], withPeak: true };
}

/** A command of another program. */
export function command(program, ...args) {
  return { program, args, withPeak: false };
}

/** Whether a program is installed. */
export function isOnPath(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** The interpreter itself, for `python3` may be a script that looks for it first; null where there is none. */
export function python() {
  const { status, stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Runs one command: `seconds`, `peak` in MB (NaN if not weighed), and `failure` if it gave no answer. */
export function measureRun({ program, args, withPeak }) {
  const stdio = ['ignore', 'ignore', 'pipe', ...(withPeak ? ['pipe'] : [])];
  const start = process.hrtime.bigint();
  const { status, signal, output, error } = spawnSync(program, args, { stdio, encoding: 'utf8', env: ENVIRONMENT });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (error !== undefined) throw error;
  const peak = withPeak ? (Number(output[3]) * 1024) / 1e6 : Number.NaN;
  return { seconds, peak, failure: failureOf({ status, signal, stderr: output[2] }) };
}

/** A command run so many times: the medians. It is not asked again once it failed. */
export function repeatRun(what, runs) {
  const all = repeatUntilFailure(runs, () => [measureRun(what)]).flat();
  return {
    seconds: median(all.map(({ seconds }) => seconds)),
    peak: median(all.map(({ peak }) => peak)),
    failure: failureAmong(all),
  };
}

/** Two commands in turn: `a` in itself, and its time and memory as ratios of `b`'s; `least` is of their least times. */
export function compareRuns(a, b, runs) {
  const pairs = repeatUntilFailure(runs, () => [measureRun(a), measureRun(b)]);
  const own = pairs.map(([ofA]) => ofA);
  return {
    time: quartiles(pairs.map(([ofA, ofB]) => ofA.seconds / ofB.seconds)),
    least: least(pairs.map(([ofA]) => ofA)) / least(pairs.map(([, ofB]) => ofB)),
    memory: median(pairs.map(([ofA, ofB]) => ofA.peak / ofB.peak)),
    seconds: median(own.map(({ seconds }) => seconds)),
    peak: median(own.map(({ peak }) => peak)),
    failure: failureAmong(pairs.flat()),
  };
}

/** [a quarter of them lie below, half, three quarters]; of few, rather too wide than too narrow. */
export function quartiles(values) {
  const sorted = values.toSorted((x, y) => x - y);
  const last = sorted.length - 1;
  return [Math.floor(last / 4), Math.round(last / 2), Math.ceil((3 * last) / 4)].map((i) => sorted[i]);
}

export function median(values) {
  return quartiles(values)[1];
}

function least(runs) {
  return Math.min(...runs.map(({ seconds }) => seconds));
}

function repeatUntilFailure(runs, measure) {
  const turns = [];
  while (turns.length < runs) {
    const turn = measure();
    turns.push(turn);
    if (turn.some(({ failure }) => failure !== null)) break;
  }
  return turns;
}

function failureAmong(all) {
  return all.find(({ failure }) => failure !== null)?.failure ?? null;
}

/** 2 is pstat's word for what it cannot read; anything else is an accident. */
function failureOf({ status, signal, stderr }) {
  if (status === 0) return null;
  const [line = ''] = stderr.trim().split('\n').slice(-1);
  return status === 2 ? 'refused' : `failed: ${line.slice(0, 60) || (signal ?? status)}`;
}
