/** HTML report → the profile that it was made from, or the profiles of a folder. */

import { createRequire } from 'node:module';
import { sum } from '../../base/averages.ts';
import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { type Columns, unpackColumns } from '../../base/packed-columns.ts';
import type { CallTree } from '../../model/call-tree.ts';
import { at, floatAt } from '../../model/columns.ts';
import type { FunctionTable } from '../../model/function-table.ts';
import { type PackedEdges, unpackEdges } from '../../model/layout/packed-edges.ts';
import { textsOf, unpackFunctions } from '../../model/layout/packed-functions.ts';
import { edgesParts, type PartsReader, stacksParts } from '../../model/layout/packed-parts.ts';
import { type PackedStacks, unpackStacks } from '../../model/layout/packed-stacks.ts';
import type { EdgesProfile, Profile, StacksProfile, Timeline } from '../../model/profile.ts';
import { brokenField, brokenReport } from '../errors.ts';
import type { Recording } from '../format.ts';
import { type JsonObject, numberAt, objectAt, optionalList, optionalNumber, optionalString } from '../json.ts';
import { readRequestMetadata } from '../v8/request-metadata.ts';
import { readRunMetadata } from '../v8/run-metadata.ts';
import { DATA_END, DATA_START, GENERATOR } from './markup.ts';
import { readNotes } from './read-notes.ts';

/** The generator is in the first tag after the character set. */
const HEAD_BYTES = 256;

/** What the columns may take unpacked. A profile of half a gigabyte takes a tenth of it. */
const MAX_UNPACKED_BYTES = 2 ** 29;

export function isReport(bytes: Uint8Array): boolean {
  return viewOf(bytes).subarray(0, HEAD_BYTES).includes(GENERATOR);
}

/** Throws PstatError (`malformed`). */
export function readReport(bytes: Uint8Array): readonly Recording[] {
  try {
    const { head, columns } = unpackColumns(unpackedBytes(bytes));
    const facts = objectAt(head, 'the head');
    const whole = readProfile(facts, columns);
    const parts = readParts(facts, columns, whole);
    for (const profile of [whole, ...parts.map((part) => part.profile)])
      if ('callTree' in profile) readDeferred(profile);
    if (parts.length === 0) return [recordingOf(whole)];
    const folderNotes = whole.notes.filter(({ code }) => FOLDER_NOTES.has(code));
    return parts.map(({ profile, name }, i) => ({
      ...recordingOf(profile),
      part: name,
      ...(i === 0 ? { folderNotes } : {}),
    }));
  } catch (error) {
    if (error instanceof BrokenColumnsError) throw brokenReport(error.message);
    throw error;
  }
}

/** Reads the columns that are read on demand: what is wrong with them is said here. */
function readDeferred({ callTree: { samples, selfSquares, lines }, timeline, duration }: StacksProfile): void {
  void [samples, selfSquares, lines];
  if (timeline !== null) checkTimeline(timeline, duration);
}

/** No sample is before or after its recording. */
function checkTimeline({ time, duration: durations }: Timeline, duration: number): void {
  const bad = time.findIndex((start, i) => start < 0 || isLonger(start + floatAt(durations, i), duration));
  if (bad !== -1) throw brokenReport(`has a sample outside of its duration, number ${bad}`);
}

/** Sums of fractions may be off in their last digits. */
function isLonger(sum: number, duration: number): boolean {
  return sum > duration * (1 + 1e-9) + 1e-6;
}

function recordingOf(profile: Profile): Recording {
  return { thread: null, profile: { normalized: profile } };
}

/** Notes on a folder that its profiles do not have. What is missing in it is found again. */
const FOLDER_NOTES: ReadonlySet<string> = new Set([
  'skipped-files',
  'skipped-entries',
  'broken-files',
  'repeated-files',
]);

