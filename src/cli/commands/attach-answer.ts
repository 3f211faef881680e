/** `pstat attach`: lists Node processes, or records one and returns the table of its hot functions. */

import path from 'node:path';
import { escapeControls, pluralize } from '../../base/text.ts';
import type { NodeProcess } from '../../record/attach/node-processes.ts';
import type { ThreadCounts } from '../../record/attach/request-profiling.ts';
import type { Target } from '../../record/attach/target.ts';
import { Interruption } from '../../record/interruption.ts';
import type { ProcessesView } from '../../view/processes-view.ts';
import type { View } from '../../view/views.ts';
import { type Arguments, flag, queryFrom } from '../arguments.ts';
import type { RecordResult } from '../command.ts';
import { endlessRequests, notProfiled, oneProcess, oneTarget, requestsOfUrl } from '../errors.ts';
import type { Io } from '../io.ts';
import { ATTACH_OPTIONS } from '../options.ts';
import { durationFrom, flightFrom, recordingFrom } from '../recording-options.ts';
import { checkQuery } from './check-query.ts';

/** Throws PstatError. */
export async function attachAnswer(
  words: readonly string[],
  args: Arguments,
  io: Io,
): Promise<View | ProcessesView | RecordResult | string> {
  const [word, ...others] = words;
  if (others.length > 0) throw oneTarget(words.length);
  if (word === undefined) {
    if (ATTACH_OPTIONS.some((name) => args[name] !== undefined)) throw oneTarget(0);
    return listProcesses();
  }
  checkQuery(queryFrom(args));
  recordingFrom(args);
  durationFrom(args);
  flightFrom(args);
  const targets = await chooseTargets(word, flag(args, 'all'));
  if (!Array.isArray(targets)) return targets;
  if (flag(args, 'requests')) return profileRequests(targets, args);
  const { recordTargets } = await import('./attach-recording.ts');
  return recordTargets(targets, args, io);
}

/** `pstat attach --requests`. Throws PstatError. */
async function profileRequests(targets: readonly Target[], args: Arguments): Promise<string | RecordResult> {
  if (args['for'] !== undefined) throw endlessRequests();
  const { startRequestProfiling } = await import('../../record/attach/request-profiling.ts');
  const { dir, interval, sources } = recordingFrom(args);
  const notes: string[] = [];
  return untilInterrupted(
    pidsOf(targets),
    async (pid) => {
      const counts = await startRequestProfiling(pid, { dir: path.resolve(dir), interval, sources });
      notes.push(...workerNotes(pid, counts));
      return true;
    },
    (pids) => {
      const [shown, folder] = [pids.join(' and '), escapeControls(dir)];
      return `${notes.join('')}requests of ${shown} are profiled into ${folder}
\`pstat requests ${folder}\` shows them, \`pstat detach ${pids[0]}${pids.length > 1 ? ' --all' : ''}\` ends it
`;
    },
  );
}

/**
 * Acts on processes one after the other. A signal ends pstat after the one that it acts on: its inspector is open, and closes
 * with pstat only from some point on.
 */
async function untilInterrupted(
  pids: readonly number[],
  act: (pid: number) => Promise<boolean>,
  describe: (done: readonly number[]) => string,
): Promise<string | RecordResult> {
  const interruption = new Interruption();
  const done: number[] = [];
  try {
    for (const pid of pids) if (interruption.signal === null && (await act(pid))) done.push(pid);
  } finally {
    interruption.stop();
  }
  const { signal } = interruption;
  return signal === null
    ? describe(done)
    : { exit: { signal }, lines: done.length === 0 ? [] : [describe(done).trimEnd()], view: null };
}

function workerNotes(pid: number, { workers, silent }: ThreadCounts): string[] {
  return [
    ...(workers === 0
      ? []
      : [`in ${pluralize(workers, 'worker')} of ${pid}, too; workers that start later are not profiled\n`]),
    ...(silent === 0 ? [] : [`not in ${pluralize(silent, 'worker')} of ${pid}: no answer\n`]),
  ];
}

/** `pstat detach`. Throws PstatError. */
export async function detachAnswer(
  words: readonly string[],
  args: Arguments,
): Promise<string | ProcessesView | RecordResult> {
  const [word, ...others] = words;
  if (word === undefined || others.length > 0) throw oneProcess(words.length);
  const targets = await chooseTargets(word, flag(args, 'all'), 'detach');
  if (!Array.isArray(targets)) return targets;
  const { stopRequestProfiling } = await import('../../record/attach/request-profiling.ts');
  const pids = pidsOf(targets);
  return untilInterrupted(pids, stopRequestProfiling, (stopped) => {
    if (stopped.length === 0) throw notProfiled(pids);
    return `requests of ${stopped.join(' and ')} are no longer profiled\n`;
  });
}

/** Throws PstatError (`query`) for the URL of an inspector. */
function pidsOf(targets: readonly Target[]): number[] {
  return targets.map((target) => {
    if (!('pid' in target)) throw requestsOfUrl();
    return target.pid;
  });
}

/** Throws PstatError where there is no /proc. */
async function listProcesses(): Promise<ProcessesView> {
  const { listNodeProcesses } = await import('../../record/attach/node-processes.ts');
  const advice = '`pstat attach PID --for 10s` profiles one of them';
  return processesView('Node processes of this user, busiest first', advice, await listNodeProcesses());
}

function processesView(about: string, advice: string, rows: readonly NodeProcess[]): ProcessesView {
  return { view: 'processes', about, advice, rows, isQuestion: false };
}

/** Returns a question if the processes below a PID are busy alike. */
async function chooseTargets(
  word: string,
  all: boolean,
  command: 'attach' | 'detach' = 'attach',
): Promise<Target[] | ProcessesView> {
  const { parseTarget } = await import('../../record/attach/target.ts');
  const target = await parseTarget(word);
  if (!('pid' in target)) return [target];
  const { chooseProcesses } = await import('../../record/attach/choose-program.ts');
  const { chosen, candidates } = await chooseProcesses(target.pid, all);
  if (chosen.length > 0) return chosen.map((pid) => ({ pid }));
  const about = `${pluralize(candidates.length, 'Node process', 'Node processes')} from ${target.pid} on; which one?`;
  const does = command === 'attach' ? 'profiles' : 'ends the profiling of';
  const advice = `\`pstat ${command} PID\` ${does} one of them, \`pstat ${command} ${target.pid} --all\` all`;
  return { ...processesView(about, advice, candidates), isQuestion: true };
}
