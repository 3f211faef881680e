/** `pstat record`: runs the program, collects its profiles, and returns the table of the hot functions. */

import { promises, rmSync } from 'node:fs';
import path from 'node:path';
import { PstatError } from '../../base/errors.ts';
import { escapeControls, pluralize } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { loadProfile } from '../../input/load.ts';
import { applyLimit } from '../../query/limit.ts';
import { parsePattern } from '../../query/pattern.ts';
import { parseSortKeys } from '../../query/sort-keys.ts';
import { type Query, Stats } from '../../query/stats.ts';
import type { CollectedProfiles, RecordedThread } from '../../record/program/collect-profiles.ts';
import { functionsView } from '../../view/views.ts';
import type { RecordResult } from '../command.ts';
import { missingCommand } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Arguments, loadOptionsFrom, queryFrom, recordingFrom, statsOptionsFrom } from '../options.ts';

/** Throws PstatError. */
export async function recordAnswer(words: readonly string[], args: Arguments, io: Io): Promise<RecordResult> {
  const [command, ...rest] = words;
  if (command === undefined) throw missingCommand();
  const query = checkQuery(queryFrom(args));
  const { interval, ...target } = recordingFrom(args);
  const { launch } = await import('../../record/program/launch.ts');
  const { collectProfiles, createSpoolFolder, prepareTarget } = await import(
    '../../record/program/collect-profiles.ts'
  );
  const { runWithInterruptHandling } = await import('../../record/program/signals.ts');
  await prepareTarget(target);
  const spool = await createSpoolFolder();
  const handlers = {
    onFirst: () => io.stderr.write('\npstat: writing the profiles; interrupt again to discard them\n'),
    onSecond: () => rmSync(spool, { recursive: true, force: true }),
  };
  try {
    const exit = await launch({ command, args: rest, spool, interval });
    const collect = async () => createResult(await collectProfiles(spool, target), query, args);
    return { exit, ...(await runWithInterruptHandling(collect, handlers)) };
  } finally {
    await promises.rm(spool, { recursive: true, force: true });
  }
}

/** Validates the query before the program runs, which may take long. Throws PstatError (`query`). */
function checkQuery(query: Query): Query {
  parseSortKeys(query.sort ?? [], 'samples');
  for (const pattern of [...(query.filter ?? []), ...(query.exclude ?? [])]) parsePattern(pattern);
  applyLimit(query.limit, 0);
  return query;
}

async function createResult(
  { recorded, failed, empty }: CollectedProfiles,
  query: Query,
  args: Arguments,
): Promise<Omit<RecordResult, 'exit'>> {
  const problems = [
    ...failed.map(({ thread, reason }) => `${formatThread(thread)} was not recorded: ${escapeControls(reason)}`),
    ...empty
      .filter(({ thread }) => thread === 0)
      .map((thread) => `${formatThread(thread)} ended before the first sample`),
  ];
  const lines = [...formatWrittenFiles(recorded), ...problems.slice(0, MAX_LINES)];
  if (recorded.length === 0) return { lines: lines.length === 0 ? [NOTHING] : lines, view: null };
  const files = recorded.map(({ file }) => file);
  try {
    const stats = new Stats(await loadProfile(files, loadOptionsFrom(args)), statsOptionsFrom(args));
    return { lines, view: functionsView(stats, query) };
  } catch (error) {
    // A recording may be too large for pstat to read. The exit code stays the program's.
    if (!(error instanceof PstatError)) throw error;
    return { lines: [...lines, `no table: ${error.message}`], view: null };
  }
}

const NOTHING = 'nothing was recorded: no Node program ran';

/** Formats one line per file, and one line for those beyond MAX_LINES. */
function formatWrittenFiles(recorded: readonly RecordedThread[]): string[] {
  const shown = recorded.slice(0, recorded.length > MAX_LINES ? MAX_LINES - 1 : MAX_LINES);
  const more = recorded.length - shown.length;
  // Main threads only: it is normal that a process ends its workers.
  const incomplete = recorded.filter(({ isIncomplete, thread }) => isIncomplete && thread.thread === 0);
  return [
    ...shown.map(
      ({ file, thread, duration: time }) =>
        `wrote ${escapeControls(file)}: ${formatThread(thread)}, ${formatDuration(time)}`,
    ),
    ...(more === 0 ? [] : [`wrote ${pluralize(more, 'more file')}`]),
    ...(incomplete.length === 0 ? [] : [INCOMPLETE]),
  ];
}

const INCOMPLETE = 'the program did not exit normally (killed?); up to 0.1 s may be missing at the end';

const MAX_LINES = 6;

function formatThread({ program, pid, thread }: RecordedThread['thread']): string {
  const name = program === '' ? 'process' : escapeControls(path.basename(program));
  return `${name} ${pid}${thread === 0 ? '' : `, worker ${thread}`}`;
}
