/** HTML report → the profile that it was made from. */

import { createRequire } from 'node:module';
import { sum } from '../../base/averages.ts';
import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { type Columns, unpackColumns } from '../../base/packed-columns.ts';
import type { CallTree } from '../../model/call-tree.ts';
import { at } from '../../model/columns.ts';
import type { FunctionTable } from '../../model/function-table.ts';
import { unpackEdges } from '../../model/layout/packed-edges.ts';
import { textsOf, unpackFunctions } from '../../model/layout/packed-functions.ts';
import { unpackStacks } from '../../model/layout/packed-stacks.ts';
import type { EdgesProfile, Profile, StacksProfile } from '../../model/profile.ts';
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
    const profile = readProfile(objectAt(head, 'the head'), columns);
    if ('callTree' in profile) readDeferred(profile);
    return [{ thread: null, profile: { normalized: profile } }];
  } catch (error) {
    if (error instanceof BrokenColumnsError) throw brokenReport(error.message);
    throw error;
  }
}

/** Reads the columns that are read on demand: what is wrong with them is said here. */
function readDeferred({ callTree: { samples, selfSquares, lines }, timeline }: StacksProfile): void {
  void [samples, selfSquares, lines, timeline?.time];
}

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
  const common = {
    format: optionalString(facts['format'], 'report', 'profile.format'),
    linesAreSampled: facts['linesAreSampled'] === true,
    sources: [],
    functions,
    notes: readNotes(facts['notes'] ?? []),
  };
  if (columns.has('tree.up')) return stacksProfile(facts, common, columns);
  const counts = facts['counts'] === 'calls' ? 'calls' : 'samples';
  return { ...common, counts, ...unpackEdges(columns, functions.length, head['large']) };
}

type CommonFields = Pick<EdgesProfile, 'format' | 'linesAreSampled' | 'sources' | 'functions' | 'notes'>;

function stacksProfile(facts: JsonObject, common: CommonFields, columns: Columns): StacksProfile {
  const stacks = unpackStacks(columns, common.functions);
  checkRoots(common.functions, stacks.callTree);
  const number = (name: string) => optionalNumber(facts[name], `profile.${name}`);
  const [request, run] = [readRequestMetadata(facts['pstat']), readRunMetadata(facts['pstat'])];
  return {
    ...common,
    counts: 'samples',
    unit: unitOf(facts['unit']),
    ...stacks,
    ...timesOf(facts, stacks),
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
function timesOf(facts: JsonObject, { callTree, timeline }: Pick<StacksProfile, 'callTree' | 'timeline'>) {
  const time = (name: string) => {
    const place = `profile.${name}`;
    const value = timeline === null ? (optionalNumber(facts[name], place) ?? Number.NaN) : numberAt(facts[name], place);
    if (value < 0) throw brokenField(place, 'is negative');
    return value;
  };
  const [duration, excluded] = [time('duration'), time('excluded')];
  const [beforeFirstSample, afterLastSample] = [time('beforeFirstSample'), time('afterLastSample')];
  // Sums of fractions may be off in their last digits.
  const parts = beforeFirstSample + sum(callTree.self) + excluded + afterLastSample;
  if (parts > duration * (1 + 1e-9) + 1e-6) throw brokenReport('adds up to more than its duration');
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
