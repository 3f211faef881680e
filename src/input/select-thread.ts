/** Selects a profile of a trace by its thread, and names threads. */

import { groupBy } from '../base/maps.ts';
import { escapeControls } from '../base/text.ts';
import type { Recording, Thread } from '../formats/format.ts';
import { normalize } from '../model/normalize/normalize.ts';
import type { ProfileNote } from '../model/notes.ts';
import type { Profile, StacksProfile } from '../model/profile.ts';
import { noThreads, unknownThread } from './errors.ts';

/** A recording whose profile is normalized. */
interface NormalizedRecording extends Omit<Recording, 'profile'> {
  readonly profile: Profile;
}

/** A recording with the names that users see and may ask for. */
interface NamedRecording {
  readonly recording: NormalizedRecording;
  /** Null where the format has no threads. */
  readonly thread: string | null;
  /** The thread, numbered if it has several recordings: `CrRendererMain 16462/16491#2`; null without a thread. */
  readonly shown: string | null;
  /** Every name that --thread accepts for it. */
  readonly names: readonly string[];
}

/** What is read of a file: one profile, or those of the files that a report holds. */
export interface FileProfiles {
  readonly profiles: readonly Profile[];
  /** What is to be said of all of them. */
  readonly notes: readonly ProfileNote[];
}

/**
 * Normalizes the recordings of a file and returns the profile of one: of the thread with this name or id, or of the busiest
 * thread if `thread` is null. A report of several files has one of each. Throws PstatError (`missing-data`) if there is no
 * such thread.
 */
export function selectProfiles(recordings: readonly Recording[], source: string, thread: string | null): FileProfiles {
  const isFolder = thread === null && recordings[0]?.part !== undefined;
  if (!isFolder) return { profiles: [selectProfile(recordings, source, thread)], notes: [] };
  return {
    profiles: recordings.map(({ profile, part }) => normalize(profile, `${source}/${part}`)),
    notes: recordings.flatMap(({ folderNotes }) => folderNotes ?? []),
  };
}

function selectProfile(recordings: readonly Recording[], source: string, thread: string | null): Profile {
  const normalized = recordings.map((recording) => ({ ...recording, profile: normalize(recording.profile, source) }));
  return selectRecording(normalized, thread);
}

function selectRecording(recordings: readonly NormalizedRecording[], wanted: string | null): Profile {
  const all = [...groupBy(recordings, ({ thread }) => thread && threadName(thread)).values()].flatMap(nameRecordings);
  const candidates = wanted === null ? all : recordingsNamed(all, wanted);
  const selected = busiest([...groupBy(candidates, ({ thread }) => thread).values()].flatMap(preferredOrigin));
  if (selected === undefined) throw threadNotFound(all, wanted ?? '');
  const { profile } = selected.recording;
  if (selected.shown === null) return profile;
  const others = all.filter((candidate) => candidate !== selected);
  const notes = others.length === 0 ? [] : [othersNote(others, selected)];
  return { ...profile, format: `${profile.format}, ${selected.shown}`, notes: [...profile.notes, ...notes] };
}

/** Names the recordings of one thread; several are numbered in their order. */
function nameRecordings(recordings: readonly NormalizedRecording[]): NamedRecording[] {
  return recordings.map((recording, i) => {
    const { thread } = recording;
    if (thread === null) return { recording, thread, shown: null, names: [] };
    const number = recordings.length === 1 ? '' : `#${i + 1}`;
    const names = namesOf(thread);
    const name = threadName(thread);
    return { recording, thread: name, shown: name + number, names: [...names, ...names.map((each) => each + number)] };
  });
}

/** The name of the thread or its process, its number, its ids, and what `threadName` returns. */
function namesOf(thread: Thread): string[] {
  const { name, process, tid } = thread;
  return [name, process, tid === null ? null : String(tid), idsOf(thread), threadName(thread)].filter(
    (each) => each !== null,
  );
}

/** `CrRendererMain 16462/16491`: the name, and the ids that distinguish threads of one name. */
function threadName(thread: Thread): string {
  const { name, process, pid, tid } = thread;
  const known = escapeControls(name ?? process ?? 'thread');
  return pid === null && tid === null ? known : `${known} ${idsOf(thread)}`;
}

function idsOf({ pid, tid }: Thread): string {
  return `${pid ?? '?'}/${tid ?? '?'}`;
}

/** A name as shown selects one recording, even if another thread has that name. */
function recordingsNamed(all: readonly NamedRecording[], wanted: string): readonly NamedRecording[] {
  const exact = all.filter(({ shown }) => shown === wanted);
  return exact.length > 0 ? exact : all.filter(({ names }) => names.includes(wanted));
}

function threadNotFound(all: readonly NamedRecording[], wanted: string) {
  const known = all.flatMap(({ shown }) => shown ?? []);
  return known.length === 0 ? noThreads(wanted) : unknownThread(wanted, known);
}

function othersNote(others: readonly NamedRecording[], selected: NamedRecording): ProfileNote {
  const threads = new Set([selected, ...others].map(({ thread }) => thread)).size;
  const kind = threads > others.length ? 'thread' : 'profile';
  return { code: 'other-recordings', kind, names: others.map(({ shown }) => shown ?? '') };
}

/**
 * The recordings that represent a thread. As DevTools does: the trace's own before one that an inspector asked for, and
 * these before a page's own.
 */
function preferredOrigin(ofThread: readonly NamedRecording[]): readonly NamedRecording[] {
  for (const origin of ['Internal', 'Inspector']) {
    const found = ofThread.filter(({ recording }) => recording.origin === origin);
    if (found.length > 0) return found;
  }
  return ofThread;
}

function busiest(all: readonly NamedRecording[]): NamedRecording | undefined {
  return all.toSorted((a, b) => activeTime(b) - activeTime(a))[0];
}

/** Time without `(idle)` and `(program)`, so that a thread that only waits does not win; -1 if unknown. */
function activeTime({ recording: { profile } }: NamedRecording): number {
  const time = 'callTree' in profile ? timeInCode(profile) : 0;
  return Number.isNaN(time) ? -1 : time;
}

function timeInCode({ functions, callTree }: StacksProfile): number {
  let sum = 0;
  callTree.function.forEach((fn, node) => {
    const kind = functions.kind[fn];
    if (kind !== 'idle' && kind !== 'program') sum += callTree.self[node] ?? 0;
  });
  return sum;
}
