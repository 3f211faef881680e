/** The options of `pstat ab`: what runs in turn, and how often. */

import { FIRST_LOOK } from '../../compare/stopping-rule.ts';
import type { Method } from '../../record/ab/run.ts';
import { type Plan, shellCommand } from '../../record/ab/versions.ts';
import {
  bisectWithGate,
  bisectWithoutRevisions,
  blocksOutOfRange,
  blocksWithUntil,
  exitCodeOfServer,
  exitCodeOutOfRange,
  loadWithoutRequests,
  maxWithoutUntil,
  missingAbCommand,
  missingVersions,
  notWithCprofile,
  oneVersion,
  requestsWithoutLoad,
  setupWithoutRevision,
  tooManyRevisions,
  twiceNamed,
  untilOutOfRange,
} from '../ab-errors.ts';
import { type Arguments, choice, flag, gateFrom, last, positionalWords } from '../arguments.ts';
import { PROFILERS } from '../options.ts';
import { intervalFrom } from '../recording-options.ts';

export interface AbOptions {
  readonly plan: Plan;
  /** At most, with `until`. */
  readonly blocks: number;
  /** The width of the total's interval at which it stops, as a share of the time before; null: after all blocks. */
  readonly until: number | null;
  /** µs */
  readonly interval: number;
  readonly method: Method;
  readonly exitCode: number;
  /** Which requests of servers are compared; null without any. */
  readonly requests: string | null;
  /** null: a temporary folder */
  readonly dir: string | null;
  /** Whether to look for the commit that made it slower. */
  readonly bisects: boolean;
}

/** Throws PstatError (`query`). */
export function abOptionsFrom(args: Arguments): AbOptions {
  const dir = textOf(args, 'dir');
  const plan = planFrom(args);
  const bisects = flag(args, 'bisect');
  if (bisects && (plan.kind !== 'revisions' || plan.after === null)) throw bisectWithoutRevisions();
  if (bisects && gateFrom(args) !== null) throw bisectWithGate();
  return {
    ...{ plan, dir, bisects },
    ...blocksFrom(args),
    interval: intervalFrom(args, '200us'),
    requests: textOf(args, 'requests'),
    method: methodFrom(args),
    exitCode: exitCodeFrom(args),
  };
}

function methodFrom(args: Arguments): Method {
  const [requests, load] = [textOf(args, 'requests'), textOf(args, 'load')];
  const profiler = choice(args, { option: 'profiler', choices: PROFILERS, otherwise: 'v8' });
  if (profiler === 'cprofile') {
    if (requests !== null || load !== null) throw notWithCprofile(requests === null ? 'load' : 'requests');
    if (args['interval'] !== undefined) throw notWithCprofile('interval');
    return { kind: 'cprofile' };
  }
  if (requests === null && load === null) return { kind: 'threads' };
  if (requests === null) throw loadWithoutRequests();
  if (load === null) throw requestsWithoutLoad();
  return { kind: 'requests', load: shellCommand(load) };
}

function planFrom(args: Arguments): Plan {
  const { before: words, after: program } = positionalWords(args);
  const [, ...revisions] = words;
  const [before, after, setup] = [textOf(args, 'before'), textOf(args, 'after'), textOf(args, 'setup')];
  const [name, ...rest] = program;
  const command = name === undefined ? null : { command: name, args: rest };
  if (before !== null || after !== null) {
    if (before === null || after === null) throw oneVersion(before === null ? 'before' : 'after');
    if (revisions.length > 0) throw twiceNamed(revisions[0] ?? '');
    if (setup !== null) throw setupWithoutRevision();
    return command === null ? { kind: 'commands', before, after } : { kind: 'folders', before, after, command };
  }
  const [first, second = null, ...others] = revisions;
  if (first === undefined) throw missingVersions();
  if (command === null) throw missingAbCommand();
  if (others.length > 0) throw tooManyRevisions(revisions.length);
  return { kind: 'revisions', before: first, after: second, command, setup };
}

function textOf(
  args: Arguments,
  name: 'before' | 'after' | 'setup' | 'dir' | 'requests' | 'load' | 'until' | 'exit-code',
): string | null {
  const value = last(args[name]);
  return value === undefined ? null : String(value);
}

function exitCodeFrom(args: Arguments): number {
  const text = textOf(args, 'exit-code') ?? '0';
  if (!/^\d+$/.test(text) || Number(text) > 255) throw exitCodeOutOfRange(text);
  if (Number(text) > 0 && args['requests'] !== undefined) throw exitCodeOfServer();
  return Number(text);
}

const USUAL_BLOCKS = 10;
/** The tests are exact up to here. */
const USUAL_MAX = 40;
const MAX_BLOCKS = 1000;

function blocksFrom(args: Arguments): Pick<AbOptions, 'blocks' | 'until'> {
  const until = textOf(args, 'until');
  if (until === null) {
    if (args['max'] !== undefined) throw maxWithoutUntil();
    return { blocks: numberFrom(args, 'blocks', { usual: USUAL_BLOCKS, min: 1 }), until: null };
  }
  if (args['blocks'] !== undefined) throw blocksWithUntil();
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(until)?.[1] ?? Number.NaN);
  if (!(percent > 0 && percent <= 100)) throw untilOutOfRange(until);
  return { blocks: numberFrom(args, 'max', { usual: USUAL_MAX, min: FIRST_LOOK }), until: percent / 100 };
}

function numberFrom(args: Arguments, option: 'blocks' | 'max', { usual, min }: { usual: number; min: number }): number {
  const text = String(last(args[option]) ?? usual);
  const blocks = /^\d+$/.test(text) ? Number(text) : 0;
  if (blocks < min || blocks > MAX_BLOCKS) throw blocksOutOfRange(option, text, { min, max: MAX_BLOCKS });
  return blocks;
}
