/** `pstat record`: runs the program, collects its profiles, and returns the table of the hot functions. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PstatError } from '../../base/errors.ts';
import { escapeControls, pluralize } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { loadProfile } from '../../input/load.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { type Query, Stats } from '../../query/stats.ts';
import type { Missing, RecordedThread } from '../../record/program/collect-profiles.ts';
import { unwritableReason } from '../../record/program/errors.ts';
import type { ProgramRecording } from '../../record/program/record-program.ts';
import type { ThreadIdentity } from '../../record/program/spool-format.ts';
import { functionsView } from '../../view/views.ts';
import { type Arguments, loadOptionsFrom, queryFrom, statsOptionsFrom } from '../arguments.ts';
import type { RecordResult } from '../command.ts';
import { missingCommand } from '../errors.ts';
import type { Io } from '../io.ts';
import { flightFrom, recordingFrom } from '../recording-options.ts';
import { checkQuery } from './check-query.ts';

/** Throws PstatError if the program does not run. Whatever goes wrong afterwards, the exit code is the program's. */
export async function recordAnswer(words: readonly string[], args: Arguments, io: Io): Promise<RecordResult> {
  const [command, ...rest] = words;
  if (command === undefined) throw missingCommand();
  const query = checkQuery(queryFrom(args));
  const recording = recordingFrom(args);
  const { last, onStall } = flightFrom(args);
  const say = (text: string) => io.stderr.write(`pstat: ${text}`);
  const stallAnswer = onStall === null ? null : await import('./stall-answer.ts');
  const stalls = stallAnswer?.stallReports(onStall ?? 0, args, say) ?? null;
  const { SignalHandling } = await import('../../record/program/signals.ts');
  const signals = new SignalHandling();
  const before = recording.requests ? listProfiles(recording.dir) : [];
  try {
    const { recordProgram } = await import('../../record/program/record-program.ts');
    const result = await recordProgram({
      ...recording,
      flight: last === null ? null : { last, stalls },
      command,
      args: rest,
      signals,
      onInterrupt: () => io.stderr.write('\npstat: writing the profiles; interrupt again to discard them\n'),
    });
    if (recording.requests)
      return { exit: result.exit, lines: describeRequests(result, recording.dir, before), view: null };
    if (stallAnswer !== null && stalls !== null) {
      const lines = [...cutProblems(describeProblems(result)), stallAnswer.endOfStalls(stalls).trimEnd()];
      return { exit: result.exit, lines, view: null };
    }
    return { exit: result.exit, ...(await createResult(result, query, args)) };
  } finally {
    signals.stop();
  }
}

/** @param before the profiles that were in the folder before */
function describeRequests(result: ProgramRecording, dir: string, before: readonly string[]): string[] {
  const known = new Set(before);
  const count = listProfiles(dir).filter((name) => !known.has(name)).length;
  const folder = escapeControls(dir);
  const wrote =
    count === 0
      ? 'no request was profiled: servers of node:http and node:https are'
      : `wrote ${pluralize(count, 'profile')} of requests to ${folder}: pstat requests ${folder}`;
  return [wrote, ...cutProblems(describeProblems(result))];
}

function listProfiles(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'));
  } catch {
    return []; // it does not exist yet
  }
}

async function createResult(
  recording: ProgramRecording,
  query: Query,
  args: Arguments,
): Promise<Omit<RecordResult, 'exit'>> {
  const { recorded } = recording.profiles;
  const problems = describeProblems(recording);
  const lines = [...formatWrittenFiles(recorded), ...cutProblems(problems)];
  if (recorded.length === 0) return { lines: lines.length === 0 ? [NOTHING] : lines, view: null };
  try {
    const files = recorded.map(({ file }) => file);
    const stats = new Stats(await loadProfile(files, loadOptionsFrom(args)), statsOptionsFrom(args));
    return { lines, view: functionsView(stats, query, { hideZeros: query.limit !== '0' }) };
  } catch (error) {
    // A recording may be too large for pstat to read. The exit code stays the program's.
    if (!(error instanceof PstatError)) throw error;
    return { lines: [...lines, `no table: ${error.message}`], view: null };
  }
}

const NOTHING =
  'nothing was recorded: no Node program loaded the recorder; one that replaces NODE_OPTIONS or its environment (env -i) does not';

/** What is not recorded, and why. */
function describeProblems({ profiles, unrecorded, obstacle, failure, isSpoolDeleted }: ProgramRecording): string[] {
  const { recorded, failed, empty } = profiles;
  return [
    ...(obstacle === null ? [] : [`the program was not recorded: ${obstacle}`]),
    ...(failure === null
      ? []
      : [`${failure.error.message}; the raw recording is kept in ${escapeControls(failure.spool)}`]),
    ...failed.map(({ thread, reason }) => `${formatThread(thread)} was not recorded: ${escapeControls(reason)}`),
    ...unrecorded.map(({ program, pid, reason }) => {
      return `${formatThread({ program, pid, thread: 0 })} was not recorded: ${reason}`;
    }),
    ...empty
      .filter(({ thread }) => thread === 0)
      .map((thread) => `${formatThread(thread)} ended before the first sample`),
    ...(isSpoolDeleted
      ? ['the program deleted its temporary folder; threads that started later are not recorded']
      : []),
    // Main threads only: it is normal that a process ends its workers.
    ...recorded.flatMap(({ thread, missing, duration }) =>
      missing === null || thread.thread !== 0 ? [] : [`${formatThread(thread)} ${describeMissing(missing, duration)}`],
    ),
  ];
}

function describeMissing(missing: Missing, recorded: Microseconds): string {
  if (missing.reason === 'killed') {
    const { time } = missing;
    return time === null
      ? `was killed; what followed its first ${formatDuration(recorded)} is missing`
      : `was killed; its last ${formatDuration(time)} are missing`;
  }
  if (missing.reason === 'running')
    return `goes on in the background; what follows its first ${formatDuration(recorded)} is not recorded`;
  return `is recorded only in part: ${unwritableReason(missing.code)}`;
}

function formatWrittenFiles(recorded: readonly RecordedThread[]): readonly string[] {
  const lines = recorded.map(
    ({ file, thread, duration: time }) =>
      `wrote ${escapeControls(file)}: ${formatThread(thread)}, ${formatDuration(time)}`,
  );
  return cutLines(lines, (more) => `wrote ${pluralize(more, 'more file')}`);
}

function cutProblems(lines: readonly string[]): readonly string[] {
  return cutLines(lines, (more) => `${more} more problems of this kind`);
}

/** The last line tells of those that are not shown. */
function cutLines(lines: readonly string[], tellOf: (more: number) => string): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES - 1), tellOf(lines.length - MAX_LINES + 1)];
}

const MAX_LINES = 6;

export function formatThread({ program, pid, thread }: Pick<ThreadIdentity, 'program' | 'pid' | 'thread'>): string {
  const name = program === '' ? 'process' : escapeControls(path.basename(program));
  return `${name} ${pid}${thread === 0 ? '' : `, worker ${thread}`}`;
}
