/**
 * Small .cpuprofile files, written by a test and read like any other.
 *
 * The tree is root → program, gc, idle, main → a → a, b; and main → native, a function
 * of V8's own. Samples are words, in the order of the file: `main a aa b native`, `gc idle program`, `root` for a
 * sample of the root itself, `lost` for an id that no node has.
 */

import { readProfile } from '../../src/input/read-bytes.ts';
import { buildCallGraph } from '../../src/model/call-graph.ts';
import type { StacksProfile } from '../../src/model/profile.ts';
import { type ProfileSummary, summarize } from '../../src/query/summary.ts';

export const START = 1_000_000;

export interface Recording {
  /** Words, as above; missing: the file has no samples. */
  readonly samples?: string;
  /** Missing: the file has no timeDeltas. */
  readonly deltas?: readonly number[];
  /** endTime − startTime; missing: the file has no endTime. */
  readonly duration?: number;
  /** endTime in the file, instead of `duration`. */
  readonly endTime?: number;
  /** Word -> hitCount. */
  readonly hits?: Readonly<Record<string, number>>;
  /** The value of `pstat.run`. */
  readonly run?: unknown;
}

export const IDS: Readonly<Record<string, number>> = {
  root: 1,
  program: 2,
  gc: 3,
  idle: 4,
  main: 5,
  a: 6,
  aa: 7,
  b: 8,
  native: 9,
  lost: 99,
};

const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  root: ['program', 'gc', 'idle', 'main'],
  main: ['a', 'b', 'native'],
  a: ['aa'],
};

const META: Readonly<Record<string, string>> = {
  root: '(root)',
  program: '(program)',
  gc: '(garbage collector)',
  idle: '(idle)',
};

/** The profile that pstat reads from such a file. */
export function record(recording: Recording): StacksProfile {
  const { samples, deltas, duration, endTime = duration === undefined ? undefined : START + duration } = recording;
  return readJson({
    nodes: Object.keys(IDS)
      .filter((word) => word !== 'lost')
      .map((word) => ({
        id: IDS[word],
        callFrame: frameOf(word),
        hitCount: recording.hits?.[word] ?? 0,
        children: (CHILDREN[word] ?? []).map((child) => IDS[child]),
      })),
    startTime: START,
    endTime,
    samples: samples
      ?.split(' ')
      .filter(Boolean)
      .map((word) => IDS[word]),
    timeDeltas: deltas,
    pstat: recording.run === undefined ? undefined : { run: recording.run },
  });
}

/** A document as a file, read. */
export function readJson(document: unknown): StacksProfile {
  const profile = readProfile(Buffer.from(JSON.stringify(document)), 'test.cpuprofile');
  if (!('callTree' in profile)) throw new Error('a .cpuprofile counts samples');
  return profile;
}

function frameOf(word: string) {
  const meta = META[word];
  if (meta !== undefined) return { functionName: meta, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  if (word === 'native') {
    return { functionName: 'writev', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  }
  const functionName = word === 'aa' ? 'a' : word;
  return { functionName, scriptId: '7', url: 'file:///app.js', lineNumber: 0, columnNumber: 0 };
}

const ORDER = ['main', 'a', 'b', 'native', 'gc', 'program', 'idle', 'none'];

/** The functions with time or samples in short form: `main 1000/4700, a 1000/1000`, self/total in µs. */
export function figuresOf(profile: StacksProfile): string {
  const { metrics, functions, rows } = buildCallGraph(profile);
  const lines = new Map<string, string>();
  for (const fn of rows) {
    const kind = functions.kind[fn] ?? 'js';
    const word = kind === 'js' ? (functions.name[fn] ?? '') : kind;
    if (metrics.totalCount[fn] !== 0) lines.set(word, `${word} ${metrics.self[fn]}/${metrics.total[fn]}`);
  }
  return [...lines.keys()]
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map((word) => lines.get(word))
    .join(', ');
}

/** The summary of a profile. */
export function summaryOf(profile: StacksProfile): ProfileSummary {
  return summarize(profile, buildCallGraph(profile), false);
}

/** The right side of the breakdown: beforeFirstSample + counted + idle + excluded + afterLastSample, and + queued where that was subtracted from the samples. */
export function accountedFor({
  beforeFirstSample,
  counted,
  idle,
  excluded,
  afterLastSample,
  queued,
  isUndisturbed,
}: ProfileSummary): number {
  return [beforeFirstSample, counted, idle, excluded, afterLastSample, isUndisturbed ? queued : 0].reduce<number>(
    (sum, time) => sum + (time ?? Number.NaN),
    0,
  );
}
