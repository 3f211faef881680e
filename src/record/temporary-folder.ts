/** Where pstat puts what it removes at its end. */

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cannotWrite } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';

/** Creates a folder, and returns its absolute name: programs change their working directory. Throws PstatError (`unreadable`). */
export function makeTemporaryFolder(prefix: string): string {
  return attempt(() => mkdtempSync(path.resolve(tmpdir(), prefix)));
}

/** The folder of all temporary files, without links. Throws PstatError (`unreadable`). */
export function findTemporaryFolder(): string {
  return attempt(() => realpathSync(tmpdir()));
}

/** TMPDIR may name anything. */
function attempt(find: () => string): string {
  try {
    return find();
  } catch (error) {
    throw cannotWrite(tmpdir(), systemErrorCode(error));
  }
}
