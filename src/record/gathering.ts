/** From spools to profiles: one .cpuprofile for each thread that was recorded. */

import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { cannotWrite, PstatError } from '../errors.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import { readSpool, type ThreadIdentity } from './spool.ts';
import { ThreadProfile } from './thread-profile.ts';

export interface RecordedThread {
  readonly thread: ThreadIdentity;
  readonly file: string;
  readonly duration: Microseconds;
  /** It was killed: what it did last is missing. */
  readonly isCut: boolean;
}

export interface Target {
  /** The folder of the files. */
  readonly dir: string;
  /** The file of the first thread, or null to name it as Node does. */
  readonly output: string | null;
}

/** Makes the folder, and sees that files can be written there, before anything runs. Throws PstatError. */
export async function prepare({ dir, output }: Target): Promise<void> {
  const asWritten = output ?? dir;
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
    if (output !== null && (await isFolder(output))) throw cannotWrite(output, 'EISDIR');
  } catch (error) {
    throw error instanceof PstatError ? error : cannotWrite(asWritten, codeOf(error));
  }
}

async function isFolder(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isDirectory() ?? false;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** In order of their start, which is the order of the files. Throws PstatError where one cannot be written. */
export async function gather(spoolFolder: string, target: Target): Promise<RecordedThread[]> {
  const spools = await spoolsOf(spoolFolder);
  const recorded: RecordedThread[] = [];
  for (const { file: spool, thread } of spools) {
    const { profile, isCut } = await profileOf(spool);
    if (profile.isEmpty) continue;
    const file = fileOf(thread, recorded, target);
    await write(file, profile);
    recorded.push({ thread, file, duration: profile.duration, isCut });
  }
  return recorded;
}

async function write(file: string, profile: ThreadProfile): Promise<void> {
  try {
    await pipeline(Readable.from(profile.text()), createWriteStream(file));
  } catch (error) {
    throw cannotWrite(file, codeOf(error));
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

async function profileOf(spool: string): Promise<{ profile: ThreadProfile; isCut: boolean }> {
  const profile = new ThreadProfile();
  let isCut = true;
  for await (const line of readSpool(spool)) {
    if ('piece' in line) profile.add(line.piece);
    else if ('end' in line) isCut = false;
  }
  return { profile, isCut };
}

function fileOf(thread: ThreadIdentity, before: readonly RecordedThread[], { dir, output }: Target): string {
  if (output === null) {
    const ofProcess = before.filter((other) => other.thread.pid === thread.pid).length;
    return path.join(dir, nodeName(thread, ofProcess + 1));
  }
  if (before.length === 0) return output;
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
