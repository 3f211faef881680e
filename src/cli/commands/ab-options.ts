/** The options of `pstat ab`: what runs in turn, and how often. */

import { parsePercent } from '../../base/units.ts';
import { FIRST_LOOK } from '../../compare/stopping-rule.ts';
import type { Method } from '../../record/ab/run.ts';
import { type Plan, shellCommand } from '../../record/ab/versions.ts';
import {
  bisectWithGate,
  bisectWithoutRevisions,
  blocksWithUntil,
  exitCodeOfServer,
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
} from '../ab-errors.ts';
import { type Arguments, choice, flag, gateFrom, numberFrom, positionalWords, textOf } from '../arguments.ts';
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
    interval: intervalFrom(args) ?? 200,
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

function exitCodeFrom(args: Arguments): number {
  const code = numberFrom(args, 'exit-code', { max: 255, expected: 'a number from 0 to 255' }) ?? 0;
  if (code > 0 && args['requests'] !== undefined) throw exitCodeOfServer();
  return code;
}

const USUAL_BLOCKS = 10;
/** The tests are exact up to here. */
const USUAL_MAX = 40;
const MAX_BLOCKS = 1000;

function blocksFrom(args: Arguments): Pick<AbOptions, 'blocks' | 'until'> {
  const expected = 'a percentage above 0% and up to 100%, such as 5%';
  const until = numberFrom(args, 'until', { parse: parsePercent, min: Number.MIN_VALUE, max: 100, expected });
  if (until === null) {
    if (args['max'] !== undefined) throw maxWithoutUntil();
    return { blocks: blockCountFrom(args, 'blocks', 1) ?? USUAL_BLOCKS, until: null };
  }
  if (args['blocks'] !== undefined) throw blocksWithUntil();
  return { blocks: blockCountFrom(args, 'max', FIRST_LOOK) ?? USUAL_MAX, until: until / 100 };
}

function blockCountFrom(args: Arguments, option: 'blocks' | 'max', min: number): number | null {
  return numberFrom(args, option, { min, max: MAX_BLOCKS, expected: `a number from ${min} to ${MAX_BLOCKS}` });
}
