/** The options of the request profiler: validation and defaults. */

import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import type { Microseconds } from '../../model/raw-profile.ts';
import { invalidProfilerOption, unknownProfilerOption } from './errors.ts';
import { createNamer, DEFAULT_NAME, type FileNamer, type ServedRequest } from './file-name.ts';

export interface ProfilerOptions {
  /** The folder of the files. Created with the first file. */
  readonly dir: string;
  /**
   * The name of a file: a format with the fields `{method}`, `{path}`, `{elapsed}` (ms, six digits), `{time}` (seconds
   * since 1970), `{status}` and `{pid}`, or a function. Characters that a file name cannot hold are replaced. If the
   * file exists, a number is added to the name.
   * @default '{method}.{path}.{elapsed}ms.{time}.cpuprofile'
   */
  readonly name?: string | ((request: ServedRequest) => string);
  /** Selects requests. Called when a request begins. @default () => true */
  readonly filter?: (request: IncomingMessage) => boolean;
  /** Profiles the first and then every Nth of the selected requests. @default 1 */
  readonly sampleEvery?: number;
  /** ms. Faster requests leave no file. @default 0 */
  readonly minDuration?: number;
  /** Seconds. Ends the profile of a request that takes longer, such as a stream of events. @default 600 */
  readonly maxDuration?: number;
  /**
   * `single`: profiles one request at a time and counts the others as skipped. `all`: profiles any number at once, each
   * with its own samples.
   * @default 'single'
   */
  readonly concurrency?: 'single' | 'all';
  /** µs between two samples. @default 1000 */
  readonly interval?: number;
  /**
   * Whether files hold the texts of the scripts that have samples, and their source maps. Listing the scripts stops the
   * thread once, with the first file, for 60 to 160 ms. Else only files that are written when the process ends have the maps,
   * of what is transpiled in memory.
   * @default false
   */
  readonly sources?: boolean;
  /** While the folder holds so many files, no request is profiled. @default 100_000 */
  readonly maxFiles?: number;
  /** While the folder holds so many bytes, no request is profiled. @default 2_000_000_000 */
  readonly maxBytes?: number;
}

/** Validated options with all defaults. `dir` is absolute: the program may change its working directory. */
export interface ProfilerSettings extends Required<Omit<ProfilerOptions, 'name' | 'minDuration' | 'maxDuration'>> {
  readonly name: FileNamer;
  readonly minDuration: Microseconds;
  readonly maxDuration: Microseconds;
}

/** Throws PstatError (`query`) that names the invalid option. */
export function resolveOptions(options: ProfilerOptions): ProfilerSettings {
  for (const option of Object.keys(options)) {
    if (!OPTIONS.includes(option)) throw unknownProfilerOption(option, OPTIONS);
  }
  const { dir, name = DEFAULT_NAME, filter = () => true, concurrency = 'single', sources = false } = options;
  if (typeof dir !== 'string' || dir === '') throw invalidOption('dir', 'must name a folder');
  if (typeof filter !== 'function') throw invalidOption('filter', 'must be a function');
  if (concurrency !== 'single' && concurrency !== 'all') {
    throw invalidOption('concurrency', "must be 'single' or 'all'");
  }
  if (typeof sources !== 'boolean') throw invalidOption('sources', 'must be true or false');
  return {
    dir: path.resolve(dir),
    name: createNamer(name),
    filter,
    sampleEvery: checkInteger('sampleEvery', options.sampleEvery ?? 1, 1),
    minDuration: checkNumber('minDuration', options.minDuration ?? 0, 0) * 1e3,
    maxDuration: checkNumber('maxDuration', options.maxDuration ?? 600, 0.001) * 1e6,
    concurrency,
    interval: checkInteger('interval', options.interval ?? 1000, MIN_INTERVAL),
    sources,
    maxFiles: checkInteger('maxFiles', options.maxFiles ?? 100_000, 1),
    maxBytes: checkInteger('maxBytes', options.maxBytes ?? 2_000_000_000, 1),
  };
}

const OPTIONS: readonly string[] = [
  'dir',
  'name',
  'filter',
  'sampleEvery',
  'minDuration',
  'maxDuration',
  'concurrency',
  'interval',
  'sources',
  'maxFiles',
  'maxBytes',
] satisfies (keyof ProfilerOptions)[];

/** µs. With less, V8's sampler takes the thread's whole time. */
const MIN_INTERVAL = 50;

function checkInteger(option: string, value: number, min: number): number {
  if (!Number.isInteger(value)) throw invalidOption(option, 'must be a whole number');
  return checkNumber(option, value, min);
}

function checkNumber(option: string, value: number, min: number): number {
  if (typeof value === 'number' && value >= min) return value;
  throw invalidOption(option, `must be a number, ${min} or more`);
}

function invalidOption(option: string, demand: string): Error {
  return invalidProfilerOption(option, variableOf(option), demand);
}

/** Returns the variable that sets the option for the preload: `PSTAT_PROFILE_SAMPLE_EVERY` for `sampleEvery`. */
export function variableOf(option: string): string {
  return `PSTAT_PROFILE_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
