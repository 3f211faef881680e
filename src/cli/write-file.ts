/** Writes a file whole or not at all. */

import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cannotWrite } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';

/**
 * Writes beside the file and renames, so that a full disk leaves nothing under the final name, and a link is replaced and
 * not followed. A device or pipe is written directly. Throws PstatError (`unreadable`).
 */
export async function writeFileWhole(file: string, bytes: Uint8Array): Promise<void> {
  try {
    if (await isSpecial(file)) await writeFile(file, bytes);
    else await replaceFile(file, bytes);
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

/** Whether it exists and is a device, a pipe or a folder. */
async function isSpecial(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null);
  return stats !== null && !stats.isFile();
}

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = path.join(path.dirname(file), `.pstat-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