function unpackedBytes(bytes: Uint8Array): Uint8Array {
  const file = viewOf(bytes);
  const start = file.indexOf(DATA_START);
  const end = file.indexOf(DATA_END, start);
  if (start === -1 || end === -1) throw new BrokenColumnsError('has no end');
  const packed = Buffer.from(file.subarray(start + DATA_START.length, end).toString('latin1'), 'base64');
  const { gunzipSync }: typeof import('node:zlib') = createRequire(import.meta.url)('node:zlib');
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    throw new BrokenColumnsError('is not gzip');
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

function readProfile(head: JsonObject, columns: Columns): Profile {
  const facts = objectAt(head['profile'], 'profile');
  const functions = unpackFunctions(columns, textsOf(head['texts']));
  const common = commonFields(facts, 'profile', functions);
  return columns.has('tree.up')
    ? stacksProfile(facts, 'profile', { ...common, ...unpackStacks(columns, functions) })
    : edgesProfile(facts, { ...common, ...unpackEdges(columns, functions.length, head['large']) });
}

/** The profiles that were merged into the whole, and the names of their files below the folder of all. */
function readParts(head: JsonObject, columns: Columns, whole: Profile) {
  const { functions } = whole;
  const read =
    'callTree' in whole
      ? stacksReader(whole, stacksParts(columns, whole, functions))
      : edgesReader(whole, edgesParts(columns, whole, { functions: functions.length, large: head['large'] }));
  const all = (optionalList(head['parts'], 'parts') ?? []).map((value, i) => objectAt(value, `parts[${i}]`));
  const files = all.map(({ sources }, i) => {
    const [file] = optionalList(sources, `parts[${i}].sources`) ?? [];
    return optionalString(file, `${i}`, `parts[${i}].sources[0]`);
  });
  const folder = commonFolder(files);
  return all.map((facts, i) => ({ profile: read(facts, i), name: at(files, i).slice(folder) }));
}

function stacksReader({ functions, scripts }: StacksProfile, parts: PartsReader<PackedStacks>) {
  return (facts: JsonObject, number: number): Profile => {
    const place = `parts[${number}]`;
    const stacks = parts([number]);
    const profile = stacksProfile(facts, place, { ...commonFields(facts, place, functions), ...stacks });
    return scripts === undefined ? profile : { ...profile, scripts };
  };
}

function edgesReader({ functions }: EdgesProfile, parts: PartsReader<PackedEdges>) {
  return (facts: JsonObject, number: number): Profile =>
    edgesProfile(facts, { ...commonFields(facts, `parts[${number}]`, functions), ...parts([number]) });
}

/** How many characters the folder of all files has, with its last `/`. */
function commonFolder(files: readonly string[]): number {
  const [first = '', ...others] = files;
  let common = first.length;
  for (const file of others) {
    let same = 0;
    while (same < common && file[same] === first[same]) same++;
    common = same;
  }
  return first.slice(0, common).lastIndexOf('/') + 1;
}

type CommonFields = Pick<EdgesProfile, 'format' | 'linesAreSampled' | 'sources' | 'functions' | 'notes'>;

function commonFields(facts: JsonObject, place: string, functions: FunctionTable): CommonFields {
  return {
    format: optionalString(facts['format'], 'report', `${place}.format`),
    linesAreSampled: facts['linesAreSampled'] === true,
    sources: [],
    functions,
    notes: readNotes(facts['notes'] ?? []),
  };
}

function edgesProfile(facts: JsonObject, fields: CommonFields & PackedEdges): EdgesProfile {
  checkRows(fields);
  const run = readRunMetadata(facts['pstat']);
  return {
    ...fields,
    counts: facts['counts'] === 'calls' ? 'calls' : 'samples',
    ...(run === null ? {} : { run }),
  };
}

/** No row is a root, and each has all of its figures. */
function checkRows({ functions, rows, metrics }: CommonFields & PackedEdges): void {
  const root = rows.findIndex((fn) => at(functions.kind, fn) === 'root');
  if (root !== -1) throw brokenReport(`counts a root among its functions, row ${root}`);
  const figures = [metrics.self, metrics.total, metrics.selfCount, metrics.totalCount];
  const unknown = rows.findIndex((_, row) => figures.some((column) => Number.isNaN(at(column, row))));
  if (unknown !== -1) throw brokenReport(`lacks a figure of a function, row ${unknown}`);
}

function stacksProfile(facts: JsonObject, place: string, fields: CommonFields & PackedStacks): StacksProfile {
  checkRoots(fields.functions, fields.callTree);
  const number = (name: string) => optionalNumber(facts[name], `${place}.${name}`);
  const [request, run] = [readRequestMetadata(facts['pstat']), readRunMetadata(facts['pstat'])];
  return {
    ...fields,
    counts: 'samples',
    unit: unitOf(facts['unit']),
    ...timesOf(facts, place, fields),
    interval: number('interval'),
    queued: number('queued'),
    isUndisturbed: facts['isUndisturbed'] === true,
    ...(request === null ? {} : { request }),
    ...(run === null ? {} : { run }),
    ...scriptsOf(facts),
  };
}

/** A root never has time: no table has a row for it. */
function checkRoots(functions: FunctionTable, { self, function: fns }: CallTree): void {
  const bad = fns.findIndex((fn, node) => at(functions.kind, fn) === 'root' && at(self, node) > 0);
  if (bad !== -1) throw brokenReport(`counts time on a root, call node ${bad}`);
}

/** The breakdown. What has samples in order has all times; NaN stands for one that is not known. */
function timesOf(facts: JsonObject, place: string, { callTree, timeline }: PackedStacks) {
  const time = (name: string) => {
    const field = `${place}.${name}`;
    const value = timeline === null ? (optionalNumber(facts[name], field) ?? Number.NaN) : numberAt(facts[name], field);
    if (value < 0) throw brokenField(field, 'is negative');
    return value;
  };
  const [duration, excluded] = [time('duration'), time('excluded')];
  const [beforeFirstSample, afterLastSample] = [time('beforeFirstSample'), time('afterLastSample')];
  const parts = beforeFirstSample + sum(callTree.self) + excluded + afterLastSample;
  if (isLonger(parts, duration)) throw brokenReport('adds up to more than its duration');
  return { duration, beforeFirstSample, afterLastSample, excluded };
}

function unitOf(unit: unknown): StacksProfile['unit'] {
  return unit === 'bytes' || unit === 'count' ? unit : 'us';
}

function scriptsOf(facts: JsonObject): Pick<StacksProfile, 'scripts'> {
  const list = optionalList(facts['scripts'], 'profile.scripts');
  if (list === null) return {};
  const scripts = list.map((value, i) => {
    const script = objectAt(value, `profile.scripts[${i}]`);
    const source = script['source'];
    return {
      url: optionalString(script['url'], '', `profile.scripts[${i}].url`),
      sourceMap: null,
      source: typeof source === 'string' ? source : null,
    };
  });
  return { scripts };
}
