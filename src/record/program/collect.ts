/** From spools to profiles: one .cpuprofile for each thread that was recorded. */

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
  /** Its end was not seen: what it did last may be missing. */
  readonly isCut: boolean;
}

export interface Target {
  /** The folder of the files. */
  readonly dir: string;
  /** The file of the main thread that worked most, or null to name it as Node does. */
  readonly output: string | null;
}

/** A new folder for spools. Throws PstatError where there can be none. */
export async function spoolFolder(): Promise<string> {
  try {
    return await mkdtemp(path.join(tmpdir(), 'pstat-record-'));
  } catch (error) {
    throw cannotWrite(tmpdir(), systemErrorCode(error));
  }
}

/** Makes the folder, and sees that files can be written there, before anything runs. Throws PstatError. */
export async function prepare({ dir, output }: Target): Promise<void> {
  const asWritten = output ?? dir;
  try {
    makeFolder(dir);
    await access(dir, constants.W_OK);
    if (output !== null && (await isFolder(output))) throw cannotWrite(output, 'EISDIR');
  } catch (error) {
    throw error instanceof PstatError ? error : cannotWrite(asWritten, systemErrorCode(error));
  }
}

async function isFolder(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isDirectory() ?? false;
}

/** What the threads of a command left. */
export interface Gathered {
  /** In order of their start, which is the order of the files. */
  readonly recorded: readonly RecordedThread[];
  /** Threads that could not be recorded, with the reason. */
  readonly refused: readonly { readonly thread: ThreadIdentity; readonly reason: string }[];
  /** Threads that ended before they spooled anything. */
  readonly unseen: readonly ThreadIdentity[];
}

/** Throws PstatError where a file cannot be written. */
export async function gather(spoolFolder: string, target: Target): Promise<Gathered> {
  const spools = await spoolsOf(spoolFolder);
  const recorded: RecordedThread[] = [];
  const refused: { thread: ThreadIdentity; reason: string }[] = [];
  const unseen: ThreadIdentity[] = [];
  const main = target.output === null ? null : await busiest(spools);
  for (const { file: spool, thread } of spools) {
    const { profile, isCut, fault } = await profileOf(spool);
    if (fault !== null) refused.push({ thread, reason: fault });
    else if (profile.isEmpty) unseen.push(thread);
    if (profile.isEmpty) continue;
    const file = fileOf(thread, recorded, { ...target, isMain: spool === main });
    await write(file, profile);
    recorded.push({ thread, file, duration: profile.duration, isCut });
  }
  return { recorded, refused, unseen };
}

/**
 * The spool of the first main thread; but a launcher (tsx, say) waits for the program, which works far more. Where there
 * are several, they are read once more for it: to hold them all could be more than memory.
 */
async function busiest(spools: readonly SpoolFile[]): Promise<string | null> {
  const mains = spools.filter(({ thread }) => thread.thread === 0);
  const [first = spools[0], ...others] = mains;
  if (first === undefined) return null;
  let most = { file: first.file, work: others.length === 0 ? 0 : (await profileOf(first.file)).profile.work };
  for (const { file } of others) {
    const { work } = (await profileOf(file)).profile;
    if (work > FAR_MORE * most.work) most = { file, work };
  }
  return most.file;
}

const FAR_MORE = 2;

async function write(file: string, profile: ThreadProfile): Promise<void> {
  try {
    await pipeline(Readable.from(profile.text()), createWriteStream(file));
  } catch (error) {
    throw cannotWrite(file, systemErrorCode(error));
  }
}

interface SpoolFile {
  readonly file: string;
  readonly thread: ThreadIdentity;
}

/** Main threads before their workers, earlier processes before later ones. */
async function spoolsOf(folder: string): Promise<SpoolFile[]> {
  const spools: SpoolFile[] = [];
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    for await (const line of readSpool(file)) {
      if ('thread' in line) spools.push({ file, thread: line.thread });
      break;
    }
  }
  await outlived(spools);
  return spools.sort(({ thread: a }, { thread: b }) => a.start - b.start || a.pid - b.pid || a.thread - b.thread);
}

/** Children may die a little later than who started them; what is left in the background is not waited for. */
async function outlived(spools: readonly SpoolFile[]): Promise<void> {
  for (let waited = 0; waited < LONGEST_WAIT && spools.some(({ thread }) => isAlive(thread.pid)); waited += 20) {
    await setTimeout(20);
  }
}

/** ms. */
const LONGEST_WAIT = 1000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface ReadSpool {
  readonly profile: ThreadProfile;
  readonly isCut: boolean;
  readonly fault: string | null;
}

async function profileOf(spool: string): Promise<ReadSpool> {
  const profile = new ThreadProfile();
  let isCut = true;
  let fault: string | null = null;
  for await (const line of readSpool(spool)) {
    if ('piece' in line) profile.add(line.piece);
    else if ('run' in line) profile.setRun(line.run);
    else if ('fault' in line) fault = line.fault;
    else if ('end' in line) isCut = false;
  }
  return { profile, isCut, fault };
}

function fileOf(
  thread: ThreadIdentity,
  before: readonly RecordedThread[],
  { dir, output, isMain }: Target & { isMain: boolean },
): string {
  if (output === null) {
    const ofProcess = before.filter((other) => other.thread.pid === thread.pid).length;
    return path.join(dir, nodeName(thread, ofProcess + 1));
  }
  if (isMain) return output;
  const { name, ext } = path.parse(output);
  return path.join(dir, `${name}.${thread.pid}.${thread.thread}${ext}`);
}

/** As `node --cpu-prof` names its files: CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile, in local time. */
function nodeName({ start, pid, thread }: ThreadIdentity, number: number): string {
  const date = new Date(start);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  return `CPU.${day}.${time}.${pid}.${thread}.${String(number).padStart(3, '0')}.cpuprofile`;
}
