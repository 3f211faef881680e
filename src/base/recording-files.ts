/** Parses the names of recordings. Node names them CPU.<date>.<time>.<pid>.<tid>.<number>.cpuprofile. */

import { getOrInsert } from './maps.ts';

/** Profiles, heap profiles, heap snapshots and reports of a process share one sequence of numbers. */
const NODE_NAME =
  /^(.*[\\/])?(?:CPU|Heap|report)\.(\d{8})\.\d{6}\.(\d+)\.\d+\.(\d{3,})\.(cpuprofile|heapprofile|heapsnapshot|json)(?:\.gz)?$/s;

/**
 * Returns each process that has several files here and some missing. A process numbers its files from 001 as
 * its threads start, and need not record all threads, so a gap does not prove that a thread's time is missing. Numbers
 * of other kinds of files are not gaps.
 *
 * @param beside other files in the folders of the recordings
 */
export function findMissingFiles(sources: readonly string[], beside: readonly string[] = []): MissingFiles[] {
  const processes = new Map<string, ProcessFiles>();
  for (const { process, pid, number } of sources.flatMap((source) => parseProcessFile(source) ?? [])) {
    const known = getOrInsert(processes, process, () => ({ pid, recorded: new Set(), others: new Set() }));
    known.recorded.add(number);
  }
  for (const { process, kind, number } of beside.flatMap((name) => parseNodeFileName(name) ?? []))
    if (kind !== 'cpuprofile') processes.get(process)?.others.add(number);
  return [...processes.values()].flatMap(missingFiles);
}

/** The numbers of files that a process wrote and that are not here. */
export interface MissingFiles {
  readonly pid: string;
  readonly numbers: readonly number[];
}

/** The file numbers of a process. */
interface ProcessFiles {
  readonly pid: string;
  readonly recorded: Set<number>;
  readonly others: Set<number>;
}

function missingFiles({ pid, recorded, others }: ProcessFiles): MissingFiles[] {
  if (recorded.size < 2) return [];
  const last = [...recorded].reduce((most, number) => Math.max(most, number));
  // A name may contain any number: do not allocate an array up to it.
  if (last - recorded.size - others.size > MAX_MISSING) return [];
  const all = Array.from({ length: last }, (_, i) => i + 1);
  const numbers = all.filter((number) => !recorded.has(number) && !others.has(number));
  return numbers.length === 0 || numbers.length > MAX_MISSING ? [] : [{ pid, numbers }];
}

/** With more missing files than this, the user selected the files on purpose. */
const MAX_MISSING = 20;

/** Returns the name of a file that is being written. Nobody can guess it, and reading a folder skips it. */
export function temporaryName(random: string): string {
  return `.pstat-${random}.tmp`;
}

/**
 * Whether a file is written in place, and not replaced by one that is complete: a device or a pipe, and the links of /dev,
 * which a rename would replace for everybody (`/dev/stdout`).
 *
 * @param found what the name leads to; null for nothing
 */
export function isWrittenInPlace(file: string, found: { isFile(): boolean } | null): boolean {
  return file.startsWith('/dev/') || found?.isFile() === false;
}

export function isTemporaryName(name: string): boolean {
  return /^\.pstat-[\da-f]+\.tmp$/.test(name);
}

/** Beside profiles: what they cannot hold. */
export const RUNS_FILE = 'runs.json';

/** The contents of a request profile's name. */
export interface RequestName {
  /** Null if the name has none, as with django-extensions. */
  readonly method: string | null;
  /** The path with dots instead of slashes, such as `resource_providers.7`; `root` for `/`. */
  readonly dottedPath: string;
  /** µs. */
  readonly elapsed: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/**
 * Returns null for other names. pstat and Werkzeug write `GET.users.000108ms.1552408596.prof`, the latter `108ms` in some
 * versions; django-extensions writes `users.000108ms.1552408596.prof`, or what its option names: `1552408596-users-108ms.prof`.
 */
export function parseRequestName(source: string): RequestName | null {
  const [, stem] = /([^\\/]+)\.(?:prof|cpuprofile)(?:\.gz)?$/.exec(source.slice(-MAX_NAME_LENGTH)) ?? [];
  if (stem === undefined) return null;
  const [, first, ms, seconds] = /^(.+?)\.(\d+)ms\.(\d{9,})(?:\.\d+)?$/s.exec(stem) ?? parseFreeName(stem) ?? [];
  if (first === undefined) return null;
  const [, method = null, dottedPath = first] = /^([A-Z]+)\.(.+)$/s.exec(first) ?? [];
  return { method, dottedPath, elapsed: Math.round(Number(ms) * 1000), time: Number(seconds) };
}

/** File systems allow 255 bytes. */
const MAX_NAME_LENGTH = 300;

/** A path, a duration and a time in any order: returns the name and the three. */
function parseFreeName(name: string): [string, string, string, string] | null {
  const duration = /(?:^|[-._])(\d+)ms(?=$|[-._])/.exec(name);
  const time = /(?:^|[-._])(\d{9,11})(?=$|[-._])/.exec(name);
  if (duration === null || time === null) return null;
  const path = name
    .replace(duration[0], '')
    .replace(time[0], '')
    .replace(/^[-._]+/, '');
  return path === '' ? null : [name, path, duration[1] ?? '', time[1] ?? ''];
}

/** Returns the time of recording in seconds, comparable between recordings of one kind; null if the name has none. */
export function parseRecordingTime(source: string): number | null {
  const request = parseRequestName(source);
  if (request !== null) return request.time;
  const [, day, time] = /CPU\.(\d{8})\.(\d{6})\.\d+\.\d+\.\d{3,}\.cpuprofile(?:\.gz)?$/.exec(source) ?? [];
  return day === undefined || time === undefined ? null : parseDateTime(day, time);
}

/** `20261122` and `072148` as seconds. */
function parseDateTime(day: string, time: string): number {
  const [year = '', month = '', date = ''] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  const [hour = '', minute = '', second = ''] = [time.slice(0, 2), time.slice(2, 4), time.slice(4)];
  return Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second)) / 1000;
}

/** A file of a process, one for each recorded thread. */
export interface ProcessFile {
  /** Identifies the process. */
  readonly process: string;
  readonly pid: string;
  readonly number: number;
}

/** Returns null for names that are not those of Node's CPU profiles. */
export function parseProcessFile(source: string): ProcessFile | null {
  const file = parseNodeFileName(source);
  return file?.kind === 'cpuprofile' ? file : null;
}

function parseNodeFileName(name: string): (ProcessFile & { readonly kind: string }) | null {
  const [, folder = '', day, pid, number, kind] = NODE_NAME.exec(name) ?? [];
  if (pid === undefined || kind === undefined) return null;
  // In containers processes have the same pid, but usually different folders or days.
  return { process: JSON.stringify([folder, day, pid]), pid, number: Number(number), kind };
}
