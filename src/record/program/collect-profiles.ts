/** Converts spools into profiles: one .cpuprofile per recorded thread. */

import { constants, createWriteStream } from 'node:fs';
import { access, mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { cannotWrite, PstatError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import type { Microseconds } from '../../model/raw-profile.ts';
import { makeFolder } from '../profile-folder.ts';
import { readSpool, type ThreadIdentity } from './spool.ts';
import { ThreadProfile } from './thread-profile.ts';

export interface RecordedThread {
  readonly thread: ThreadIdentity;
  readonly file: string;
  readonly duration: Microseconds;
  /** The spool has no end mark: the last samples may be missing. */
  readonly isIncomplete: boolean;
}

export interface Target {
  /** The folder of the files. */
  readonly dir: string;
  /** The file of the busiest main thread; null to name all files as Node does. */
  readonly output: string | null;
}

/** Creates a temporary folder for spools. Throws PstatError if it cannot. */
export async function createSpoolFolder(): Promise<string> {
  try {
    return await mkdtemp(path.join(tmpdir(), 'pstat-record-'));
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

/** The profiles of a command's threads. */
export interface CollectedProfiles {
  /** In order of their start. */
  readonly recorded: readonly RecordedThread[];
  /** Threads that could not be recorded. */
  readonly failed: readonly { readonly thread: ThreadIdentity; readonly reason: string }[];
  /** Threads that ended before the first sample. */
  readonly empty: readonly ThreadIdentity[];
}

/** Writes the profile of each spool. Throws PstatError if a file cannot be written. */
export async function collectProfiles(spoolFolder: string, target: Target): Promise<CollectedProfiles> {
  const spools = await findSpools(spoolFolder);
  const recorded: RecordedThread[] = [];
  const failed: { thread: ThreadIdentity; reason: string }[] = [];
  const empty: ThreadIdentity[] = [];
  const main = target.output === null ? null : await findBusiestMain(spools);
  for (const { file: spool, thread } of spools) {
    const { profile, isIncomplete, error } = await readSpooledProfile(spool);
    if (error !== null) failed.push({ thread, reason: error });
    else if (profile.isEmpty) empty.push(thread);
    if (profile.isEmpty) continue;
    const file = chooseFile(thread, recorded, { ...target, isMain: spool === main });
    await writeProfile(file, profile);
    recorded.push({ thread, file, duration: profile.duration, isIncomplete });
  }
  return { recorded, failed, empty };
}

/**
 * Returns the spool of the first main thread, unless a later one is far busier: a launcher such as tsx only waits for
 * the program. Reads the spools of several main threads twice, since all profiles together may not fit into memory.
 */
async function findBusiestMain(spools: readonly SpoolFile[]): Promise<string | null> {
  const mains = spools.filter(({ thread }) => thread.thread === 0);
  const [first = spools[0], ...others] = mains;
  if (first === undefined) return null;
  if (others.length === 0) return first.file;
  let busiest = { file: first.file, samples: await countActiveSamples(first.file) };
  for (const { file } of others) {
    const samples = await countActiveSamples(file);
    if (samples > MIN_SAMPLE_RATIO * busiest.samples) busiest = { file, samples };
  }
  return busiest.file;
}

const MIN_SAMPLE_RATIO = 2;

async function countActiveSamples(spool: string): Promise<number> {
  return (await readSpooledProfile(spool)).profile.activeSampleCount;
}

async function writeProfile(file: string, profile: ThreadProfile): Promise<void> {
  try {
    await pipeline(Readable.from(profile.serialize()), createWriteStream(file));
  } catch (error) {
    throw cannotWrite(file, systemErrorCode(error));
  }
}

interface SpoolFile {
  readonly file: string;
  readonly thread: ThreadIdentity;
}

/** Lists the spools in order of their threads' start, once the recorded processes have exited. */
async function findSpools(folder: string): Promise<SpoolFile[]> {
  const spools: SpoolFile[] = [];
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    for await (const line of readSpool(file)) {
      if ('thread' in line) spools.push({ file, thread: line.thread });
      break;
    }
  }
  await waitForExit(spools);
  return spools.sort(({ thread: a }, { thread: b }) => a.start - b.start || a.pid - b.pid || a.thread - b.thread);
}

/** Child processes may exit a little after their parent. Does not wait longer for processes in the background. */
async function waitForExit(spools: readonly SpoolFile[]): Promise<void> {
  for (let waited = 0; waited < MAX_WAIT && spools.some(({ thread }) => isAlive(thread.pid)); waited += 20) {
    await setTimeout(20);
  }
}

/** ms. */
const MAX_WAIT = 1000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface SpooledProfile {
  readonly profile: ThreadProfile;
  readonly isIncomplete: boolean;
  readonly error: string | null;
}

async function readSpooledProfile(spool: string): Promise<SpooledProfile> {
  const profile = new ThreadProfile();
  let isIncomplete = true;
  let error: string | null = null;
  for await (const line of readSpool(spool)) {
    if ('chunk' in line) profile.addChunk(line.chunk);
    else if ('run' in line) profile.setRun(line.run);
    else if ('error' in line) error = line.error;
    else if ('end' in line) isIncomplete = false;
  }
  return { profile, isIncomplete, error };
}

function chooseFile(
  thread: ThreadIdentity,
  before: readonly RecordedThread[],
  { dir, output, isMain }: Target & { isMain: boolean },
): string {
  if (output === null) {
    const earlier = before.filter((other) => other.thread.pid === thread.pid).length;
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
