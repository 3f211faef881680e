/** record: runs a program, profiles all of its threads, and shows what was hot. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { missingCommand, PstatError } from '../../errors.ts';
import { loadProfile } from '../../load.ts';
import { Stats } from '../../query/stats.ts';
import type { RecordedThread } from '../../record/gathering.ts';
import { plural, visible } from '../../text.ts';
import { duration } from '../../units.ts';
import { functionsView } from '../../view/views.ts';
import type { Aftermath, Command } from '../command.ts';
import { type Arguments, loadOptionsFrom, queryFrom, recordingFrom, statsOptionsFrom } from '../options.ts';

export const record: Command = {
  name: 'record',
  usage: 'record [options] -- COMMAND…',
  describe: 'profile a Node program, its children and workers',
  examples: [
    ['pstat record -o app.cpuprofile -- node app.js', 'until it ends, or Ctrl+C'],
    ['pstat record --dir profiles -- npm test', 'every process, a file a thread'],
  ],
  options: [
    'output',
    'dir',
    'interval',
    'sort',
    'reverse',
    'limit',
    'filter',
    'exclude',
    'idle',
    'paths',
    'color',
    'no-color',
  ],
  async answer(words, args) {
    const [command, ...rest] = words;
    if (command === undefined) throw missingCommand();
    const query = queryFrom(args);
    const { interval, ...target } = recordingFrom(args);
    const { launch } = await import('../../record/launch.ts');
    const { gather, prepare } = await import('../../record/gathering.ts');
    await prepare(target);
    const spool = await mkdtemp(path.join(tmpdir(), 'pstat-record-'));
    try {
      const ending = await launch({ command, args: rest, spool, interval });
      const recorded = await gather(spool, target);
      return { ending, ...(await aftermath(recorded, query, args)) };
    } finally {
      await rm(spool, { recursive: true, force: true });
    }
  },
};

async function aftermath(
  recorded: readonly RecordedThread[],
  query: ReturnType<typeof queryFrom>,
  args: Arguments,
): Promise<Omit<Aftermath, 'ending'>> {
  if (recorded.length === 0) return { lines: [NOTHING], view: null };
  const lines = writtenLines(recorded);
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

const NOTHING = 'nothing was recorded: no Node program ran, or none for longer than a few ms';

/** A line a file; a crowd of them is summed up. */
function writtenLines(recorded: readonly RecordedThread[]): string[] {
  const shown = recorded.slice(0, recorded.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES);
  const more = recorded.length - shown.length;
  // A worker that its own process ends is no news.
  const killed = recorded.some(({ isCut, thread }) => isCut && thread.thread === 0);
  return [
    ...shown.map(writtenLine),
    ...(more === 0 ? [] : [`wrote ${plural(more, 'file')} more`]),
    ...(killed ? ['it was killed: up to 0.1 s is missing at the end'] : []),
  ];
}

const MOST_LINES = 6;

function writtenLine({ file, thread, duration: time }: RecordedThread): string {
  const program = thread.program === '' ? 'process' : visible(path.basename(thread.program));
  const worker = thread.thread === 0 ? '' : `, worker ${thread.thread}`;
  return `wrote ${visible(file)}: ${program} ${thread.pid}${worker}, ${duration(time)}`;
}
