/** What `pstat record` does: runs the program, collects its profiles, and answers with the table. */

import { promises, rmSync } from 'node:fs';
import path from 'node:path';
import { PstatError } from '../../base/errors.ts';
import { plural, visible } from '../../base/text.ts';
import { duration } from '../../base/units.ts';
import { loadProfile } from '../../input/load.ts';
import { applyLimit } from '../../query/limit.ts';
import { parsePattern } from '../../query/pattern.ts';
import { parseSortKeys } from '../../query/sort-keys.ts';
import { type Query, Stats } from '../../query/stats.ts';
import type { Gathered, RecordedThread } from '../../record/program/collect.ts';
import { functionsView } from '../../view/views.ts';
import type { Aftermath } from '../command.ts';
import { missingCommand } from '../errors.ts';
import type { Io } from '../io.ts';
import { type Arguments, loadOptionsFrom, queryFrom, recordingFrom, statsOptionsFrom } from '../options.ts';

/** Throws PstatError. */
export async function recordAnswer(words: readonly string[], args: Arguments, io: Io): Promise<Aftermath> {
  const [command, ...rest] = words;
  if (command === undefined) throw missingCommand();
  const query = checked(queryFrom(args));
  const { interval, ...target } = recordingFrom(args);
  const { launch } = await import('../../record/program/launch.ts');
  const { gather, prepare, spoolFolder } = await import('../../record/program/collect.ts');
  const { patiently } = await import('../../record/program/signals.ts');
  await prepare(target);
  const spool = await spoolFolder();
  const impatience = {
    warn: () => io.stderr.write('\npstat: writing what was recorded; once more gives it up\n'),
    giveUp: () => rmSync(spool, { recursive: true, force: true }),
  };
  try {
    const ending = await launch({ command, args: rest, spool, interval });
    const after = () => gather(spool, target).then((gathered) => aftermath(gathered, query, args));
    return { ending, ...(await patiently(after, impatience)) };
  } finally {
    await promises.rm(spool, { recursive: true, force: true });
  }
}

/** Mistakes are told before a program runs for an hour. Throws PstatError (`query`). */
function checked(query: Query): Query {
  parseSortKeys(query.sort ?? [], 'samples');
  for (const pattern of [...(query.filter ?? []), ...(query.exclude ?? [])]) parsePattern(pattern);
  applyLimit(query.limit, 0);
  return query;
}

async function aftermath(
  { recorded, refused, unseen }: Gathered,
  query: Query,
  args: Arguments,
): Promise<Omit<Aftermath, 'ending'>> {
  const why = [
    ...refused.map(({ thread, reason }) => `${threadName(thread)} was not recorded: ${visible(reason)}`),
    ...unseen
      .filter(({ thread }) => thread === 0)
      .map((thread) => `${threadName(thread)} ended before anything was seen of it`),
  ];
  const lines = [...writtenLines(recorded), ...why.slice(0, MOST_LINES)];
  if (recorded.length === 0) return { lines: lines.length === 0 ? [NOTHING] : lines, view: null };
  const files = recorded.map(({ file }) => file);
  try {
    const stats = new Stats(await loadProfile(files, loadOptionsFrom(args)), statsOptionsFrom(args));
    return { lines, view: functionsView(stats, query) };
  } catch (error) {
    // A recording may be longer than pstat can read in one piece; the program ended as it did all the same.
    if (!(error instanceof PstatError)) throw error;
    return { lines: [...lines, `no table: ${error.message}`], view: null };
  }
}

const NOTHING = 'nothing was recorded: no Node program ran';

/** A line a file; a crowd of them is summed up. */
function writtenLines(recorded: readonly RecordedThread[]): string[] {
  const shown = recorded.slice(0, recorded.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES);
  const more = recorded.length - shown.length;
  // A worker that its own process ends is no news.
  const cut = recorded.filter(({ isCut, thread }) => isCut && thread.thread === 0);
  return [
    ...shown.map(
      ({ file, thread, duration: time }) => `wrote ${visible(file)}: ${threadName(thread)}, ${duration(time)}`,
    ),
    ...(more === 0 ? [] : [`wrote ${plural(more, 'file')} more`]),
    ...(cut.length === 0 ? [] : ['its end was not seen (killed?): up to 0.1 s may be missing there']),
  ];
}

const MOST_LINES = 6;

function threadName({ program, pid, thread }: RecordedThread['thread']): string {
  const name = program === '' ? 'process' : visible(path.basename(program));
  return `${name} ${pid}${thread === 0 ? '' : `, worker ${thread}`}`;
}
