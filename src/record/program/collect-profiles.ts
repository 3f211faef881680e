/** Converts spools into profiles: one .cpuprofile per recorded thread. */

import { setTimeout } from 'node:timers/promises';
import type { Microseconds } from '../../model/raw-profile.ts';
import { isAlive } from '../process-table.ts';
import { unwritableReason } from './errors.ts';
import { leaveOutPackageManagers } from './package-managers.ts';
import { chooseFile, type Target, writeProfile } from './profile-files.ts';
import type { ThreadIdentity } from './spool-format.ts';
import { readSpool, type SpoolFolder } from './spool-reader.ts';
import { ThreadProfile } from './thread-profile.ts';

export interface RecordedThread {
  readonly thread: ThreadIdentity;
  readonly file: string;
  readonly duration: Microseconds;
  /** What is missing at the end; null if nothing is. */
  readonly missing: Missing | null;
}

/** Why the end of a recording is missing. */
export type Missing =
  /** The thread was killed: what came after its last flush. `time` is null if it is not known when it ended. */
  | { readonly reason: 'killed'; readonly time: Microseconds | null }
  /** It goes on in the background, and is not recorded any more. */
  | { readonly reason: 'running' }
  /** Nothing could be written from some time on. `code` is the error's (`ENOSPC`). */
  | { readonly reason: 'unwritable'; readonly code: string };

/** A thread that was not recorded, and why. */
export interface FailedThread {
  readonly thread: ThreadIdentity;
  readonly reason: string;
}

/** The profiles of a command's threads. */
export interface CollectedProfiles {
  /** In order of their start. */
  readonly recorded: readonly RecordedThread[];
  /** Threads that could not be recorded. */
  readonly failed: readonly FailedThread[];
  /** Threads that ended before the first sample. */
  readonly empty: readonly ThreadIdentity[];
  /** The pids of all processes that had a spool. */
  readonly pids: ReadonlySet<number>;
}

/** The end of the process that pstat started. */
interface ProgramEnd {
  readonly pid: number;
  /** ms since 1970. */
  readonly time: number;
}

/** Writes the profile of each spool. Throws PstatError if a file cannot be written. */
export async function collectProfiles(
  folder: SpoolFolder,
  target: Target,
  end: ProgramEnd,
): Promise<CollectedProfiles> {
  const all = await findSpools(folder);
  const spools = leaveOutPackageManagers(all);
  const recorded: RecordedThread[] = [];
  const failed: FailedThread[] = [];
  const empty: ThreadIdentity[] = [];
  const main = target.output === null ? null : await findBusiestMain(spools, countActiveSamples);
  for (const spool of spools) {
    const { descriptor, thread, lost } = spool;
    const { profile, hasEnd, error, workers, lastFlush } = await readSpooledProfile(descriptor);
    if (error !== null) failed.push({ thread, reason: error });
    else if (profile.isEmpty && lost !== '') failed.push({ thread, reason: unwritableReason(lost) });
    else if (profile.isEmpty) empty.push(thread);
    failed.push(...findUnrecordedWorkers(thread, workers, all));
    if (profile.isEmpty) continue;
    const file = chooseFile(thread, recorded, { ...target, isMain: spool === main });
    await writeProfile(file, profile, target.turn);
    const missing = hasEnd ? null : findMissing(thread, { lost, lastFlush, end });
    recorded.push({ thread, file, duration: profile.duration, missing });
  }
  return { recorded, failed, empty, pids: new Set(all.map(({ thread }) => thread.pid)) };
}

/** @param lastFlush ms since 1970; null if not known */
function findMissing(
  { pid }: ThreadIdentity,
  { lost, lastFlush, end }: { lost: string; lastFlush: number | null; end: ProgramEnd },
): Missing {
  if (lost !== '') return { reason: 'unwritable', code: lost };
  if (pid !== end.pid && isAlive(pid)) return { reason: 'running' };
  const isKnown = lastFlush !== null && pid === end.pid;
  return { reason: 'killed', time: isKnown ? Math.max(end.time - lastFlush, 0) * 1000 : null };
}

/** A worker with an environment of its own does not load the preload. */
function findUnrecordedWorkers(
  parent: ThreadIdentity,
  workers: readonly number[],
  spools: readonly SpoolFile[],
): FailedThread[] {
  const known = new Set(spools.filter(({ thread }) => thread.pid === parent.pid).map(({ thread }) => thread.thread));
  return workers
    .filter((worker) => !known.has(worker))
    .map((worker) => ({
      thread: { ...parent, thread: worker },
      reason: 'it has an environment or options of its own',
    }));
}

