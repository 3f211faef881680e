/** Records programs that run: until Ctrl+C, for some time, for stalls, or in the explorer. */

import { escapeControls, listFirst } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { type AttachResult, attach } from '../../record/attach/attach.ts';
import { LiveFeed } from '../../record/attach/live-feed.ts';
import { StopSignals } from '../../record/attach/stop-signals.ts';
import type { Target } from '../../record/attach/target.ts';
import type { View } from '../../view/views.ts';
import { type Arguments, flag, outputFormat, queryFrom } from '../arguments.ts';
import type { RecordResult } from '../command.ts';
import { nothingAttached } from '../errors.ts';
import { type Io, interactiveTerminal } from '../io.ts';
import { durationFrom, flightFrom, recordingFrom } from '../recording-options.ts';
import { loadStats, rowsView } from './queries-answer.ts';
import { formatThread } from './record-answer.ts';
import { endOfStalls, stallReports } from './stall-answer.ts';

/** Throws PstatError. */
export async function recordTargets(
  targets: readonly Target[],
  args: Arguments,
  io: Io,
): Promise<View | string | RecordResult> {
  const isLive = flag(args, 'live');
  if (isLive) interactiveTerminal(io);
  const stop = new StopSignals();
  const { last, onStall } = flightFrom(args);
  const stalls = onStall === null ? null : stallReports(onStall, args, (text) => io.stdout.write(text));
  const feed = isLive ? new LiveFeed() : null;
  try {
    const recording = attach(targets, {
      ...recordingFrom(args),
      ...{ last, stalls, feed },
      isSaved: isLive ? namesFile(args) : stalls === null,
      signal: stop.signal,
      onStart: (places) => sayStart(targets, places, { args, io, stop }),
    });
    if (feed !== null) await follow(feed, recording, { targets, stop, args, io });
    const result = await recording;
    for (const text of describeResult(result)) say(text, io);
    if (isLive) return { exit: { code: 0 }, lines: [], view: null };
    return stalls === null ? await createView(result, args, io) : endOfStalls(stalls);
  } finally {
    stop.close();
  }
}

function say(text: string, io: Io): void {
  io.stderr.write(`pstat: ${escapeControls(text)}\n`);
}

interface Course {
  readonly args: Arguments;
  readonly io: Io;
  readonly stop: StopSignals;
}

function sayStart(targets: readonly Target[], places: readonly string[], { args, io, stop }: Course): void {
  const duration = durationFrom(args);
  const { onStall } = flightFrom(args);
  const end = duration === null ? `${flag(args, 'live') ? 'q' : 'Ctrl+C'} ends it` : `for ${formatDuration(duration)}`;
  const wait = onStall === null ? '' : `waiting for stalls of ${formatDuration(onStall)}, `;
  const whom = namesOf(targets);
  say(`${wait}recording${whom === '' ? '' : ` ${whom}`} over ${listFirst(places, 4)}; ${end}`, io);
  stop.startTimer(duration === null ? null : duration / 1e3);
}

/** The pids; '' where they are not known. */
function namesOf(targets: readonly Target[]): string {
  const pids = targets.flatMap((target) => ('pid' in target ? [String(target.pid)] : []));
  return pids.length === 0 ? '' : listFirst(pids, 4);
}

/** Whether the user wants a file: the explorer alone writes none at its end. */
function namesFile(args: Arguments): boolean {
  return args['output'] !== undefined || args['dir'] !== undefined;
}

/** Shows what is recorded until the user quits, and ends the recording. */
async function follow(
  feed: LiveFeed,
  recording: Promise<AttachResult>,
  { targets, stop, args, io }: Course & { readonly targets: readonly Target[] },
): Promise<void> {
  const end = () => feed.end();
  // Before anything is awaited: the recording may fail at once.
  recording.then(end, end);
  const { exploreLive } = await import('./live-answer.ts');
  const name = namesOf(targets);
  try {
    const { output } = recordingFrom(args);
    await exploreLive(feed, { name: name === '' ? 'program' : name, file: output, signal: stop.signal, args, io });
  } finally {
    stop.stop();
  }
}

function describeResult({ recorded, missed, end, failures, leftOpen }: AttachResult): string[] {
  return [
    ...recorded.map(({ file, thread, duration }) => {
      const who = thread === null ? '' : `${formatThread(thread)}, `;
      return `wrote ${file}: ${who}${formatDuration(duration)}`;
    }),
    ...(missed === 0 ? [] : [`nothing was recorded for ${formatDuration(missed)}, while pstat was stopped`]),
    ...ENDS[end],
    ...failures.map((reason) => `a worker was not recorded: ${reason}`),
    ...leftOpen.map(
      (place) => `the inspector at ${place} is still open: the program is blocked, and closes it when it goes on`,
    ),
  ];
}

const ENDS: Readonly<Record<AttachResult['end'], readonly string[]>> = {
  stopped: [],
  exited: ['the program ended by itself'],
  lost: ['the program was killed, or closed its inspector; up to 1 s may be missing at its end'],
};

async function createView({ recorded, emptyCount }: AttachResult, args: Arguments, io: Io): Promise<View> {
  if (recorded.length === 0) throw nothingAttached(emptyCount > 0);
  const query = queryFrom(args);
  const stats = await loadStats(
    recorded.map(({ file }) => file),
    args,
    io,
  );
  if (!flag(args, 'sources') && stats.summary.notes.some(({ code }) => code === 'transpiled-places'))
    say('--sources keeps the source maps that the program holds in memory', io);
  return rowsView('function', stats, { query, format: outputFormat(args) });
}
