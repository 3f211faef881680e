/** The options of `pstat ab`: what runs in turn, and how often. */

import type { Method } from '../../record/ab/run.ts';
import { type Plan, shellCommand } from '../../record/ab/versions.ts';
import {
  bisectWithGate,
  bisectWithoutRevisions,
  blocksOutOfRange,
  loadWithoutRequests,
  missingAbCommand,
  missingVersions,
  notWithCprofile,
  oneVersion,
  requestsWithoutLoad,
  setupWithoutRevision,
  tooManyRevisions,
  twiceNamed,
} from '../ab-errors.ts';
import { type Arguments, choice, flag, gateFrom, intervalFrom, last, PROFILERS, positionalWords } from '../options.ts';

export interface AbOptions {
  readonly plan: Plan;
  readonly blocks: number;
  /** µs */
  readonly interval: number;
  readonly method: Method;
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
    blocks: blocksFrom(args),
    interval: intervalFrom(args, '200us'),
    requests: textOf(args, 'requests'),
    method: methodFrom(args),
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
  if (command === null) throw missingAbCommand(first);
  if (others.length > 0) throw tooManyRevisions(revisions.length);
  return { kind: 'revisions', before: first, after: second, command, setup };
}

function textOf(args: Arguments, name: 'before' | 'after' | 'setup' | 'dir' | 'requests' | 'load'): string | null {
  const value = last(args[name]);
  return value === undefined ? null : String(value);
}

const USUAL_BLOCKS = 10;
const MAX_BLOCKS = 1000;

function blocksFrom(args: Arguments): number {
  const text = String(last(args['blocks']) ?? USUAL_BLOCKS);
  const blocks = /^\d+$/.test(text) ? Number(text) : 0;
  if (blocks < 1 || blocks > MAX_BLOCKS) throw blocksOutOfRange(text, MAX_BLOCKS);
  return blocks;
}
