/** Which profile of a trace is meant, and how its threads are named. */

import { plural, visible } from '../base/text.ts';
import type { Recording, Thread } from '../formats/format.ts';
import type { Profile, StacksProfile } from '../model/profile.ts';
import { noThreads, unknownThread } from './errors.ts';

/** A recording after the time rule. */
export interface SettledRecording extends Omit<Recording, 'profile'> {
  readonly profile: Profile;
}

/** A recording as users are told of it, and as they may ask for it. */
interface Named {
  readonly recording: SettledRecording;
  /** Null where the format knows no threads. */
  readonly thread: string | null;
  /** The thread, with a number where it has several recordings: `CrRendererMain 16462/16491#2`; null without thread. */
  readonly shown: string | null;
  /** All that the recording answers to. */
  readonly names: readonly string[];
}

/**
 * The recording that was asked for by the name or id of its thread; the busiest of them, or of all when nothing was
 * asked. Throws PstatError (`missing-data`).
 */
export function chooseRecording(recordings: readonly SettledRecording[], asked: string | null): Profile {
  const all = grouped(recordings, ({ thread }) => thread && threadName(thread)).flatMap(named);
  const wanted = asked === null ? all : answering(all, asked);
  const chosen = mostActive(grouped(wanted, ({ thread }) => thread).flatMap(preferred));
  if (chosen === undefined) throw notFound(all, asked ?? '');
  const { profile } = chosen.recording;
  if (chosen.shown === null) return profile;
  const others = all.filter((each) => each !== chosen);
  const notes = others.length === 0 ? [] : [othersNote(others, chosen)];
  return { ...profile, format: `${profile.format}, ${chosen.shown}`, notes: [...profile.notes, ...notes] };
}

/** The recordings of one thread, numbered in their order where they are several. */
function named(recordings: readonly SettledRecording[]): Named[] {
  return recordings.map((recording, i) => {
    const { thread } = recording;
    if (thread === null) return { recording, thread, shown: null, names: [] };
    const number = recordings.length === 1 ? '' : `#${i + 1}`;
    const names = namesOf(thread);
    const name = threadName(thread);
    return { recording, thread: name, shown: name + number, names: [...names, ...names.map((each) => each + number)] };
  });
}

/** By the name of the thread or its process, by number, or as `threadName` shows it. */
function namesOf(thread: Thread): string[] {
  const { name, process, tid } = thread;
  return [name, process, tid === null ? null : String(tid), idsOf(thread), threadName(thread)].filter(
    (each) => each !== null,
  );
}

/** `CrRendererMain 16462/16491`: a name that people know, and the process and thread that tell namesakes apart. */
function threadName(thread: Thread): string {
  const { name, process, pid, tid } = thread;
  const known = visible(name ?? process ?? 'thread');
  return pid === null && tid === null ? known : `${known} ${idsOf(thread)}`;
}

function idsOf({ pid, tid }: Thread): string {
  return `${pid ?? '?'}/${tid ?? '?'}`;
}

/** The items of each key, in order of their first. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): Item[][] {
  const groups = new Map<string | null, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** A name as it is shown means one recording, even where another thread is called so. */
function answering(all: readonly Named[], asked: string): readonly Named[] {
  const exact = all.filter(({ shown }) => shown === asked);
  return exact.length > 0 ? exact : all.filter(({ names }) => names.includes(asked));
}

function notFound(all: readonly Named[], asked: string) {
  const known = all.flatMap(({ shown }) => shown ?? []);
  return known.length === 0 ? noThreads(asked) : unknownThread(asked, known);
}

/** More names than this would bury the answer. */
const MOST_NAMES = 5;

function othersNote(others: readonly Named[], chosen: Named): string {
  const threads = new Set([chosen, ...others].map(({ thread }) => thread)).size;
  const what = threads > others.length ? 'other thread' : 'other profile';
  const names = others.slice(0, MOST_NAMES).map(({ shown }) => shown);
  const more = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : '';
  return `the trace has ${plural(others.length, what)}, shown with --thread: ${names.join(', ')}${more}`;
}

/**
 * Those of a thread's recordings that stand for it: DevTools takes the one made for the trace before one that a
 * program or an inspector asked for meanwhile, and these before a page's own.
 */
function preferred(ofThread: readonly Named[]): readonly Named[] {
  for (const origin of ['Internal', 'Inspector']) {
    const found = ofThread.filter(({ recording }) => recording.origin === origin);
    if (found.length > 0) return found;
  }
  return ofThread;
}

function mostActive(all: readonly Named[]): Named | undefined {
  return all.toSorted((a, b) => activeTime(b) - activeTime(a))[0];
}

/** Time in code: `(idle)` and V8's own `(program)` left out, or a thread that only waits would win; -1 if not known. */
function activeTime({ recording: { profile } }: Named): number {
  const time = 'callTree' in profile ? timeInCode(profile) : 0;
  return Number.isNaN(time) ? -1 : time;
}

function timeInCode({ functions, callTree: paths }: StacksProfile): number {
  let sum = 0;
  paths.function.forEach((fn, node) => {
    const kind = functions.kind[fn];
    if (kind !== 'idle' && kind !== 'program') sum += paths.self[node] ?? 0;
  });
  return sum;
}
