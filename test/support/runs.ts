/** Runs of a program that was never run: Stats from figures, and sets of them that differ by noise and by what a test says. */

import { type FunctionInfo, FunctionTableBuilder } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { Profile } from '../../src/model/profile.ts';
import { Stats } from '../../src/query/stats.ts';
import { seeded } from './seeded.ts';

/** A function of a run: what it is called, where it stands, and its own time. */
export interface Timed {
  readonly name: string;
  /** @default '/srv/app/main.js' */
  readonly file?: string;
  /** @default 1 */
  readonly line?: number;
  readonly column?: number;
  /** µs */
  readonly time?: number;
  /** @default 1 */
  readonly calls?: number;
  /** @default as the run says */
  readonly kind?: FunctionInfo['kind'];
}

/** A run in which every call was counted. */
export function tracedRun(functions: readonly Timed[], source = 'run.prof'): Stats {
  return new Stats(tracedProfile(functions, source));
}

export function tracedProfile(functions: readonly Timed[], source = 'run.prof'): Profile {
  const table = new FunctionTableBuilder();
  const rows = Int32Array.from(functions, (fn) => table.intern(infoOf(fn, 'python')));
  const calls = functions.map((fn) => fn.calls ?? 1);
  const seconds = functions.map((fn) => (fn.time ?? 0) / 1e6);
  return normalize(
    {
      counts: 'calls',
      format: 'Python profile',
      executingLines: false,
      functions: table.finish(),
      rows,
      figures: { selfCount: calls, totalCount: calls, self: seconds, total: seconds },
      callers: new Int32Array(),
      callees: new Int32Array(),
      edgeFigures: { selfCount: [], totalCount: [], self: [], total: [] },
      notes: [],
    },
    source,
  );
}

export interface Sampling {
  readonly source?: string;
  /** µs */
  readonly interval?: number;
}

/** A run that was sampled; `calls` are the samples with the function on top, its time what they make. */
export function sampledRun(functions: readonly Timed[], sampling: Sampling = {}): Stats {
  return new Stats(sampledProfile(functions, sampling));
}

export function sampledProfile(
  functions: readonly Timed[],
  { source = 'run.cpuprofile', interval = 1000 }: Sampling = {},
): Profile {
  const table = new FunctionTableBuilder();
  const root = table.intern({ kind: 'root', name: '(root)', file: '', line: 0, column: 0 });
  const rows = functions.map((fn) => table.intern(infoOf(fn, 'js')));
  const samples = Int32Array.from(functions.flatMap((fn, i) => new Array<number>(fn.calls ?? 1).fill(i + 1)));
  return normalize(
    {
      counts: 'samples',
      format: 'drawing',
      executingLines: false,
      functions: table.finish(),
      nodes: {
        length: rows.length + 1,
        parent: Int32Array.of(-1, ...rows.map(() => 0)),
        function: Int32Array.of(root, ...rows),
        hitCount: null,
      },
      samples,
      times: Float64Array.from(samples, (_, i) => i * interval),
      duration: samples.length * interval,
      notes: [],
    },
    source,
  );
}

function infoOf({ name, file = '/srv/app/main.js', line = 1, column = 0, kind }: Timed, usual: FunctionInfo['kind']) {
  return { kind: kind ?? usual, name, file, line, column };
}

// ---- noise -----------------------------------------------------------------------------------------------------------

/** A seeded source of chance. */
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

  /** How many samples fall where `mean` are expected. */
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
  /** Noise of a function in a run, beyond that of the machine. */
  readonly noise: number;
  /** The machine is up to this much faster or slower in a run. */
  readonly machine: number;
  /** Samples of a run; none: calls are counted. */
  readonly samples?: number;
  /** By how much the time of `f0` is multiplied. */
  readonly change?: number;
  /** How much slower the machine is in all of these runs. */
  readonly slower?: number;
}

/** Runs of such a program. */
export function simulate(count: number, chance: Chance, program: Program): Stats[] {
  return Array.from({ length: count }, (_, run) => simulateRun(chance, program, `run-${run}`));
}

function simulateRun(chance: Chance, program: Program, source: string): Stats {
  const { functions, noise, machine, samples, change = 1, slower = 1 } = program;
  const speed = slower * (1 + machine * (2 * chance.uniform() - 1));
  // Weights of 1 to 4, so that one of sixty holds 0.7 % at least.
  const weights = Array.from({ length: functions }, (_, i) => (1 + (3 * i) / functions) * (i === 0 ? change : 1));
  const whole = functions * 2.5;
  const list = weights.map((weight, i) => {
    const share = (weight / whole) * speed * chance.lognormal(noise);
    return {
      name: `f${i}`,
      line: i + 1,
      time: 100_000 * share,
      calls: samples === undefined ? 1 : chance.poisson(samples * share),
    };
  });
  return samples === undefined ? tracedRun(list, source) : sampledRun(list, { source });
}
