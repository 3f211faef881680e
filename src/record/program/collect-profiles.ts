/** Converts spools into profiles: one .cpuprofile per recorded thread. */

import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, realpathSync } from 'node:fs';
import { access, lstat, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { cannotWrite, PstatError } from '../../base/errors.ts';
import { temporaryName } from '../../base/recording-files.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { isAlive } from '../process-table.ts';
import { makeFolder } from '../profile-folder.ts';
import type { Turn } from '../turn.ts';
import { unwritableReason } from './errors.ts';
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
  /** Nothing could be written from some time on. `code` is the error's (`ENOSPC`). */
  | { readonly reason: 'unwritable'; readonly code: string };

export interface Target {
  /** The folder of the files. */
  readonly dir: string;
  /** The file of the busiest main thread; null to name all files as Node does. */
  readonly output: string | null;
  /** Kept in the files. @default null */
  readonly turn?: Turn | null;
}

/** Creates a temporary folder for spools. Throws PstatError if it cannot. */
export async function createSpoolFolder(): Promise<string> {
  try {
    // Absolute, also if TMPDIR is not: programs change their working directory.
    return await mkdtemp(path.resolve(tmpdir(), 'pstat-record-'));
  } catch (error) {
    throw cannotWrite(tmpdir(), systemErrorCode(error));
  }
}

/** Creates the folder and checks that files can be written there. Called before the program runs. Throws PstatError. */
export async function prepareTarget({ dir, output }: Target): Promise<void> {
  try {
    makeFolder(dir);
    await access(dir, constants.W_OK);
    if (output !== null && (await isFolder(output))) throw cannotWrite(output, 'EISDIR');
  } catch (error) {
    throw error instanceof PstatError ? error : cannotWrite(output ?? dir, systemErrorCode(error));
  }
}

async function isFolder(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isDirectory() ?? false;
}

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
    await writeProfile(file, profile, target.turn ?? null);
    const missing = hasEnd ? null : findMissing({ lost, lastFlush, end: thread.pid === end.pid ? end.time : null });
    recorded.push({ thread, file, duration: profile.duration, missing });
  }
  return { recorded, failed, empty, pids: new Set(all.map(({ thread }) => thread.pid)) };
}

/** @param times ms since 1970; null if not known */
function findMissing(times: { lost: string; lastFlush: number | null; end: number | null }): Missing {
  const { lost, lastFlush, end } = times;
  if (lost !== '') return { reason: 'unwritable', code: lost };
  return { reason: 'killed', time: lastFlush === null || end === null ? null : Math.max(end - lastFlush, 0) * 1000 };
}

/**
 * Leaves out npm and its like, which only start the program in a process of its own, unless nothing else ran. They are
 * known by the package that the file belongs to: a program of the user may be called yarn.js.
 */
export function leaveOutPackageManagers<Spool extends { readonly thread: ThreadIdentity }>(
  spools: readonly Spool[],
): readonly Spool[] {
  const others = spools.filter(({ thread }) => !isPackageManager(thread.program));
  return others.length === 0 ? spools : others;
}

export function isPackageManager(program: string): boolean {
  return /[\\/]node_modules[\\/](?:npm|pnpm|yarn|corepack|@yarnpkg[\\/]cli(?:-dist)?)[\\/]|[\\/]\.yarn[\\/]releases[\\/]|[\\/]corepack[\\/](?:v1[\\/])?(?:npm|pnpm|yarn)[\\/]/.test(
    resolveLinks(program),
  );
}

/** `npm` is a link into its package. */
function resolveLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
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

/** Replaces a file of that name as soon as the profile is complete. Only the user can read it. */
export async function writeProfile(file: string, profile: ThreadProfile, turn: Turn | null): Promise<void> {
  const found = await lstat(file).catch(() => null);
  const isSpecial = found !== null && !found.isFile() && !found.isSymbolicLink(); // a pipe or a device
  const target = isSpecial ? file : path.join(path.dirname(file), temporaryName(randomBytes(16).toString('hex')));
  try {
    const flags = isSpecial ? 'w' : 'wx';
    await pipeline(Readable.from(profile.serialize(turn)), createWriteStream(target, { flags, mode: 0o600 }));
    if (!isSpecial) await rename(target, file);
  } catch (error) {
    if (!isSpecial) await rm(target, { force: true }).catch(() => {});
    throw cannotWrite(file, systemErrorCode(error));
  }
}

interface SpoolFile {
  readonly descriptor: number;
  readonly thread: ThreadIdentity;
  /** The code of the error since which nothing could be written; empty if there is none. */
  readonly lost: string;
}

/** Lists the spools in order of their threads' start, once the recorded processes have exited. */
async function findSpools(folder: SpoolFolder): Promise<SpoolFile[]> {
  await waitForExit(await readHeads(folder));
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
    for await (const line of readSpool(descriptor)) {
      if ('thread' in line) spools.push({ descriptor, thread: line.thread, lost: (line.lost ?? '').trim() });
      break;
    }
  }
  return spools;
}

/** Child processes may exit a little after their parent. Does not wait longer for processes in the background. */
async function waitForExit(spools: readonly SpoolFile[]): Promise<void> {
  for (let waited = 0; waited < MAX_WAIT && spools.some(({ thread }) => isAlive(thread.pid)); waited += 20) {
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
  for await (const line of readSpool(descriptor)) {
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

/** Each process numbers its files from 1, as Node does. @param before those that are written */
export function chooseFile(
  thread: ThreadIdentity,
  before: readonly { readonly thread: ThreadIdentity | null }[],
  { dir, output, isMain }: Target & { isMain: boolean },
): string {
  if (output === null) {
    const earlier = before.filter((other) => other.thread?.pid === thread.pid).length;
    return path.join(dir, formatNodeFileName(thread, earlier + 1));
  }
  if (isMain) return output;
  const { name, ext } = path.parse(output);
  return path.join(dir, `${name}.${thread.pid}.${thread.thread}${ext}`);
}

/**
 * Formats a name as `node --cpu-prof` does, in local time: CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile
 * (https://nodejs.org/api/cli.html#--cpu-prof).
 */
function formatNodeFileName({ start, pid, thread }: ThreadIdentity, number: number): string {
  const date = new Date(start);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${pad(date.getMonth() + 1)}${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}${pad(date.getMinutes())}${pad(date.getSeconds())}`;
  return `CPU.${day}.${time}.${pid}.${thread}.${String(number).padStart(3, '0')}.cpuprofile`;
}
