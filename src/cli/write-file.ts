/** Writes a file whole or not at all. */

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cannotWrite } from '../base/errors.ts';
import { isWrittenInPlace, temporaryName } from '../base/recording-files.ts';
import { systemErrorCode } from '../base/system-error.ts';

/**
 * Writes beside the file and renames, so that a full disk leaves nothing under the final name, and a link is replaced and
 * not followed. A new file is the user's alone; one that exists keeps its mode. A device or pipe is written in place. Throws PstatError (`unreadable`).
 */
export async function writeFileWhole(file: string, bytes: Uint8Array): Promise<void> {
  const found = await stat(file).catch(() => null);
  try {
    if (isWrittenInPlace(file, found)) await writeFile(file, bytes);
    else await replaceFile(file, bytes, found === null ? PRIVATE_MODE : found.mode & 0o777);
  } catch (error) {
    throw cannotWrite(file, systemErrorCode(error));
  }
}

/** Creates a folder that does not exist. Throws PstatError (`unreadable`). */
export async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, systemErrorCode(error));
  }
}

/** What is written may hold the secrets of a program: paths, URLs, source text. */
export const PRIVATE_MODE = 0o600;

async function replaceFile(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const temporary = path.join(path.dirname(file), temporaryName(randomBytes(16).toString('hex')));
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode });
    await chmod(temporary, mode); // whatever the umask is
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
