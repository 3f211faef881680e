/** The files of recorded threads: their names, and how each is written. */

import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, type Stats } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cannotWrite, PstatError } from '../../base/errors.ts';
import { isWrittenInPlace, temporaryName } from '../../base/recording-files.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import { makeFolder } from '../profile-folder.ts';
import type { Turn } from '../turn.ts';
import type { ThreadIdentity } from './spool-format.ts';
import type { ThreadProfile } from './thread-profile.ts';

export interface Target {
  /** The folder of the files. */
  readonly dir: string;
  /** The file of the busiest main thread; null to name all files as Node does. */
  readonly output: string | null;
  /** Kept in the files. @default null */
  readonly turn?: Turn | null;
}

/** Creates the folder and checks that files can be written there. Called before the program runs. Throws PstatError. */
export async function prepareTarget({ dir, output }: Target): Promise<void> {
  try {
    makeFolder(dir);
    const found = output === null ? null : await find(output);
    if (output !== null && found?.isDirectory() === true) throw cannotWrite(output, 'EISDIR');
    await access(output !== null && isWrittenInPlace(output, found) ? output : dir, constants.W_OK);
  } catch (error) {
    throw error instanceof PstatError ? error : cannotWrite(output ?? dir, systemErrorCode(error));
  }
}

/** What a name leads to; null for nothing. */
function find(file: string): Promise<Stats | null> {
  return stat(file).catch(() => null);
}

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

/** Replaces a file of that name as soon as the profile is complete. Only the user can read it. */
export async function writeProfile(file: string, profile: ThreadProfile, turn: Turn | null = null): Promise<void> {
  const isInPlace = isWrittenInPlace(file, await find(file));
  const target = isInPlace ? file : path.join(path.dirname(file), temporaryName(randomBytes(16).toString('hex')));
  try {
    const flags = isInPlace ? 'w' : 'wx';
    await pipeline(Readable.from(profile.serialize(turn)), createWriteStream(target, { flags, mode: 0o600 }));
    if (!isInPlace) await rename(target, file);
  } catch (error) {
    if (!isInPlace) await rm(target, { force: true }).catch(() => {});
    throw cannotWrite(file, systemErrorCode(error));
  }
}
