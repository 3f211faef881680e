/** What can be asked of the per-request profiler, and the same checked and with every default filled in. */

import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import type { Microseconds } from '../../model/raw-profile.ts';
import { badProfilerOption, unknownProfilerOption } from './errors.ts';
import { DEFAULT_NAME, type FileNamer, namer, type ServedRequest } from './file-name.ts';

export interface ProfilerOptions {
  /** The folder of the files. It is made when the first one is written. */
  readonly dir: string;
  /**
   * How a file is called: a format of `{method}`, `{path}`, `{elapsed}` (ms, six digits), `{time}` (seconds since 1970),
   * `{status}` and `{pid}`, or a function. What a file name cannot hold is replaced, and a file that is there is never
   * replaced: a number follows the name.
   * @default '{method}.{path}.{elapsed}ms.{time}.cpuprofile'
   */
  readonly name?: string | ((request: ServedRequest) => string);
  /** Which requests are wanted. Asked when one begins. @default all */
  readonly when?: (request: IncomingMessage) => boolean;
  /** One in so many of the wanted ones, the first among them. @default 1 */
  readonly oneIn?: number;
  /** Only those that took longer, in ms, leave a file. @default 0 */
  readonly slowerThan?: number;
  /**
   * `one`: while a request is profiled, others pass and are counted as skipped. `split`: any number at once, each with
   * the samples of its own.
   * @default 'one'
   */
  readonly concurrency?: 'one' | 'split';
  /** µs between two samples. @default 1000 */
  readonly interval?: number;
  /** Seconds after which the profile of a request that is still served (a stream of events, say) is ended. @default 600 */
  readonly longest?: number;
}

export interface Settings {
  /** Absolute: the program may change its folder. */
  readonly dir: string;
  readonly name: FileNamer;
  readonly when: (request: IncomingMessage) => boolean;
  readonly oneIn: number;
  readonly slowerThan: Microseconds;
  readonly concurrency: 'one' | 'split';
  readonly interval: Microseconds;
  readonly longest: Microseconds;
}

/** Throws PstatError (`query`) that names the option which cannot be followed. */
export function settingsOf(options: ProfilerOptions): Settings {
  for (const option of Object.keys(options)) {
    if (!OPTIONS.includes(option)) throw unknownProfilerOption(option, OPTIONS);
  }
  const { dir, name = DEFAULT_NAME, when = () => true, concurrency = 'one' } = options;
  if (typeof dir !== 'string' || dir === '') throw badOption('dir', 'must name a folder');
  if (typeof when !== 'function') throw badOption('when', 'must be a function');
  if (concurrency !== 'one' && concurrency !== 'split') throw badOption('concurrency', "must be 'one' or 'split'");
  return {
    dir: path.resolve(dir),
    name: namer(name),
    when,
    concurrency,
    oneIn: integer('oneIn', options.oneIn ?? 1, 1),
    slowerThan: number('slowerThan', options.slowerThan ?? 0, 0) * 1000,
    interval: integer('interval', options.interval ?? 1000, SHORTEST_INTERVAL),
    longest: number('longest', options.longest ?? 600, 0.001) * 1e6,
  };
}

const OPTIONS: readonly string[] = [
  'dir',
  'name',
  'when',
  'oneIn',
  'slowerThan',
  'concurrency',
  'interval',
  'longest',
] satisfies (keyof ProfilerOptions)[];

/** µs; below it V8's thread does nothing but wake up. */
const SHORTEST_INTERVAL = 50;

function integer(option: string, value: number, least: number): number {
  if (!Number.isInteger(value)) throw badOption(option, 'must be a whole number');
  return number(option, value, least);
}

function number(option: string, value: number, least: number): number {
  if (typeof value === 'number' && value >= least) return value;
  throw badOption(option, `must be a number, ${least} or more`);
}

function badOption(option: string, demand: string): Error {
  return badProfilerOption(option, variableOf(option), demand);
}

/** The variable of the environment that sets the option for the preload: `PSTAT_PROFILE_ONE_IN` for `oneIn`. */
export function variableOf(option: string): string {
  return `PSTAT_PROFILE_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
