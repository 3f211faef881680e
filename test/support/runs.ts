/** Simulated runs: Stats from given times, and sets of runs that differ by noise and by a change. */

import { type FunctionInfo, FunctionTableBuilder } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import { subtractQueuedTime } from '../../src/model/normalize/queued-time.ts';
import { normalizeStacks } from '../../src/model/normalize/sampled.ts';
import type { Profile, StacksProfile } from '../../src/model/profile.ts';
import type { RequestFacts, RunMetadata } from '../../src/model/raw-profile.ts';
import { Stats } from '../../src/query/stats.ts';
import { seeded } from './seeded.ts';

/** A function of a run: its name, place and self time. */
export interface Timed {
  readonly name: string;
  /** @default '/srv/app/main.js' */
  readonly file?: string;
  /** @default 1 */
  readonly line?: number;
  readonly column?: number;
  /** µs; of a traced run */
  readonly time?: number;
  /** @default 1 */
  readonly calls?: number;
  /** @default as the run says */
  readonly kind?: FunctionInfo['kind'];
  /** The name of a caller earlier in the list, or of several in a traced run; without it the function has no caller. */
  readonly caller?: string | readonly string[];
  /** µs by which each sample of it was taken late; of a sampled run */
  readonly late?: number;
}

/** A run in which every call was counted. A function's total is its self time. */
export function tracedRun(functions: readonly Timed[], source = 'run.prof'): Stats {
  return new Stats(tracedProfile(functions, source));
}

export function tracedProfile(functions: readonly Timed[], source = 'run.prof'): Profile {
  const table = new FunctionTableBuilder();
  const rows = Int32Array.from(functions, (fn) => table.intern(infoOf(fn, 'python')));
  const called = functions.flatMap(({ caller = [] }, i) => [caller].flat().map((name) => ({ caller: name, i })));
  const metrics = (list: readonly Timed[]) => ({
    selfCount: list.map((fn) => fn.calls ?? 1),
    totalCount: list.map((fn) => fn.calls ?? 1),
    self: list.map((fn) => (fn.time ?? 0) / 1e6),
    total: list.map((fn) => (fn.time ?? 0) / 1e6),
  });
  return normalize(
    {
      counts: 'calls',
      format: 'Python profile',
      linesAreSampled: false,
      functions: table.finish(),
      rows,
      metrics: metrics(functions),
      edges: {
        length: called.length,
        caller: Int32Array.from(called, ({ caller }) => rows[functions.findIndex(({ name }) => name === caller)] ?? -1),
        callee: Int32Array.from(called, ({ i }) => rows[i] ?? -1),
        metrics: metrics(called.flatMap(({ i }) => functions[i] ?? [])),
      },
      notes: [],
    },
    source,
  );
}

export interface Sampling {
  readonly source?: string;
  /** µs */
  readonly interval?: number;
  /** The process and thread of the file. */
  readonly run?: Partial<RunMetadata>;
  /** The request of the file. */
  readonly request?: Partial<RequestFacts>;
}

/** A sampled run; `calls` is the number of samples with the function on top. */
export function sampledRun(functions: readonly Timed[], sampling: Sampling = {}): Stats {
  return new Stats(sampledProfile(functions, sampling));
}

/** As above, with queued time subtracted. */
export function undisturbedRun(functions: readonly Timed[], sampling: Sampling): Stats {
  const profile = subtractQueuedTime(sampledProfile(functions, sampling));
  if (profile === null) throw new Error('the run does not say how long it had no processor');
  return new Stats(profile);
}

