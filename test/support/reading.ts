/** Reads bytes and returns the profile as plain values; checks the two possible outcomes of reading. */

import type { ReadFormatOptions } from '../../src/formats/format.ts';
import type { WritableFormat } from '../../src/formats/registry.ts';
import {
  buildCallGraph,
  type CallGraph,
  type CallTree,
  type Count,
  type FunctionKind,
  type Profile,
  PstatError,
  readProfile,
  type StacksProfile,
  Stats,
} from '../../src/index.ts';
import { readRecordingsAs } from '../../src/input/read-recordings.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import { noteTexts } from './notes.ts';

export interface Row {
  readonly kind: FunctionKind;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly self: number;
  readonly total: number;
  readonly selfCount: Count;
  readonly totalCount: Count;
}

/** Every row, `(idle)` too, as the call graph has them: times in µs (sampled) or seconds (traced), NaN for not known. */
export function rowsOf(profile: Profile): Row[] {
  const graph = buildCallGraph(profile);
  return Array.from(graph.rows, (fn) => ({
    kind: known(graph.functions.kind[fn]),
    name: known(graph.functions.name[fn]),
    file: known(graph.functions.file[fn]),
    line: known(graph.functions.line[fn]),
    column: known(graph.functions.column[fn]),
    self: known(graph.metrics.self[fn]),
    total: known(graph.metrics.total[fn]),
    selfCount: known(graph.metrics.selfCount[fn]),
    totalCount: known(graph.metrics.totalCount[fn]),
  }));
}

/** Rows with figures in the order of a .prof's entry: cc, nc, tt, ct. */
export function profTableOf(profile: Profile): unknown[][] {
  return rowsOf(profile).map(({ file, line, name, totalCount, selfCount, self, total }) => [
    file,
    line,
    name,
    totalCount,
    selfCount,
    self,
    total,
  ]);
}

/** The rows in short form: `main 1000/4700`. */
export function timesOf(profile: Profile): string[] {
  return rowsOf(profile).map(({ name, self, total }) => `${name} ${self}/${total}`);
}

/** Every edge: `handle -> work` with its metrics. */
export function edgesOf(
  profile: Profile,
): { pair: string; selfCount: Count; totalCount: Count; self: number; total: number }[] {
  const { edges, functions } = buildCallGraph(profile);
  return Array.from({ length: edges.length }, (_, at) => ({
    pair: `${functions.name[edges.caller[at] ?? -1]} -> ${functions.name[edges.callee[at] ?? -1]}`,
    selfCount: known(edges.selfCount[at]),
    totalCount: known(edges.totalCount[at]),
    self: known(edges.self[at]),
    total: known(edges.total[at]),
  }));
}

export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('not in the table');
  return value;
}

/** Returns the profile or the PstatError. Rethrows any other error. */
export function attempt(bytes: Uint8Array, source = 'file'): Profile | PstatError {
  try {
    return readProfile(bytes, source);
  } catch (error) {
    if (error instanceof PstatError) return error;
    throw error;
  }
}

/** Returns the error of invalid bytes. */
export function refusalOf(bytes: Uint8Array, source = 'file'): PstatError {
  const outcome = attempt(bytes, source);
  if (outcome instanceof PstatError) return outcome;
  throw new Error(`${source} was read`);
}

/**
 * Checks what holds for any bytes: an error is one line without control characters; a profile can be queried, and its
 * time adds up. Throws otherwise.
 */
export function examine(outcome: Profile | PstatError): void {
  if (outcome instanceof PstatError) {
    if (outcome.message === '' || outcome.message.length > MAX_MESSAGE_LENGTH || hasControl(outcome.message)) {
      throw new Error(`no message for a person: ${JSON.stringify(outcome.message.slice(0, 2000))}`);
    }
    return;
  }
  for (const note of noteTexts(outcome)) if (hasControl(note)) throw new Error(`note: ${JSON.stringify(note)}`);
  for (const { name } of new Stats(outcome).functions().rows) if (typeof name !== 'string') throw new Error('no name');
  if ('callTree' in outcome) examineLaw(outcome, buildCallGraph(outcome));
}

const MAX_MESSAGE_LENGTH = 1000;

/**
 * duration = beforeFirstSample + counted + idle + excluded + afterLastSample: exact for whole µs, to a relative 1e-12 for
 * fractional ones. If the file has no times, all are unknown, with a note.
 */
function examineLaw(
  {
    callTree: paths,
    beforeFirstSample: head,
    afterLastSample: tail,
    excluded: outside,
    duration,
    notes,
  }: StacksProfile,
  graph: CallGraph,
): void {
  const times = paths.self.subarray(0, paths.length);
  if (times.some(Number.isNaN)) {
    if (!times.every(Number.isNaN) || !Number.isNaN(duration)) throw new Error('some times are not known');
    if (notes.length === 0) throw new Error('no time is known, and nothing says so');
    return;
  }
  const sum = times.reduce((before, time) => before + time, 0);
  const { counted: whole, idle } = graph.sums;
  if (times.some((time) => time < 0)) throw new Error(`a self time of ${Math.min(...times)}`);
  if (!closeTo(whole + (idle ?? Number.NaN), sum))
    throw new Error(`rows add up to ${whole} + ${idle}, nodes to ${sum}`);
  // beforeFirstSample is negative if the first sample is before startTime.
  if (!Number.isFinite(head) || !(tail >= 0)) throw new Error(`head ${head}, tail ${tail}`);
  examineLines(paths);
  if (Number.isNaN(duration)) return;
  const parts = head + sum + outside + tail;
  if (!closeTo(parts, duration)) throw new Error(`${head} + ${sum} + ${outside} + ${tail} is not ${duration}`);
}

/** A node's lines are ascending and add up to the node's time and samples, or to less. */
function examineLines({ lines, self, samples, length }: CallTree): void {
  if (lines === null) return;
  for (let node = 0; node < length; node++) {
    const [start = 0, end = 0] = lines.start.subarray(node, node + 2);
    const sum = (column: Float64Array) => column.subarray(start, end).reduce((all, value) => all + value, 0);
    const time = known(self[node]);
    if (sum(lines.self) > time && !closeTo(sum(lines.self), time)) throw new Error(`lines of node ${node}: too long`);
    if (sum(lines.samples) > known(samples[node])) throw new Error(`lines of node ${node}: too many samples`);
    if (lines.self.subarray(start, end).some((value) => value < 0)) throw new Error('a negative time of a line');
    const listed = [...lines.line.subarray(start, end)];
    if (listed.some((line, i) => line < 1 || line <= (listed[i - 1] ?? 0))) throw new Error(`lines ${listed}`);
  }
}

function closeTo(a: number, b: number): boolean {
  const exact = Number.isInteger(a) && Number.isInteger(b) && Math.max(a, b) < Number.MAX_SAFE_INTEGER;
  return exact ? a === b : Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether the text has characters that a terminal interprets: C0 and C1 controls, line separators, bidirectional marks. */
export function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text);
}

/** The profiles in what a writer of pstat wrote, all threads, by the reader of the format. */
export function readWritten(
  bytes: Uint8Array,
  { name, reader, writer }: WritableFormat,
  options: ReadFormatOptions = {},
): Profile[] {
  if (reader === undefined) return [];
  const recordings = readRecordingsAs(reader, bytes, { ...writer.readBack, ...options });
  return recordings.map(({ profile }) => normalize(profile, name));
}
