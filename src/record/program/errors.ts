/** Errors of `pstat record`. */

import { PstatError, queryError } from '../../base/errors.ts';
import { escapeControls, quote } from '../../base/text.ts';

/** @param reason a system error code (`ENOENT`) */
export function cannotRun(command: string, reason: string): PstatError {
  const why =
    {
      ENOENT: 'no such program',
      ENOTDIR: 'no such program',
      EACCES: 'not a program that may be run',
      ELOOP: 'its link leads to itself',
      ENAMETOOLONG: 'the name is too long',
      E2BIG: 'its arguments are too long',
    }[reason] ?? escapeControls(reason);
  return queryError(`cannot run ${quote(command)}: ${why}`);
}

/** Why samples of a thread are missing. @param code a system error code (`ENOSPC`) */
export function unwritableReason(code: string): string {
  const why = code === 'ENOSPC' ? 'no space left in the temporary folder' : escapeControls(code);
  return `its samples could not be written (${why})`;
}

/** @param error of the operating system, or a defect of pstat: the program has run, and its exit code is kept */
export function cannotCollect(error: unknown): PstatError {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new PstatError('unreadable', `the recording cannot be read: ${escapeControls(reason)}`);
}
