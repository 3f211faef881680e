/**
 * Folded stacks → RawProfile. The last space of a line separates the stack from its count, which may be a fraction; lines
 * that begin with `#` and a space are comments.
 *
 * A count has no unit: flame graphs count samples, austin µs. A frame is a name, or has its place: `name (file:line)` of
 * py-spy, `file:name:line` of austin.
 */

import { asBuffer } from '../../base/bytes.ts';
import { getOrInsert } from '../../base/maps.ts';
import type { FunctionInfo } from '../../model/function-table.ts';
import type { RawStacksProfile } from '../../model/raw-profile.ts';
import { brokenField, unknownValueType, wrongType } from '../errors.ts';
import type { ReadFormatOptions, Recording } from '../format.ts';
import { partsOf } from '../lines.ts';
import { functionFrom, StackBuilder } from '../stacks/stack-builder.ts';

/** The beginning of a file that is looked at. */
const HEAD_BYTES = 65_536;

const NEWLINE = 0x0a;

/** µs in a unit that --value names. */
const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, ns: 1e-3 };

const LINE = /^(\S.*) (\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*$/;

/** Whether the first lines are stacks with counts and at least one has several frames, or is of one of V8's own nodes. */
export function beginsLikeFolded(bytes: Uint8Array): boolean {
  if (bytes.subarray(0, HEAD_BYTES).includes(0)) return false;
  // A stack may be longer than the head: that of a deep recursion.
  const length = Math.max(HEAD_BYTES, 1 + bytes.indexOf(NEWLINE));
  const lines = textOf(bytes.subarray(0, length)).split('\n');
  const complete = (bytes.length > length ? lines.slice(0, -1) : lines).filter(isStack).slice(0, 20);
  return (
    complete.length > 0 &&
    complete.every((line) => LINE.test(line)) &&
    complete.some((line) => line.includes(';') || /^\((?:program|garbage collector|anonymous)\) /.test(line))
  );
}

/** Throws PstatError: `malformed`, or `missing-data` for a unit that is not known. */
export function readFolded(bytes: Uint8Array, { value = null }: ReadFormatOptions): readonly Recording[] {
  const text = textOf(bytes);
  const unit = value ?? (/^# (?:austin|mode: (?:wall|cpu))/m.test(text.slice(0, HEAD_BYTES)) ? 'us' : 'samples');
  const scale = unit === 'samples' ? 1 : UNITS[unit];
  if (scale === undefined) throw unknownValueType(unit, ['samples', ...Object.keys(UNITS)]);
  return [{ thread: null, profile: buildProfile(text, scale, unit === 'samples') }];
}

function buildProfile(text: string, scale: number, areSamples: boolean): RawStacksProfile {
  const builder = new StackBuilder();
  const known = new Map<string, number>();
  const functionOf = (frame: string) =>
    getOrInsert(known, frame, () => builder.functions.intern(functionOfFrame(frame)));
  let number = 0;
  for (const line of partsOf(text, '\n')) {
    number++;
    if (!isStack(line)) continue;
    const [, stack = '', count = ''] = LINE.exec(line) ?? [];
    if (stack === '') throw brokenField(`line ${number}`, 'is not a stack and a count, as in main;parse 42');
    const amount = Number(count);
    if (amount > Number.MAX_SAFE_INTEGER) throw wrongType(`the count of line ${number}`, 'a number below 2^53', amount);
    let node = builder.root;
    for (const frame of partsOf(stack, ';')) node = builder.child(node, functionOf(frame));
    builder.add({
      node,
      amount: amount * scale,
      hits: areSamples && /^\d+$/.test(count) ? amount : Number.NaN,
    });
  }
  return builder.finish({ format: 'folded stacks', unit: areSamples ? 'count' : 'us' });
}

/** A comment has a space behind its `#`; `#run` is a private method. */
function isStack(line: string): boolean {
  return line.trim() !== '' && !/^#(?:\s|$)/.test(line);
}

function textOf(bytes: Uint8Array): string {
  return asBuffer(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

/** A name alone does not say that a function is native. */
function functionOfFrame(frame: string): FunctionInfo {
  const info = functionFrom(parseFrame(frame));
  return info.kind === 'native' ? { ...info, kind: 'js' } : info;
}

/** The place of a frame, in the forms of py-spy and austin. */
const PLACES = [/^(?<name>.+) \((?<file>[^()]+):(?<line>\d{1,9})\)$/, /^(?<file>.+):(?<name>[^:]+):(?<line>\d{1,9})$/];

function parseFrame(frame: string): Omit<FunctionInfo, 'kind'> {
  for (const place of frame.length > MAX_FRAME ? [] : PLACES) {
    const { name, file, line } = place.exec(frame)?.groups ?? {};
    if (name !== undefined && file !== undefined) return { name, file, line: Number(line), column: 0 };
  }
  return { name: frame, file: '', line: 0, column: 0 };
}

/** Longer frames are names: no path has this length, and the expressions take more time the longer the text. */
const MAX_FRAME = 4096;