export function sampledProfile(
  functions: readonly Timed[],
  { source = 'run.cpuprofile', interval = 1000, run, request }: Sampling = {},
): StacksProfile {
  const table = new FunctionTableBuilder();
  const root = table.intern({ kind: 'root', name: '(root)', file: '', line: 0, column: 0 });
  const rows = functions.map((fn) => table.intern(infoOf(fn, 'js')));
  const nodeOf = (name: Timed['caller']) => functions.findIndex((fn) => fn.name === name) + 1;
  const sampled = functions.flatMap((fn, i) => new Array<number>(fn.calls ?? 1).fill(i));
  const weights = sampled.map((i) => interval + (functions[i]?.late ?? 0));
  let end = 0;
  const ends = weights.map((weight) => {
    end += weight;
    return end;
  });
  return normalizeStacks(
    {
      counts: 'samples',
      format: 'drawing',
      linesAreSampled: false,
      functions: table.finish(),
      nodes: {
        length: rows.length + 1,
        parent: Int32Array.of(-1, ...functions.map(({ caller }) => nodeOf(caller))),
        function: Int32Array.of(root, ...rows),
        hitCount: null,
      },
      samples: Int32Array.from(sampled, (i) => i + 1),
      times: Float64Array.of(0, ...ends.slice(0, -1)).slice(0, sampled.length),
      duration: ends.at(-1) ?? 0,
      notes: [],
      ...(run === undefined ? {} : { run: runMetadata(run) }),
      ...(request === undefined ? {} : { request: requestFactsOf(request) }),
    },
    source,
  );
}

/** Run metadata; fields that a test does not give are null. */
export function runMetadata(known: Partial<RunMetadata>): RunMetadata {
  const nothing = { id: null, pid: null, node: null, start: null, interval: null, elapsed: null };
  return { ...nothing, cpu: null, thread: null, profiler: null, block: null, root: null, ...known };
}

export function requestFactsOf(known: Partial<RequestFacts>): RequestFacts {
  const facts = {
    method: 'GET',
    url: '/',
    route: null,
    status: 200,
    aborted: false,
    cut: false,
    start: null,
    elapsed: null,
  };
  return {
    ...facts,
    busy: null,
    profiler: null,
    skipped: null,
    others: null,
    unattributed: null,
    worker: null,
    number: null,
    ...known,
  };
}

function infoOf({ name, file = '/srv/app/main.js', line = 1, column = 0, kind }: Timed, usual: FunctionInfo['kind']) {
  return { kind: kind ?? usual, name, file, line, column };
}

// ---- noise -----------------------------------------------------------------------------------------------------------

/** A seeded random source. */
export class Chance {
  readonly #below: (below: number) => number;

  constructor(seed: string) {
    this.#below = seeded(seed);
  }

  /** Above 0 and up to 1. */
  uniform(): number {
    return (this.#below(2 ** 30) + 1) / 2 ** 30;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Near 1, never below 0. */
  lognormal(spread: number): number {
    return Math.exp(spread * this.normal());
  }

  /** A number of samples with this mean. */
  poisson(mean: number): number {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.uniform();
    let count = 0;
    while (product > limit) {
      product *= this.uniform();
      count++;
    }
    return count;
  }
}

export interface Program {
  /** Functions; the lightest carries enough weight to be tested. */
  readonly functions: number;
  /** Spread of a function in a run, beyond that of the run. */
  readonly noise: number;
  /** Spread of a whole run: what the machine, a heap and a compiler do to all functions alike. */
  readonly runNoise: number;
  /** Samples of a run; none: calls are counted. */
  readonly samples?: number;
  /** By how much the time of `f0` is multiplied. */
  readonly change?: number;
  /** By how much the time of all functions is multiplied. */
  readonly all?: number;
}

/** Runs of such a program. */
export function simulate(count: number, chance: Chance, program: Program): Stats[] {
  return Array.from({ length: count }, (_, run) => simulateRun(chance, program, `run-${run}`));
}

function simulateRun(chance: Chance, program: Program, source: string): Stats {
  const { functions, noise, runNoise, samples, change = 1, all = 1 } = program;
  const ofRun = all * chance.lognormal(runNoise);
  // Weights of 1 to 4, so that one of sixty holds 0.7 % at least.
  const weights = Array.from({ length: functions }, (_, i) => (1 + (3 * i) / functions) * (i === 0 ? change : 1));
  const usual = functions * 2.5;
  const list = weights.map((weight, i) => {
    const share = (weight / usual) * ofRun * chance.lognormal(noise);
    return {
      name: `f${i}`,
      line: i + 1,
      time: 100_000 * share,
      calls: samples === undefined ? 1 : chance.poisson(samples * share),
    };
  });
  return samples === undefined ? tracedRun(list, source) : sampledRun(list, { source });
}
