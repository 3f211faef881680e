/** speedscope → RawProfile. A profile of the file is a thread. */

import { getOrInsert } from '../../base/maps.ts';
import type { FunctionIndex } from '../../model/function-table.ts';
import type { RawStacksProfile } from '../../model/raw-profile.ts';
import { brokenField, wrongType } from '../errors.ts';
import type { Recording } from '../format.ts';
import {
  integerAt,
  integerIn,
  type JsonObject,
  listAt,
  numberAt,
  numberIn,
  objectAt,
  optionalNumber,
  optionalString,
} from '../json.ts';
import { amountPerUnit, unitOf } from '../stacks/amounts.ts';
import { functionFrom, StackBuilder } from '../stacks/stack-builder.ts';
import { StackLimits } from '../stacks/stack-limits.ts';

/** Throws PstatError (`malformed`). */
export function readSpeedscope(value: unknown): readonly Recording[] {
  const file = objectAt(value, 'the file');
  const frames = listAt(objectAt(file['shared'], 'shared')['frames'], 'shared.frames').map(readFrame);
  const profiles = listAt(file['profiles'], 'profiles').map((each, i) => objectAt(each, `profiles[${i}]`));
  if (profiles.length === 0) throw brokenField('profiles', 'is empty');
  const exporter = optionalString(file['exporter'], '', 'exporter');
  const limits = new StackLimits();
  return profiles.map((profile, i) => {
    const name = optionalString(profile['name'], `profile ${i + 1}`, `profiles[${i}].name`);
    const thread = profiles.length === 1 ? null : { process: null, name, pid: null, tid: null };
    return { thread, profile: readProfile(profile, frames, { place: `profiles[${i}]`, exporter, limits }) };
  });
}

type Frame = ReturnType<typeof functionFrom>;

function readFrame(value: unknown, i: number): Frame {
  const place = `shared.frames[${i}]`;
  const frame = objectAt(value, place);
  return functionFrom({
    name: optionalString(frame['name'], '', `${place}.name`),
    file: optionalString(frame['file'], '', `${place}.file`),
    line: positionAt(frame['line'], `${place}.line`),
    column: positionAt(frame['col'], `${place}.col`),
  });
}

/** 1-based; 0 if the file does not say. */
function positionAt(value: unknown, place: string): number {
  return value === undefined || value === null ? 0 : Math.max(0, integerAt(value, place));
}

interface ProfileContext {
  readonly place: string;
  readonly exporter: string;
  readonly limits: StackLimits;
}

function readProfile(
  profile: JsonObject,
  frames: readonly Frame[],
  { place, exporter, limits }: ProfileContext,
): RawStacksProfile {
  const unit = optionalString(profile['unit'], 'none', `${place}.unit`);
  const builder = new StackBuilder(limits);
  const reading = { builder, scale: amountPerUnit(unit), place, functionOf: frameFunctions(frames, builder) };
  const type = profile['type'];
  if (type === 'sampled') readSampled(profile, reading);
  else if (type === 'evented') readEvented(profile, reading);
  else throw wrongType(`${place}.type`, "'sampled' or 'evented'", type);
  const about = {
    format: `speedscope profile${exporter === '' ? '' : ` (${exporter})`}`,
    unit: unitOf(unit),
    // py-spy writes the line that was executing.
    linesAreSampled: exporter.startsWith('py-spy'),
  };
  return builder.finish(about);
}

interface Reading {
  readonly builder: StackBuilder;
  /** µs in the file's unit */
  readonly scale: number;
  readonly place: string;
  readonly functionOf: (frame: number, place: () => string) => FunctionIndex;
}

function frameFunctions(frames: readonly Frame[], { functions }: StackBuilder): Reading['functionOf'] {
  const known = new Map<number, FunctionIndex>();
  return (frame, place) =>
    getOrInsert(known, frame, () => {
      const info = frames[frame];
      if (info === undefined) throw brokenField(place(), `names frame ${frame}, which is not in shared.frames`);
      return functions.intern(info);
    });
}

function readSampled(profile: JsonObject, { builder, scale, place, functionOf }: Reading): void {
  const samples = listAt(profile['samples'], `${place}.samples`);
  const weights = listAt(profile['weights'], `${place}.weights`);
  if (weights.length !== samples.length) {
    throw brokenField(`${place}.weights`, `has ${weights.length} entries, and samples has ${samples.length}`);
  }
  let time = 0;
  samples.forEach((value, i) => {
    const stack = listAt(value, `${place}.samples[${i}]`);
    const weight = numberIn(weights, i, `${place}.weights`) * scale;
    if (weight < 0) throw brokenField(`${place}.weights[${i}]`, 'is negative');
    let node = builder.root;
    for (let depth = 0; depth < stack.length; depth++) {
      const frame = integerIn(stack, depth, `${place}.samples[${i}]`);
      node = builder.child(
        node,
        functionOf(frame, () => `${place}.samples[${i}][${depth}]`),
      );
    }
    builder.add({ node: stack.length === 0 ? builder.idle() : node, time, amount: weight, hits: 1 });
    time += weight;
  });
}

/** Between two events the open functions are the stack. */
function readEvented(profile: JsonObject, { builder, scale, place, functionOf }: Reading): void {
  const events = listAt(profile['events'], `${place}.events`);
  const start = optionalNumber(profile['startValue'], `${place}.startValue`) ?? 0;
  const open: { readonly node: number; readonly frame: number }[] = [];
  let before = start;
  events.forEach((value, i) => {
    const where = `${place}.events[${i}]`;
    const event = objectAt(value, where);
    const moment = numberAt(event['at'], `${where}.at`);
    if (moment < before) throw brokenField(`${where}.at`, 'is earlier than the event before');
    if (moment > before) {
      const node = open.at(-1)?.node ?? builder.idle();
      const [time, amount] = [(before - start) * scale, (moment - before) * scale];
      builder.add({ node, time, amount, hits: Number.NaN });
    }
    before = moment;
    const frame = integerAt(event['frame'], `${where}.frame`);
    if (event['type'] === 'O') {
      const node = builder.child(
        open.at(-1)?.node ?? builder.root,
        functionOf(frame, () => `${where}.frame`),
      );
      open.push({ node, frame });
    } else if (event['type'] !== 'C') throw wrongType(`${where}.type`, "'O' or 'C'", event['type']);
    else if (open.pop()?.frame !== frame) throw brokenField(where, `closes frame ${frame}, which is not the innermost`);
  });
}
