/** `--on-stall`: prints a sentence for each stall that is saved, as soon as it is. */

import { escapeControls, listFirst, pluralize } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { loadProfile } from '../../input/load.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { Stats } from '../../query/stats.ts';
import { type StallReport, StallReports } from '../../record/flight/stall-reports.ts';
import { stallSentence } from '../../render/views/stall.ts';
import { stallCauseOf } from '../../view/stall-cause.ts';
import { type Arguments, loadOptionsFrom, statsOptionsFrom } from '../arguments.ts';
import { recordingFrom } from '../recording-options.ts';
import { formatThread } from './record-answer.ts';

/** @param write where the sentences go */
export function stallReports(limit: Microseconds, args: Arguments, write: (text: string) => void): StallReports {
  const { dir } = recordingFrom(args);
  return new StallReports({
    dir,
    limit,
    onStall: async (report) => write(`${await describeStall(report, args)}\n`),
    onError: ({ message }) => write(`a stall was not saved: ${message}\n`),
  });
}

async function describeStall(report: StallReport, args: Arguments): Promise<string> {
  const { thread, from, to, file } = report;
  const paths = args['paths'] === undefined ? { paths: 'base' as const } : {};
  const profile = await loadProfile(file, { ...loadOptionsFrom(args), from, to });
  const stats = new Stats(profile, { ...statsOptionsFrom(args), ...paths });
  return stallSentence({
    ...report,
    thread: thread.thread === 0 ? '' : formatThread(thread),
    cause: stallCauseOf(stats),
    names: stats.names,
    file: escapeControls(file),
  });
}

/** What was saved. */
export function endOfStalls({ files, skipped, limit }: StallReports): string {
  if (files.length === 0 && skipped > 0) return `${pluralize(skipped, 'stall')}; nothing was saved\n`;
  if (files.length === 0) return `no stall of ${formatDuration(limit)} or more; nothing was saved\n`;
  const also = skipped === 0 ? '' : `, ${skipped} more without a file`;
  return `saved ${pluralize(files.length, 'stall')}${also}: pstat ${listFirst(files.map(escapeControls), 4)}\n`;
}
