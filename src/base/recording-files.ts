/** What the names of recordings tell: Node calls them CPU.<date>.<time>.<pid>.<tid>.<number>.cpuprofile. */

/** A process numbers all that it writes in one row: profiles, heap profiles and snapshots, and reports. */
const NODE_NAME =
  /^(.*[\\/])?(?:CPU|Heap|report)\.(\d{8})\.\d{6}\.(\d+)\.\d+\.(\d{3,})\.(cpuprofile|heapprofile|heapsnapshot|json)(?:\.gz)?$/s;

/**
 * A note for each process of which several files are here and one is not. A process numbers its files from 001 on, as
 * its threads start; which threads it records is its own choice. So a gap alone does not say that a thread's time is
 * gone. A number that another kind of file has, seen where the recordings were found, is no gap.
 *
 * @param beside files that stood beside the recordings and are none
 */
export function missingFileNotes(sources: readonly string[], beside: readonly string[] = []): string[] {
  const processes = new Map<string, ProcessFiles>();
  for (const { process, pid, number } of sources.flatMap((source) => parseProcessFile(source) ?? [])) {
    const known = processes.get(process) ?? { pid, recorded: new Set(), others: new Set() };
    processes.set(process, known);
    known.recorded.add(number);
  }
  for (const { process, kind, number } of beside.flatMap((name) => parseNodeFileName(name) ?? []))
    if (kind !== 'cpuprofile') processes.get(process)?.others.add(number);
  return [...processes.values()].flatMap(missingFileNote);
}

/** The numbers of a process that are accounted for. */
interface ProcessFiles {
  readonly pid: string;
  readonly recorded: Set<number>;
  readonly others: Set<number>;
}

function missingFileNote({ pid, recorded, others }: ProcessFiles): string[] {
  if (recorded.size < 2) return [];
  const last = [...recorded].reduce((most, number) => Math.max(most, number));
  // A name may say any number: nothing is counted up to it where the answer is none.
  if (last - recorded.size - others.size > MAX_MISSING) return [];
  const numbers = Array.from({ length: last }, (_, i) => i + 1);
  const missing = numbers.filter((number) => !recorded.has(number) && !others.has(number));
  const files = missing.map((number) => String(number).padStart(3, '0')).join(', ');
  return missing.length === 0 || missing.length > MAX_MISSING
    ? []
    : [
        `process ${pid} wrote a file ${files} that is not here: a heap profile or a report, or a thread whose time is not counted`,
      ];
}

/** With more than this many gone, somebody chose the files. */
const MAX_MISSING = 20;

/** What the name of a request's profile tells. */
export interface RequestName {
  /** Null where the name has none, as django-extensions writes it. */
  readonly method: string | null;
  /** With dots for the slashes of the path, as `resource_providers.7`; `root` for none. */
  readonly dottedPath: string;
  /** µs. */
  readonly elapsed: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Null for other names. Both of Werkzeug's forms are read: `000108ms` and `108ms`. */
export function parseRequestName(source: string): RequestName | null {
  const [, route = '', ms, seconds] = REQUEST_NAME.exec(source) ?? [];
  if (route === '') return null;
  const [, method = null, dottedPath = route] = /^([A-Z]+)\.(.+)$/s.exec(route) ?? [];
  return { method, dottedPath, elapsed: Math.round(Number(ms) * 1000), time: Number(seconds) };
}

const REQUEST_NAME = /(?:^|[\\/])([^\\/]+?)\.(\d+)ms\.(\d{9,})(?:\.\d+)?\.(?:prof|cpuprofile)(?:\.gz)?$/;

/** When it was recorded, in seconds of any clock that recordings of one kind share; null where the name does not tell. */
export function parseRecordingTime(source: string): number | null {
  const seconds = REQUEST_NAME.exec(source)?.[3];
  if (seconds !== undefined) return Number(seconds);
  const [, day, time] = /CPU\.(\d{8})\.(\d{6})\.\d+\.\d+\.\d{3,}\.cpuprofile(?:\.gz)?$/.exec(source) ?? [];
  return day === undefined || time === undefined ? null : parseDateTime(day, time);
}

/** `20261122` and `072148` as seconds. */
function parseDateTime(day: string, time: string): number {
  const [year = '', month = '', date = ''] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  const [hour = '', minute = '', second = ''] = [time.slice(0, 2), time.slice(2, 4), time.slice(4)];
  return Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second)) / 1000;
}

/** One of the files of a process, whose main thread and workers belong together. */
export interface ProcessFile {
  /** The same for all files of the process. */
  readonly process: string;
  readonly pid: string;
  readonly number: number;
}

/** Null where the name does not tell, or tells of no CPU profile. */
export function parseProcessFile(source: string): ProcessFile | null {
  const file = parseNodeFileName(source);
  return file?.kind === 'cpuprofile' ? file : null;
}

function parseNodeFileName(name: string): (ProcessFile & { readonly kind: string }) | null {
  const [, folder = '', day, pid, number, kind] = NODE_NAME.exec(name) ?? [];
  if (pid === undefined || kind === undefined) return null;
  // In containers every process has the same number; they write to folders, or days, of their own.
  return { process: JSON.stringify([folder, day, pid]), pid, number: Number(number), kind };
}