/**
 * Returns the first main thread, unless a later one is far busier: a launcher such as tsx only waits for the program.
 * Null if there is no thread. Samples are counted only to compare several main threads.
 */
export async function findBusiestMain<Recorded extends { readonly thread: ThreadIdentity }>(
  threads: readonly Recorded[],
  countActiveSamples: (thread: Recorded) => number | Promise<number>,
): Promise<Recorded | null> {
  const mains = threads.filter(({ thread }) => thread.thread === 0);
  const [first = threads[0], ...others] = mains;
  if (first === undefined || others.length === 0) return first ?? null;
  let busiest = { thread: first, samples: await countActiveSamples(first) };
  for (const thread of others) {
    const samples = await countActiveSamples(thread);
    if (samples > MIN_SAMPLE_RATIO * busiest.samples) busiest = { thread, samples };
  }
  return busiest.thread;
}

const MIN_SAMPLE_RATIO = 2;

/** Reads the spool once more than is needed to write it: all profiles together may not fit into memory. */
async function countActiveSamples({ descriptor }: SpoolFile): Promise<number> {
  return (await readSpooledProfile(descriptor)).profile.activeSampleCount;
}

interface SpoolFile {
  readonly descriptor: number;
  readonly thread: ThreadIdentity;
  /** The code of the error since which nothing could be written; empty if there is none. */
  readonly lost: string;
}

/** Lists the spools in order of their threads' start, once the recorded processes have exited. */
async function findSpools(folder: SpoolFolder): Promise<SpoolFile[]> {
  await waitForExit((await readHeads(folder)).map(({ thread }) => thread));
  const spools = nameWorkers(await readHeads(folder));
  return spools.sort(({ thread: a }, { thread: b }) => a.start - b.start || a.pid - b.pid || a.thread - b.thread);
}

/** A worker does not know yet what it runs when its recorder starts. */
function nameWorkers(spools: readonly SpoolFile[]): SpoolFile[] {
  const programs = new Map(spools.flatMap(({ thread }) => (thread.thread === 0 ? [[thread.pid, thread.program]] : [])));
  return spools.map((spool) => {
    const program = spool.thread.program || (programs.get(spool.thread.pid) ?? '');
    return { ...spool, thread: { ...spool.thread, program } };
  });
}

async function readHeads(folder: SpoolFolder): Promise<SpoolFile[]> {
  const spools: SpoolFile[] = [];
  for (const descriptor of folder.list()) {
    for await (const { line } of readSpool(descriptor)) {
      if ('thread' in line) spools.push({ descriptor, thread: line.thread, lost: (line.lost ?? '').trim() });
      break;
    }
  }
  return spools;
}

/** Child processes may exit a little after their parent. Does not wait longer for processes in the background. */
export async function waitForExit(threads: readonly ThreadIdentity[]): Promise<void> {
  for (let waited = 0; waited < MAX_WAIT && threads.some(({ pid }) => isAlive(pid)); waited += 20) {
    await setTimeout(20);
  }
}

/** ms. */
const MAX_WAIT = 1000;

interface SpooledProfile {
  readonly profile: ThreadProfile;
  readonly hasEnd: boolean;
  readonly error: string | null;
  /** The ids of the workers that the thread started. */
  readonly workers: readonly number[];
  /** ms since 1970; null if not known. */
  readonly lastFlush: number | null;
}

async function readSpooledProfile(descriptor: number): Promise<SpooledProfile> {
  const profile = new ThreadProfile();
  const workers: number[] = [];
  let hasEnd = false;
  let error: string | null = null;
  let lastFlush: number | null = null;
  for await (const { line } of readSpool(descriptor)) {
    if ('run' in line) lastFlush = Date.parse(line.run.start) + line.run.elapsed / 1000;
    if ('chunk' in line) profile.addChunk(line.chunk);
    else if ('run' in line) profile.setRun(line.run);
    else if ('scripts' in line) profile.setScripts(line.scripts);
    else if ('error' in line) error = line.error;
    else if ('worker' in line) workers.push(line.worker);
    else if ('end' in line) hasEnd = true;
    else if ('writesAtEnd' in line) error = KILLED_BEFORE_WRITING;
  }
  return { profile, hasEnd, error: hasEnd && error === KILLED_BEFORE_WRITING ? null : error, workers, lastFlush };
}

const KILLED_BEFORE_WRITING =
  'it was killed; beside --cpu-prof or coverage, the profile is written only when the program ends by itself';
