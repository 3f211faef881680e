/**
 * Profiles → one speedscope file. A profile with sample times keeps their order, so that the time view is right; idle time
 * is an empty stack there. Without times there is one sample a node. Times are µs.
 */

import { sum } from '../../base/averages.ts';
import { getOrInsert } from '../../base/maps.ts';
import { decodeFileUrl } from '../../base/url.ts';
import { VERSION } from '../../base/version.ts';
import { at } from '../../model/columns.ts';
import { type FunctionIndex, FunctionTableBuilder, functionAt } from '../../model/function-table.ts';
import type { Profile } from '../../model/profile.ts';
import type { Part, WriteOptions, WrittenFile } from '../format.ts';
import {
  isWrittenKind,
  nodesAsSamples,
  requireSmallStacks,
  requireStacks,
  stackOf,
  writtenName,
  writtenStacks,
} from '../stacks/written-stacks.ts';
import { SCHEMA_URL } from './speedscope.ts';

/** The names of speedscope. */
const UNITS = { us: 'microseconds', bytes: 'bytes', count: 'none' } as const;

/** Indices of frames, outermost first, and µs. */
interface WeightedStacks {
  readonly samples: (readonly number[])[];
  readonly weights: number[];
}

/** Throws PstatError (`missing-data`) for an edges profile, and for one without times. */
export function writeSpeedscope(parts: readonly Part[], options: WriteOptions): WrittenFile {
  const frames = new FunctionTableBuilder();
  const profiles = parts.map(({ profile, name }) => {
    const frameOf = frameLookup(profile, frames);
    const { samples, weights } = weightedStacks(profile, frameOf, options);
    const endValue = sum(weights);
    return {
      type: 'sampled',
      name,
      unit: UNITS[requireStacks(profile).unit],
      startValue: 0,
      endValue,
      samples,
      weights,
    };
  });
  const functions = frames.finish();
  const file = {
    $schema: SCHEMA_URL,
    exporter: `pstat ${VERSION}`,
    name: at(parts, 0).name + (parts.length === 1 ? '' : ` and ${parts.length - 1} more`),
    activeProfileIndex: busiest(profiles.map(({ endValue }) => endValue)),
    shared: { frames: Array.from({ length: functions.length }, (_, fn) => frameAt(functions, fn)) },
    profiles,
  };
  return { bytes: Buffer.from(`${JSON.stringify(file)}\n`), rows: functions.length, notes: [] };
}

function busiest(times: readonly number[]): number {
  return times.indexOf(times.reduce((longest, time) => Math.max(longest, time), 0));
}

function frameLookup({ functions }: Profile, frames: FunctionTableBuilder): (fn: FunctionIndex) => number {
  const known = new Map<FunctionIndex, number>();
  return (fn) => getOrInsert(known, fn, () => frames.intern(functionAt(functions, fn)));
}

function frameAt(functions: ReturnType<FunctionTableBuilder['finish']>, fn: FunctionIndex) {
  const { file, line, column } = functionAt(functions, fn);
  return {
    name: writtenName(functions, fn),
    ...(file === '' ? {} : { file: decodeFileUrl(file) }),
    ...(line === 0 ? {} : { line }),
    ...(column === 0 ? {} : { col: column }),
  };
}

/** A frame is a number in JSON, and V8's longest string is four times what stacks may take. */
const FRAME_SIZE = 2;

function weightedStacks(
  profile: Profile,
  frameOf: (fn: FunctionIndex) => number,
  options: WriteOptions,
): WeightedStacks {
  const { timeline, ...stacks } = requireStacks(profile);
  const framesOf = (node: number) => stackOf(stacks, node).map(frameOf).reverse();
  if (timeline === null) {
    const written = writtenStacks(profile, 1, options);
    const nodes = nodesAsSamples(written);
    requireSmallStacks(stacks.callTree.parent, nodes, () => FRAME_SIZE);
    return { samples: nodes.map(framesOf), weights: nodes.map((node) => at(written.self, node)) };
  }
  const { callTree, functions } = stacks;
  requireSmallStacks(
    callTree.parent,
    Array.from(timeline.node).filter((node) => node !== -1),
    () => FRAME_SIZE,
  );
  const known = new Map<number, readonly number[]>();
  const stackAt = (node: number): readonly number[] => {
    const isWritten = node !== -1 && isWrittenKind(at(functions.kind, at(callTree.function, node)), options);
    return getOrInsert(known, node, () => (isWritten ? framesOf(node) : []));
  };
  return { samples: Array.from(timeline.node, stackAt), weights: [...timeline.duration] };
}
