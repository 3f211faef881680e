/** Which thread of a trace is meant, and how threads are named. */

import { noThreads, unknownThread } from './errors.ts';
import type { Thread } from './formats/format.ts';
import type { PathsProfile, Profile } from './model/profile.ts';
import { plural, visible } from './text.ts';

/** A recording after the time rule. */
export interface SettledRecording {
  readonly thread: Thread | null;
  readonly profile: Profile;
}

/**
 * The recording that was asked for by the name or id of its thread; the busiest of them, or of all when nothing was
 * asked. Throws PstatError (`missing-data`).
 */
export function chooseRecording(recordings: readonly SettledRecording[], asked: string | null): Profile {
  const wanted =
    asked === null ? recordings : recordings.filter(({ thread }) => thread !== null && isNamed(thread, asked));
  const busiest = wanted.toSorted((a, b) => activeTime(b.profile) - activeTime(a.profile))[0];
  if (busiest === undefined) throw notFound(recordings, asked ?? '');
  if (busiest.thread === null) return busiest.profile;
  const { profile, thread } = busiest;
  const others = recordings.filter((recording) => recording !== busiest);
  const notes = others.length === 0 ? [] : [otherThreadsNote(others)];
  return { ...profile, format: `${profile.format}, ${threadName(thread)}`, notes: [...profile.notes, ...notes] };
}

function notFound(recordings: readonly SettledRecording[], asked: string) {
  const names = recordings.flatMap(({ thread }) => (thread === null ? [] : [threadName(thread)]));
  return names.length === 0 ? noThreads(asked) : unknownThread(asked, names);
}

/** By the name of the thread or its process, by number, or as `threadName` shows it. */
function isNamed(thread: Thread, asked: string): boolean {
  const { name, process, pid, tid } = thread;
  return [name, process, String(tid), `${pid}/${tid}`, threadName(thread)].includes(asked);
}

/** `CrRendererMain 16462/16491`: a name that people know, and the process and thread that tell namesakes apart. */
function threadName({ name, process, pid, tid }: Thread): string {
  const known = visible(name ?? process ?? 'thread');
  return pid === null && tid === null ? known : `${known} ${pid ?? '?'}/${tid ?? '?'}`;
}

/** More names than this would bury the answer. */
const MOST_NAMES = 5;

function otherThreadsNote(others: readonly SettledRecording[]): string {
  const names = others.slice(0, MOST_NAMES).flatMap(({ thread }) => (thread === null ? [] : [threadName(thread)]));
  const more = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : '';
  return `the trace has ${plural(others.length, 'other thread')}, shown with --thread: ${names.join(', ')}${more}`;
}

/** Time in code: `(idle)` and V8's own `(program)` left out, or a thread that only waits would win; -1 if not known. */
function activeTime(profile: Profile): number {
  const time = 'paths' in profile ? timeInCode(profile) : 0;
  return Number.isNaN(time) ? -1 : time;
}

function timeInCode({ functions, paths }: PathsProfile): number {
  let sum = 0;
  paths.function.forEach((fn, node) => {
    const kind = functions.kind[fn];
    if (kind !== 'idle' && kind !== 'program') sum += paths.self[node] ?? 0;
  });
  return sum;
}
