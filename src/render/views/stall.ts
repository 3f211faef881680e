/** A stall of an event loop as a sentence. */

import { escapeControls, pluralize } from '../../base/text.ts';
import { formatDuration, formatWholePercent } from '../../base/units.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import type { RowNames } from '../../query/function-names.ts';
import type { StallCause } from '../../view/stall-cause.ts';

export interface StallText {
  /** Of the thread, if there are several; '' otherwise. */
  readonly thread: string;
  readonly duration: Microseconds;
  /** ms since 1970. */
  readonly date: number;
  readonly state: 'over' | 'goes on' | 'ended with the program';
  readonly cause: StallCause | null;
  readonly names: RowNames;
  readonly file: string;
  /** Stalls since the last file that have none. */
  readonly skipped: number;
}

/** `stall of 1.3 s at 12:03:11: 92 % parse ← loadSettings (settings.js:40); saved stall-120311.cpuprofile` */
export function stallSentence(stall: StallText): string {
  const { thread, duration, date, cause, names, file, skipped } = stall;
  const what = cause === null ? 'no sample of it' : describeCause(cause, names);
  const also = skipped === 0 ? '' : `; ${pluralize(skipped, 'more stall')} without a file`;
  const where = thread === '' ? '' : ` in ${thread}`;
  const text = `${START[stall.state]} ${formatDuration(duration)} at ${timeOfDay(date)}${where}: ${what}${END[stall.state]}`;
  return `${text}; saved ${file}${also}`;
}

const START: Readonly<Record<StallText['state'], string>> = {
  over: 'stall of',
  'goes on': 'stall of more than',
  'ended with the program': 'stall of more than',
};

const END: Readonly<Record<StallText['state'], string>> = {
  over: '',
  'goes on': '; it goes on',
  'ended with the program': '; the program ended in it',
};

function describeCause({ share, leaf, owner, hottestLine }: StallCause, names: RowNames): string {
  const place = owner === null ? null : (hottestLine ?? names.place(owner));
  const own = owner === null ? null : `${names.label(owner)}${place === null ? '' : ` (${place})`}`;
  const text =
    leaf === null
      ? `below ${own}`
      : leaf === owner || own === null
        ? (own ?? names.label(leaf))
        : `${names.label(leaf)} ← ${own}`;
  return `${formatWholePercent(share, 1)} % ${escapeControls(text)}`;
}

/** `12:03:11`, in local time. */
function timeOfDay(date: number): string {
  return new Date(date).toTimeString().slice(0, 8);
}
