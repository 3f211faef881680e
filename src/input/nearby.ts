/** What is on the disk beside a name, for advice on a name that leads nowhere. */

import { existsSync, fstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** False too where `node --permission` does not let pstat look. */
export function exists(name: string): boolean {
  try {
    return existsSync(name);
  } catch {
    return false;
  }
}

/** Returns the paths of the entries of the folder that a name is in, written as the name is. Empty if there is none. */
export function namesBeside(name: string): string[] {
  const folder = path.dirname(name);
  try {
    return readdirSync(folder).map((entry) =>
      folder === '.' && !name.startsWith('.') ? entry : path.join(folder, entry),
    );
  } catch {
    return [];
  }
}

/** Whether a path leads to a regular file. */
export function isFile(name: string): boolean {
  try {
    return statSync(name).isFile();
  } catch {
    return false;
  }
}

/** Whether a descriptor is of a regular file, so that reading it ends: not of a terminal, a pipe or /dev/null. */
export function isFileDescriptor(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}
